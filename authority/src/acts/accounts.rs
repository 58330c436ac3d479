use keyfob_core::{AccountName, CallerBudget, SerialNumber, Throttle, Throttled};
use keyfob_store::{Account, Act, Purpose, Transaction};

use super::events::Subject;
use super::{Acts, Asked, association, recovery, required};
use crate::{AccountStatus, AccountSummary, Caller, Door, Error, Refused, Totals, Unusable};

/// All accounts that the store knows.
pub(crate) fn list(acts: &Acts<'_>, store: &mut dyn Transaction) -> Result<Vec<AccountSummary>, Error> {
    let accounts = store.accounts()?;
    accounts.into_iter().map(|account| summarise(acts, store, account)).collect()
}

/// Those that the store knows whose name comes after this one.
pub(crate) fn after(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    name: Option<&AccountName>,
    limit: u32,
) -> Result<Vec<AccountSummary>, Error> {
    let accounts = store.accounts_after(name, limit)?;
    accounts.into_iter().map(|account| summarise(acts, store, account)).collect()
}

/// Those of these names that the store knows.
pub(crate) fn named(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    names: &[AccountName],
) -> Result<Vec<AccountSummary>, Error> {
    let mut known = Vec::new();
    for name in names {
        if let Some(account) = store.account(name)? {
            known.push(summarise(acts, store, account)?);
        }
    }
    Ok(known)
}

/// How many devices and accounts there are.
pub(crate) fn totals(store: &mut dyn Transaction) -> Result<Totals, Error> {
    let root = "root".parse().map_err(|_| Unusable::NoOutcome)?;
    let root_has_device = match store.account(&root)? {
        Some(root) => store.device_count(root.id)? > 0,
        None => false,
    };
    Ok(Totals { counts: store.counts()?, root_has_device })
}

/// One account, with what the policy requires of it.
pub(crate) fn status(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
) -> Result<AccountStatus, Error> {
    let required_from = required::required_from(acts.policy, asked);
    Ok(AccountStatus {
        account: show(acts, store, asked)?,
        required_from,
        is_required: required_from.is_some_and(|from| acts.now() >= from),
        groups: asked.groups.clone(),
    })
}

/// One account; one that only the name service knows has nothing yet.
pub(crate) fn show(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
) -> Result<AccountSummary, Error> {
    match (asked.stored(store)?, &asked.system) {
        (Some(account), _) => summarise(acts, store, account),
        (None, Some(system)) => Ok(AccountSummary {
            name: system.name.clone(),
            uid: Some(system.uid),
            created: None,
            devices: Vec::new(),
            recovery_codes: 0,
            sign_in_failures: 0,
            sign_in_throttled: None,
            association_failures: 0,
            association_throttled: None,
        }),
        (None, None) => Err(asked.unknown().into()),
    }
}

/// Makes an account known, or confirms that one that was made anew is still the same person's: not at the enrollment service's door, where it has to
/// be a new one, as at AWS.
pub(crate) fn add(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    caller: &Caller,
) -> Result<AccountSummary, Error> {
    let account = match asked.stored(store)? {
        None => asked.make_known(store, acts.now())?,
        Some(account) if matches!(caller.door, Door::Service { .. }) => {
            return Err(Refused::KnownAccount(account.name).into());
        }
        Some(account) if account.uid == asked.uid() => return summarise(acts, store, account),
        Some(account) => {
            store.set_uid(account.id, asked.uid())?;
            Account { uid: asked.uid(), ..account }
        }
    };
    acts.done(store, Subject::of_account(Act::AddAccount, &account.name, caller), None)?;
    summarise(acts, store, account)
}

/// Forgets an account and takes its devices from it; at the enrollment service's door they have to be taken from it before, as at AWS.
pub(crate) fn remove(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    caller: &Caller,
) -> Result<Vec<SerialNumber>, Error> {
    let account = known(store, asked)?;
    let devices = store.devices_of(account.id)?;
    if matches!(caller.door, Door::Service { .. }) && !devices.is_empty() {
        return Err(Refused::HasDevices(account.name).into());
    }
    for device in &devices {
        association::release(acts, store, &account, device)?;
        let subject = Subject::of_account(Act::Deactivate, &account.name, caller);
        acts.done(store, Subject { serial: Some(&device.serial), ..subject }, None)?;
    }
    store.remove_account(account.id)?;
    acts.done(store, Subject::of_account(Act::RemoveAccount, &account.name, caller), None)?;
    Ok(devices.into_iter().map(|device| device.serial).collect())
}

/// Forgives an account's failures, and those that its owner is held to as a calling user.
pub(crate) fn unlock(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    caller: &Caller,
) -> Result<(), Error> {
    let account = known(store, asked)?;
    for purpose in [Purpose::SignIn, Purpose::Association] {
        store.set_throttle(account.id, purpose, Throttle::default())?;
    }
    if let Some(uid) = asked.uid() {
        store.set_caller_failures(uid, CallerBudget::default())?;
    }
    acts.done(store, Subject::of_account(Act::UnlockAccount, &account.name, caller), None)
}

fn known(store: &mut dyn Transaction, asked: &Asked) -> Result<Account, Error> {
    asked.stored(store)?.ok_or_else(|| asked.unknown().into())
}

fn summarise(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    account: Account,
) -> Result<AccountSummary, Error> {
    let devices = store.devices_of(account.id)?.into_iter().map(|device| device.serial).collect();
    let recovery_codes = recovery::left(acts, store, &account)?;
    let sign_in = store.throttle(account.id, Purpose::SignIn)?;
    let association = store.throttle(account.id, Purpose::Association)?;
    let throttled =
        |throttle: Throttle| -> Option<Throttled> { throttle.check(acts.now(), acts.policy.throttle).err() };
    Ok(AccountSummary {
        name: account.name,
        uid: account.uid,
        created: Some(account.created),
        devices,
        recovery_codes,
        sign_in_failures: sign_in.failures,
        sign_in_throttled: throttled(sign_in),
        association_failures: association.failures,
        association_throttled: throttled(association),
    })
}
