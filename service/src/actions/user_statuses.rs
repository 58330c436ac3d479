use keyfob_authority::{AccountStatus, AccountSummary, IssuedRecoveryCode};
use keyfob_core::{AccountName, Throttled};
use serde::Serialize;
use zeroize::Zeroizing;

use super::Call;
use super::page::cut;
use crate::answer::Outcome;
use crate::error::Failure;
use crate::parameter;
use crate::time::rfc3339;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListUserStatuses {
    users: Vec<UserStatus>,
    is_truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    marker: Option<String>,
}

/// How a user stands.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct UserStatus {
    user_name: String,
    uid: Option<u32>,
    created: Option<String>,
    serial_numbers: Vec<String>,
    recovery_codes_left: usize,
    sign_in: Tries,
    association: Tries,
    is_required: bool,
    required_from: Option<String>,
    groups: Option<Vec<String>>,
}

/// Failed tries, and what follows from them.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Tries {
    failures: u32,
    throttled_until: Option<String>,
    locked: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CreateRecoveryCodes {
    recovery_codes: Vec<Zeroizing<String>>,
    /// When a code ends that was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration: Option<String>,
}

/// Shows how a user stands.
pub fn get(call: &Call) -> Result<Outcome, Failure> {
    let name = call.user_or_caller()?;
    let status = call.acts.account_statuses(std::slice::from_ref(&name))?.pop();
    let status = status.ok_or_else(|| Failure::unknown_user(&name))?;
    call.result(&UserStatus::from(status))
}

/// Lists how all users stand. The name service is asked about those of the page only, before the store is locked.
pub fn list(call: &Call) -> Result<Outcome, Failure> {
    let part = parameter::part::<AccountName>(call.query)?;
    let accounts = call.acts.accounts_after(part.after.as_ref(), part.limit())?;
    let page = cut(accounts, |account| account.name.as_str(), part.max_items);
    let names: Vec<_> = page.items.into_iter().map(|account| account.name).collect();
    let statuses = call.acts.account_statuses(&names)?;
    call.result(&ListUserStatuses {
        users: statuses.into_iter().map(UserStatus::from).collect(),
        is_truncated: page.marker.is_some(),
        marker: page.marker,
    })
}

/// Forgives a user's failed tries.
pub fn unlock(call: &Call) -> Result<Outcome, Failure> {
    let name = parameter::user_name(call.query)?;
    call.acts.unlock_account(&name, call.caller)?;
    Ok(Outcome::NOTHING)
}

/// Makes a user's recovery codes, which are told once; earlier ones are void. With `ExpiresIn` it is one more, which ends.
pub fn create_recovery_codes(call: &Call) -> Result<Outcome, Failure> {
    let user = call.user_or_caller()?;
    if let Some(lifetime) = parameter::expires_in(call.query)? {
        let IssuedRecoveryCode { code, expires } =
            call.acts.issue_recovery_code(&user, lifetime, call.caller)?;
        let recovery_codes = vec![Zeroizing::new(code.reveal())];
        return call.result(&CreateRecoveryCodes { recovery_codes, expiration: Some(rfc3339(expires)) });
    }
    let codes = call.acts.create_recovery_codes(&user, call.caller)?;
    let recovery_codes = codes.iter().map(|code| Zeroizing::new(code.reveal())).collect();
    call.result(&CreateRecoveryCodes { recovery_codes, expiration: None })
}

impl From<AccountStatus> for UserStatus {
    fn from(AccountStatus { account, required_from, is_required, groups }: AccountStatus) -> Self {
        let AccountSummary { name, uid, created, devices, recovery_codes, .. } = account;
        Self {
            user_name: name.to_string(),
            uid,
            created: created.map(rfc3339),
            serial_numbers: devices.iter().map(ToString::to_string).collect(),
            recovery_codes_left: recovery_codes,
            sign_in: Tries::new(account.sign_in_failures, account.sign_in_throttled),
            association: Tries::new(account.association_failures, account.association_throttled),
            is_required,
            required_from: required_from.map(rfc3339),
            groups,
        }
    }
}

impl Tries {
    fn new(failures: u32, throttled: Option<Throttled>) -> Self {
        let throttled_until = match throttled {
            Some(Throttled::Until(time)) => Some(rfc3339(time)),
            Some(Throttled::Locked) | None => None,
        };
        Self { failures, throttled_until, locked: throttled == Some(Throttled::Locked) }
    }
}
