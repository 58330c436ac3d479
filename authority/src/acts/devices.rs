use keyfob_core::SerialNumber;
use keyfob_store::{Act, Device, Transaction};

use super::Acts;
use super::events::Subject;
use crate::{Caller, DeviceSummary, Error, Owner, Refused};

/// All devices.
pub(crate) fn list(store: &mut dyn Transaction) -> Result<Vec<DeviceSummary>, Error> {
    let devices = store.devices()?;
    devices.into_iter().map(|device| summarise(store, device)).collect()
}

/// One device.
pub(crate) fn show(store: &mut dyn Transaction, serial: &SerialNumber) -> Result<DeviceSummary, Error> {
    let device = find(store, serial)?;
    summarise(store, device)
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
    let Device { serial, parameters, position, manufacturer, model, imported, .. } = device;
    Ok(DeviceSummary { serial, parameters, position, manufacturer, model, imported, owner })
}
