use std::collections::BTreeSet;

use keyfob_core::{AccountName, ImportedDevice};
use keyfob_store::{Act, Device, NewDevice, Origin, Transaction};

use super::events::Subject;
use super::{Acts, devices};
use crate::sealing::Identity;
use crate::{Caller, Error, ImportMode, ImportReport};

/// How an imported device stands to the store.
enum Standing {
    New,
    Unchanged,
    Conflicting,
}

/// Adds what is new. Known devices keep their position, so that no counter goes back.
pub(crate) fn import(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    imported: &[ImportedDevice],
    mode: ImportMode,
    progress: &mut dyn FnMut(usize),
    caller: &Caller,
) -> Result<ImportReport, Error> {
    let mut report = ImportReport::default();
    let mut new = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, device) in imported.iter().enumerate() {
        let standing =
            if seen.insert(&device.serial) { compare(acts, store, device)? } else { Standing::Conflicting };
        match standing {
            Standing::New => new.push(device),
            Standing::Unchanged => report.unchanged.push(device.serial.clone()),
            Standing::Conflicting => report.conflicting.push(device.serial.clone()),
        }
        progress(index + 1);
    }
    let conflicting: BTreeSet<_> = report.conflicting.drain(..).collect();
    // Of those that stand twice in the file not even the first: which one is right is anybody's guess.
    new.retain(|device| !conflicting.contains(&device.serial));
    report.conflicting = conflicting.into_iter().collect();
    report.added = new.iter().map(|device| device.serial.clone()).collect();
    let are_added = match mode {
        ImportMode::DryRun => false,
        ImportMode::AllOrNone => report.conflicting.is_empty(),
        ImportMode::SkipConflicts => true,
    };
    if are_added && !new.is_empty() {
        add(acts, store, &new, caller)?;
    }
    Ok(report)
}

fn compare(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    imported: &ImportedDevice,
) -> Result<Standing, Error> {
    let Some(known) = store.device(&imported.serial)? else { return Ok(Standing::New) };
    let owner = devices::owner(store, &known)?.map(|owner| owner.account);
    let same =
        known.parameters == imported.parameters && same_secret(acts, &known, owner.as_ref(), imported)?;
    Ok(if same { Standing::Unchanged } else { Standing::Conflicting })
}

fn same_secret(
    acts: &Acts<'_>,
    known: &Device,
    owner: Option<&AccountName>,
    imported: &ImportedDevice,
) -> Result<bool, Error> {
    Ok(acts.unseal(known, owner)?.expose() == imported.secret.expose())
}

/// One event for the whole file, so that a large one does not push the log's past out.
fn add(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    new: &[&ImportedDevice],
    caller: &Caller,
) -> Result<(), Error> {
    let now = acts.now();
    for device in new {
        let sealed = seal(acts, store, device)?;
        store.add_device(&sealed, now)?;
    }
    let serial = if let [device] = new { Some(&device.serial) } else { None };
    acts.done(store, Subject { act: Act::ImportDevice, account: None, serial, caller }, None)
}

fn seal(acts: &Acts<'_>, store: &mut dyn Transaction, device: &ImportedDevice) -> Result<NewDevice, Error> {
    let ImportedDevice { serial, secret, parameters, position, manufacturer, model, expires } = device;
    let id = store.next_device_id()?;
    let identity = Identity { device: id, serial, parameters, generation: 0, account: None };
    Ok(NewDevice {
        id,
        sealed: acts.sealer().seal(secret, &identity, &*acts.surroundings.randomness)?,
        serial: serial.clone(),
        parameters: *parameters,
        position: *position,
        manufacturer: manufacturer.clone(),
        model: model.clone(),
        expires: *expires,
        origin: Origin::Imported,
    })
}
