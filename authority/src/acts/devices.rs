use std::collections::BTreeSet;

use keyfob_core::SerialNumber;
use keyfob_store::{Act, Device, DeviceFilter, DeviceId, Origin, StoredDrift, Transaction};

use super::events::Subject;
use super::{Acts, Asked};
use crate::{Caller, DeviceSummary, Error, Owner, Refused};

/// Most tags of a device (AWS's limit).
const MAX_TAGS: usize = 50;

/// All devices.
pub(crate) fn list(store: &mut dyn Transaction) -> Result<Vec<DeviceSummary>, Error> {
    let devices = store.devices()?;
    devices.into_iter().map(|device| summarise(store, device)).collect()
}

/// Those that fit.
pub(crate) fn matching(
    store: &mut dyn Transaction,
    filter: &DeviceFilter,
) -> Result<Vec<DeviceSummary>, Error> {
    let devices = store.devices_matching(filter)?;
    devices.into_iter().map(|device| summarise(store, device)).collect()
}

/// How a device's clock has moved.
pub(crate) fn drifts(store: &mut dyn Transaction, serial: &SerialNumber) -> Result<Vec<StoredDrift>, Error> {
    let device = find(store, serial)?;
    Ok(store.drifts(device.id)?)
}

/// One device, by its serial number as a person types it.
pub(crate) fn show(store: &mut dyn Transaction, serial: &SerialNumber) -> Result<DeviceSummary, Error> {
    let device = store.device_as_typed(serial)?;
    summarise(store, device.ok_or_else(|| Refused::UnknownSerialNumber(serial.clone()))?)
}

/// An account's devices.
pub(crate) fn list_of(store: &mut dyn Transaction, asked: &Asked) -> Result<Vec<DeviceSummary>, Error> {
    match asked.stored(store)? {
        Some(account) => {
            store.devices_of(account.id)?.into_iter().map(|device| summarise(store, device)).collect()
        }
        None if asked.system.is_some() => Ok(Vec::new()),
        None => Err(asked.unknown().into()),
    }
}

/// Forgets a device that nobody has.
pub(crate) fn remove(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    serial: &SerialNumber,
    caller: &Caller,
) -> Result<(), Error> {
    let subject = Subject { act: Act::RemoveDevice, account: None, serial: Some(serial), caller };
    let device = find(store, serial)?;
    if let Some(owner) = owner(store, &device)? {
        let taken = Refused::Taken { serial: serial.clone(), owner: owner.account };
        return Err(acts.refused(store, subject, taken));
    }
    store.remove_device(device.id)?;
    acts.done(store, subject, None)
}

/// Puts tags on a device.
pub(crate) fn tag(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    serial: &SerialNumber,
    tags: &[(String, String)],
    caller: &Caller,
) -> Result<(), Error> {
    let subject = Subject { act: Act::TagDevice, account: None, serial: Some(serial), caller };
    let device = find(store, serial)?;
    let tagged = set_tags(store, device.id, serial, tags);
    acts.note_refusal(store, subject, tagged)?;
    acts.done(store, subject, None)
}

/// Takes tags from a device.
pub(crate) fn untag(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    serial: &SerialNumber,
    keys: &[String],
    caller: &Caller,
) -> Result<(), Error> {
    let device = find(store, serial)?;
    keys.iter().try_for_each(|key| store.remove_tag(device.id, key))?;
    acts.done(store, Subject { act: Act::UntagDevice, account: None, serial: Some(serial), caller }, None)
}

/// Sets tags, if there are not too many then.
pub(crate) fn set_tags(
    store: &mut dyn Transaction,
    device: DeviceId,
    serial: &SerialNumber,
    tags: &[(String, String)],
) -> Result<(), Error> {
    let before = store.tags(device)?;
    let keys: BTreeSet<_> = before.iter().chain(tags).map(|(key, _)| key).collect();
    if keys.len() > MAX_TAGS {
        return Err(Refused::TagLimit(serial.clone()).into());
    }
    Ok(tags.iter().try_for_each(|(key, value)| store.set_tag(device, key, value))?)
}

/// The stored device, or the refusal that names its serial number.
pub(crate) fn find(store: &mut dyn Transaction, serial: &SerialNumber) -> Result<Device, Error> {
    store.device(serial)?.ok_or_else(|| Refused::UnknownSerialNumber(serial.clone()).into())
}

/// Who has a device.
pub(crate) fn owner(store: &mut dyn Transaction, device: &Device) -> Result<Option<Owner>, Error> {
    let Some(association) = device.association else { return Ok(None) };
    let account = store.account_by_id(association.account)?;
    Ok(Some(Owner { account: account.name, since: association.since }))
}

fn summarise(store: &mut dyn Transaction, device: Device) -> Result<DeviceSummary, Error> {
    let owner = owner(store, &device)?;
    let tags = store.tags(device.id)?;
    let Device {
        serial,
        parameters,
        position,
        manufacturer,
        model,
        expires,
        imported,
        last_used,
        origin,
        ..
    } = device;
    let is_software = matches!(origin, Origin::Software { .. });
    Ok(DeviceSummary {
        serial,
        parameters,
        position,
        manufacturer,
        model,
        expires,
        imported,
        owner,
        last_used,
        is_software,
        tags,
    })
}
