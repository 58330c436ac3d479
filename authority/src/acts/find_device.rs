//! Devices found by their codes, some hundred in each transaction: everybody's sign-in waits for a few milliseconds at a time.

use keyfob_core::{AccountName, Code, PairRefusal, Refusal, SerialNumber, resynchronise, verify};
use keyfob_store::{Account, Act, Device, DeviceFilter, Purpose, Transaction};

use super::events::Subject;
use super::failures::Counted;
use super::{Acts, Asked, devices};
use crate::{Caller, Error, Refused, SearchPlace, Searched};

/// How many devices are searched in one transaction.
const AT_ONCE: u32 = 500;

/// Most devices that are searched.
const MOST: u32 = 20_000;

/// A code, and where two are given the one that follows it.
pub(crate) type Codes<'a> = (&'a Code, Option<&'a Code>);

/// Whether this search may be made. One at a time may be, or many at once would be a way around the throttle: it counts in the end.
pub(crate) fn begin(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    codes: Codes<'_>,
    caller: &Caller,
) -> Result<(), Error> {
    let checked = check(acts, store, asked, codes, caller);
    acts.note_refusal(store, subject(asked, caller), checked)
}

/// Which of the next devices show these codes. None is spent.
pub(crate) fn search(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    (codes, place): (Codes<'_>, &SearchPlace),
    caller: &Caller,
) -> Result<Searched, Error> {
    let only_unassigned = caller.sees_own_only().then_some(false);
    let devices = store.devices_matching(&DeviceFilter {
        after: place.after.clone(),
        text: None,
        is_associated: only_unassigned,
        is_software: only_unassigned,
        limit: AT_ONCE,
    })?;
    let Some(last) = devices.last() else { return Ok(Searched::default()) };
    let next = SearchPlace { after: Some(last.serial.clone()), searched: place.searched + AT_ONCE };
    if next.searched > MOST {
        return Err(acts.refused(store, subject(asked, caller), Refused::TooManyDevices));
    }
    let mut found = Vec::new();
    // Every device is looked at whatever the others say.
    for device in devices {
        let owner = devices::owner(store, &device)?.map(|owner| owner.account);
        if shows(acts, &device, owner.as_ref(), codes)? {
            found.push(device.serial);
        }
    }
    Ok(Searched { found, next: Some(next) })
}

/// What is told in the end. Finding nothing counts as a wrong pair on whoever searches, and a search of somebody who administers nothing on
/// that calling user's budget in any case: it is dear, and must tell nobody much.
pub(crate) fn end(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    found: Vec<SerialNumber>,
    caller: &Caller,
) -> Result<Vec<SerialNumber>, Error> {
    let subject = subject(asked, caller);
    let account = account(store, asked);
    let account = acts.note_refusal(store, subject, account)?;
    if found.is_empty() {
        acts.count_failure(store, Counted::Account(account.id), Purpose::Association, subject)?;
        return Err(acts.refused(store, subject, Refused::from(PairRefusal::Wrong)));
    }
    if caller.sees_own_only() {
        let budget = store.caller_failures(caller.uid)?.after_failure(acts.now(), acts.policy.caller);
        store.set_caller_failures(caller.uid, budget)?;
    }
    let serial = if let [serial] = found.as_slice() { Some(serial) } else { None };
    acts.done(store, Subject { serial, ..subject }, None)?;
    Ok(found)
}

fn subject<'a>(asked: &'a Asked, caller: &'a Caller) -> Subject<'a> {
    Subject::of_account(Act::FindDevice, asked.canonical_name(), caller)
}

fn check(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    (code1, code2): Codes<'_>,
    caller: &Caller,
) -> Result<(), Error> {
    match code2 {
        // One code fits many devices by chance.
        None if caller.sees_own_only() => return Err(Refused::Malformed.into()),
        Some(code2) if code1.is_same_as(code2) => return Err(Refused::from(PairRefusal::SameCode).into()),
        _ => {}
    }
    let account = account(store, asked)?;
    let throttle = store.throttle(account.id, Purpose::Association)?;
    Ok(acts.check_tries(store, asked, caller, throttle)?.map_err(Refused::from)?)
}

/// On whom failures are counted.
fn account(store: &mut dyn Transaction, asked: &Asked) -> Result<Account, Error> {
    asked.current(store)?.ok_or_else(|| asked.unknown().into())
}

/// Codes that were used before show the device all the same.
fn shows(
    acts: &Acts<'_>,
    device: &Device,
    owner: Option<&AccountName>,
    (code1, code2): Codes<'_>,
) -> Result<bool, Error> {
    if device.parameters.digits != code1.digits() {
        return Ok(false);
    }
    let secret = acts.unseal(device, owner)?;
    let device = keyfob_core::Device::new(&secret, device.parameters, device.position);
    let (now, policy) = (acts.now(), acts.policy);
    Ok(match code2 {
        None => {
            let found = verify(&device, code1, now, policy.verify_window);
            matches!(found, Ok(_) | Err(Refusal::AlreadyUsed))
        }
        Some(code2) => {
            let found = resynchronise(&device, code1, code2, now, policy.sign_in_resync_range);
            matches!(found, Ok(_) | Err(PairRefusal::AlreadyUsed | PairRefusal::TooFarOff))
        }
    })
}
