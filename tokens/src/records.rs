use keyfob_core::{ImportedDevice, SerialNumber};
use std::collections::HashMap;

use crate::{Format, MAX_REJECTS, Place, ReadError, RejectReason};

/// What stands in a seed file.
#[derive(Debug)]
pub struct SeedFile {
    /// Its layout.
    pub format: Format,
    /// The devices that can be used, in the file's order; no two have the same serial number.
    pub devices: Vec<Entry>,
    /// The records that can't, in the file's order.
    pub rejects: Vec<Reject>,
    /// Whether it carries a digital signature (RFC 6030 §7). This version doesn't verify one: the file is worth no more than one
    /// without.
    pub unverified_signature: bool,
}

/// A device and where it stands.
#[derive(Debug)]
pub struct Entry {
    /// Where in the file.
    pub place: Place,
    /// The device.
    pub device: ImportedDevice,
}

/// A record that can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Where in the file.
    pub place: Place,
    /// Its serial number, where it could be read and can't be a secret under the wrong heading.
    pub serial: Option<String>,
    /// Why.
    pub reason: RejectReason,
}

/// The records read so far. Of more than there may be the first are kept, and the file is refused.
pub(crate) struct Records {
    max_devices: usize,
    excess: Option<ReadError>,
    devices: Vec<Entry>,
    rejects: Vec<Reject>,
    places: HashMap<SerialNumber, Place>,
    pub(crate) unverified_signature: bool,
}

impl Records {
    pub(crate) fn new(max_devices: usize) -> Self {
        let (devices, rejects, places) = Default::default();
        Self { max_devices, excess: None, devices, rejects, places, unverified_signature: false }
    }

    /// Takes a device whose serial number has not been there before; of two with the same one the first stands.
    pub(crate) fn accept(&mut self, place: Place, device: ImportedDevice) {
        if let Some(first) = self.places.get(&device.serial).cloned() {
            self.reject(place, Some(device.serial.as_str().into()), RejectReason::DuplicateSerial { first });
            return;
        }
        if self.devices.len() == self.max_devices {
            self.excess.get_or_insert(ReadError::TooManyDevices(self.max_devices));
            return;
        }
        self.places.insert(device.serial.clone(), place.clone());
        self.devices.push(Entry { place, device });
    }

    pub(crate) fn reject(&mut self, place: Place, serial: Option<String>, reason: RejectReason) {
        if self.rejects.len() == MAX_REJECTS {
            self.excess.get_or_insert(ReadError::TooManyRejects);
            return;
        }
        self.rejects.push(Reject { place, serial, reason });
    }

    pub(crate) fn into_seed_file(self, format: Format) -> Result<SeedFile, ReadError> {
        let Self { devices, rejects, unverified_signature, excess, .. } = self;
        if let Some(excess) = excess {
            return Err(excess);
        }
        if devices.is_empty() && rejects.is_empty() {
            return Err(ReadError::NoRecords);
        }
        Ok(SeedFile { format, devices, rejects, unverified_signature })
    }
}
