use keyfob_core::RecoveryCode;
use keyfob_store::{Account, Act, RecoveryCodes, Transaction};
use zeroize::Zeroizing;

use super::events::Subject;
use super::{Acts, Asked};
use crate::{Caller, Error, Refused};

/// New recovery codes for an account that has a device.
pub(crate) fn create(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    caller: &Caller,
) -> Result<Vec<RecoveryCode>, Error> {
    let name = asked.canonical_name();
    let subject = Subject { act: Act::CreateRecoveryCodes, account: Some(name), serial: None, caller };
    let account = match asked.current(store)? {
        Some(account) if store.device_count(account.id)? > 0 => account,
        _ => return Err(acts.refused(store, subject, Refused::NoDevice(name.clone()))),
    };
    let mut salt = [0; 16];
    acts.surroundings.randomness.fill(&mut salt)?;
    let codes =
        (0..RecoveryCode::PER_ACCOUNT).map(|_| random_code(acts)).collect::<Result<Vec<_>, Error>>()?;
    let key = acts.key.for_recovery_codes(acts.store.store, &account.name, &salt);
    let unused = codes.iter().map(|code| code.hash(&key)).collect();
    store.set_recovery_codes(account.id, &RecoveryCodes { salt, unused })?;
    acts.done(store, subject, None)?;
    Ok(codes)
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
    let known = codes.unused.iter().filter(|unused| unused.matches(&hash)).count() > 0;
    let spent = known && store.spend_recovery_code(account.id, &hash)?;
    Ok(spent.then(|| codes.unused.len().saturating_sub(1)))
}

fn random_code(acts: &Acts<'_>) -> Result<RecoveryCode, Error> {
    let mut bytes = Zeroizing::new([0; 10]);
    acts.surroundings.randomness.fill(&mut *bytes)?;
    Ok(RecoveryCode::from_random(*bytes))
}
