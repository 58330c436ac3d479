use std::collections::BTreeMap;

use keyfob_authority::{AccountSummary, Totals};
use keyfob_core::{AccountName, UnixTime};
use serde::Serialize;

use super::Call;
use super::page::cut;
use crate::answer::Outcome;
use crate::error::Failure;
use crate::time::rfc3339;
use crate::{arn, parameter};

/// A user: an account that the store knows.
#[derive(Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(clippy::struct_field_names, reason = "as AWS calls them")]
pub struct User {
    path: &'static str,
    user_name: String,
    user_id: String,
    arn: String,
    create_date: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct OneUser {
    user: User,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListUsers {
    users: Vec<User>,
    is_truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    marker: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GetAccountSummary {
    summary_map: BTreeMap<&'static str, u32>,
}

impl From<AccountSummary> for User {
    fn from(account: AccountSummary) -> Self {
        Self {
            path: "/",
            user_id: arn::user_id(&account),
            arn: arn::of_user(account.name.as_str()),
            create_date: rfc3339(account.created.unwrap_or(UnixTime(0))),
            user_name: account.name.to_string(),
        }
    }
}

/// Makes an account known.
pub fn create(call: &Call) -> Result<Outcome, Failure> {
    let name = parameter::user_name(call.query)?;
    parameter::user_path(call.query)?;
    let user = call.acts.add_account(&name, call.caller)?.into();
    call.result(&OneUser { user })
}

/// Forgets an account that has no device.
pub fn delete(call: &Call) -> Result<Outcome, Failure> {
    let name = parameter::user_name(call.query)?;
    call.acts.remove_account(&name, call.caller)?;
    Ok(Outcome::NOTHING)
}

/// Shows an account.
pub fn get(call: &Call) -> Result<Outcome, Failure> {
    let name = call.user_or_caller()?;
    let account = call.acts.account(&name)?;
    if account.created.is_none() {
        return Err(Failure::unknown_user(&name));
    }
    call.result(&OneUser { user: account.into() })
}

/// Lists the accounts. All of them have the path `/`.
pub fn list(call: &Call) -> Result<Outcome, Failure> {
    let part = parameter::part::<AccountName>(call.query)?;
    let accounts = if parameter::path_prefix_fits(call.query)? {
        call.acts.accounts_after(part.after.as_ref(), part.limit())?
    } else {
        Vec::new()
    };
    let page = cut(accounts, |account| account.name.as_str(), part.max_items);
    call.result(&ListUsers {
        users: page.items.into_iter().map(User::from).collect(),
        is_truncated: page.marker.is_some(),
        marker: page.marker,
    })
}

/// Counts users and devices.
pub fn summary(call: &Call) -> Result<Outcome, Failure> {
    let Totals { counts, root_has_device } = call.acts.totals()?;
    let summary_map = BTreeMap::from([
        ("AccountMFAEnabled", u32::from(root_has_device)),
        ("MFADevices", counts.devices),
        ("MFADevicesInUse", counts.associated),
        ("Users", counts.accounts),
    ]);
    call.result(&GetAccountSummary { summary_map })
}
