use keyfob_core::RecoveryCode;
use keyfob_store::{Account, Act, RecoveryCodes, Transaction, UnusedRecoveryCode};
use zeroize::Zeroizing;

use super::events::Subject;
use super::{Acts, Asked};
use crate::{Caller, Error, IssuedRecoveryCode, RecoveryCodeLifetime, Refused};

/// New recovery codes for an account that has a device.
pub(crate) fn create(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    caller: &Caller,
) -> Result<Vec<RecoveryCode>, Error> {
    let subject = Subject::of_account(Act::CreateRecoveryCodes, asked.canonical_name(), caller);
    let account = with_device(acts, store, asked, subject)?;
    let salt = random_salt(acts)?;
    let codes =
        (0..RecoveryCode::PER_ACCOUNT).map(|_| random_code(acts)).collect::<Result<Vec<_>, Error>>()?;
    let key = acts.key.for_recovery_codes(acts.store.store, &account.name, &salt);
    let unused =
        codes.iter().map(|code| UnusedRecoveryCode { hash: code.hash(&key), expires: None }).collect();
    store.set_recovery_codes(account.id, &RecoveryCodes { salt, unused })?;
    acts.done(store, subject, None)?;
    Ok(codes)
}

/// One more recovery code, which ends; the others stay as they are.
pub(crate) fn issue(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    lifetime: RecoveryCodeLifetime,
    caller: &Caller,
) -> Result<IssuedRecoveryCode, Error> {
    let subject = Subject::of_account(Act::IssueRecoveryCode, asked.canonical_name(), caller);
    let account = with_device(acts, store, asked, subject)?;
    let mut codes = lasting(acts, store, &account)?;
    let (code, expires) = (random_code(acts)?, lifetime.end(acts.now()));
    let hash = code.hash(&acts.key.for_recovery_codes(acts.store.store, &account.name, &codes.salt));
    codes.unused.push(UnusedRecoveryCode { hash, expires: Some(expires) });
    store.set_recovery_codes(account.id, &codes)?;
    acts.done(store, subject, None)?;
    Ok(IssuedRecoveryCode { code, expires })
}

/// The codes of an account that have no end, or an empty set with a salt of its own.
fn lasting(acts: &Acts<'_>, store: &mut dyn Transaction, account: &Account) -> Result<RecoveryCodes, Error> {
    if let Some(mut codes) = store.recovery_codes(account.id)? {
        codes.unused.retain(|code| code.expires.is_none());
        if !codes.unused.is_empty() {
            return Ok(codes);
        }
    }
    Ok(RecoveryCodes { salt: random_salt(acts)?, unused: Vec::new() })
}

/// Recovery codes are for accounts with a device: the others are not asked for a code.
fn with_device(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    subject: Subject<'_>,
) -> Result<Account, Error> {
    match asked.current(store)? {
        Some(account) if store.device_count(account.id)? > 0 => Ok(account),
        _ => Err(acts.refused(store, subject, Refused::NoDevice(asked.canonical_name().clone()))),
    }
}

/// Spends a recovery code: how many are left, or `None` where it is none of the account's.
pub(crate) fn spend(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    account: &Account,
    code: &RecoveryCode,
) -> Result<Option<usize>, Error> {
    let Some(codes) = store.recovery_codes(account.id)? else { return Ok(None) };
    let hash = code.hash(&acts.key.for_recovery_codes(acts.store.store, &account.name, &codes.salt));
    // Every hash is looked at, so that the time tells nothing.
    let known = codes.good(acts.now()).filter(|good| good.matches(&hash)).count() > 0;
    let spent = known && store.spend_recovery_code(account.id, &hash)?;
    Ok(spent.then(|| codes.good(acts.now()).count().saturating_sub(1)))
}

/// How many recovery codes an account has that still sign in.
pub(crate) fn left(acts: &Acts<'_>, store: &mut dyn Transaction, account: &Account) -> Result<usize, Error> {
    let codes = store.recovery_codes(account.id)?;
    Ok(codes.map_or(0, |codes| codes.good(acts.now()).count()))
}

fn random_salt(acts: &Acts<'_>) -> Result<[u8; 16], Error> {
    let mut salt = [0; 16];
    acts.surroundings.randomness.fill(&mut salt)?;
    Ok(salt)
}

fn random_code(acts: &Acts<'_>) -> Result<RecoveryCode, Error> {
    let mut bytes = Zeroizing::new([0; 10]);
    acts.surroundings.randomness.fill(&mut *bytes)?;
    Ok(RecoveryCode::from_random(*bytes))
}
