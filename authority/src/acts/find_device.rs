use keyfob_core::{AccountName, Code, PairRefusal, Refusal, SerialNumber, resynchronise, verify};
use keyfob_store::{Act, Device, DeviceFilter, Purpose, Transaction};

use super::events::Subject;
use super::failures::Counted;
use super::{Acts, Asked, devices};
use crate::{Caller, Error, Refused};

/// How many devices are held in memory at a time.
const AT_ONCE: u32 = 500;

/// Most devices that are searched: everybody's sign-in waits meanwhile.
const MOST: u32 = 20_000;

/// A code, and where two are given the one that follows it.
type Codes<'a> = (&'a Code, Option<&'a Code>);

/// Which devices show these codes. None is spent. Finding nothing counts as a wrong pair on whoever searches, and a search of somebody who
/// administers nothing on that calling user's budget in any case: it is dear, and must tell nobody much.
pub(crate) fn find(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    codes: Codes<'_>,
    caller: &Caller,
) -> Result<Vec<SerialNumber>, Error> {
    let name = asked.canonical_name();
    let subject = Subject::of_account(Act::FindDevice, name, caller);
    let checked = check(acts, store, asked, codes, caller);
    let counted = acts.note_refusal(store, subject, checked)?;
    let searched = search(acts, store, codes, caller);
    let found = acts.note_refusal(store, subject, searched)?;
    if found.is_empty() {
        acts.count_failure(store, counted, Purpose::Association, subject)?;
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

/// What failures are counted on, where a search may be made.
fn check(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    (code1, code2): Codes<'_>,
    caller: &Caller,
) -> Result<Counted, Error> {
    match code2 {
        // One code fits many devices by chance.
        None if caller.sees_own_only() => return Err(Refused::Malformed.into()),
        Some(code2) if code1.is_same_as(code2) => return Err(Refused::from(PairRefusal::SameCode).into()),
        _ => {}
    }
    let account = asked.current(store)?.ok_or_else(|| asked.unknown())?;
    let throttle = store.throttle(account.id, Purpose::Association)?;
    acts.check_tries(store, asked, caller, throttle)?.map_err(Refused::from)?;
    Ok(Counted::Account(account.id))
}

/// Every device is looked at whatever the others say.
fn search(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    codes: Codes<'_>,
    caller: &Caller,
) -> Result<Vec<SerialNumber>, Error> {
    let only_unassigned = caller.sees_own_only().then_some(false);
    let mut filter = DeviceFilter {
        after: None,
        text: None,
        is_associated: only_unassigned,
        is_software: only_unassigned,
        limit: AT_ONCE,
    };
    let (mut found, mut searched) = (Vec::new(), 0);
    loop {
        let devices = store.devices_matching(&filter)?;
        let Some(last) = devices.last() else { return Ok(found) };
        filter.after = Some(last.serial.clone());
        searched += AT_ONCE;
        if searched > MOST {
            return Err(Refused::TooManyDevices.into());
        }
        for device in devices {
            let owner = devices::owner(store, &device)?.map(|owner| owner.account);
            if shows(acts, &device, owner.as_ref(), codes)? {
                found.push(device.serial);
            }
        }
    }
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
