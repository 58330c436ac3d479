use axum::body::Bytes;
use keyfob_authority::{AccessControl, Caller, ImportMode};
use keyfob_core::{ImportedDevice, Period, SerialNumber};
use keyfob_tokens::{Reject, SeedFile};
use serde::Serialize;

use super::Options;
use crate::answer;
use crate::error::Failure;

/// Every so many devices the progress is told.
const STEP: usize = 500;

/// Most devices that a preview shows.
const MAX_PREVIEW: usize = 1000;

/// One line of the answer.
#[derive(Serialize)]
enum Line {
    Progress(usize),
    Result(Told),
}

/// What an import did, or would do.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Told {
    imported: usize,
    known: usize,
    conflicts: Vec<Conflict>,
    rejects: Vec<ToldReject>,
    devices: Vec<Device>,
    unverified_signature: bool,
}

/// A device that is known with another secret or other parameters.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Conflict {
    serial_number: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ToldReject {
    record: String,
    serial_number: Option<String>,
    reason: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Device {
    serial_number: String,
    #[serde(rename = "Type")]
    kind: &'static str,
    algorithm: &'static str,
    digits: u8,
    period: Option<u32>,
    manufacturer: Option<String>,
    model: Option<String>,
}

/// Imports the devices of a file, all or none: a record that can't be used or a device that conflicts keeps all out, unless such are to be
/// skipped.
pub fn import(
    acts: &dyn AccessControl,
    file: SeedFile,
    options: &Options,
    caller: &Caller,
    tell: &dyn Fn(Bytes),
) -> Result<Bytes, Failure> {
    let SeedFile { devices, rejects, unverified_signature, .. } = file;
    let devices: Vec<_> = devices.into_iter().map(|entry| entry.device).collect();
    let keeps_all_out = !rejects.is_empty() && !options.skip_rejects;
    let mode = ImportMode::new(options.dry_run || keeps_all_out, options.skip_rejects);
    let mut progress = |looked_at: usize| {
        if looked_at.is_multiple_of(STEP) {
            tell_progress(looked_at, tell);
        }
    };
    let report = acts.import(&devices, mode, &mut progress, caller)?;
    let conflict_keeps_out = mode == ImportMode::AllOrNone && !report.conflicting.is_empty();
    let is_kept_out = !options.dry_run && (keeps_all_out || conflict_keeps_out);
    let shown_devices = if options.dry_run { MAX_PREVIEW } else { 0 };
    let conflict = |serial: &SerialNumber| Conflict { serial_number: serial.to_string() };
    line(&Line::Result(Told {
        imported: if is_kept_out { 0 } else { report.added.len() },
        known: report.unchanged.len(),
        conflicts: report.conflicting.iter().map(conflict).collect(),
        rejects: rejects.into_iter().map(told_reject).collect(),
        devices: devices.iter().take(shown_devices).map(shown).collect(),
        unverified_signature,
    }))
}

/// A file as a whole that is not imported.
pub fn failed(failure: &Failure, request_id: &str) -> Bytes {
    Bytes::from(format!("{}\n", answer::failed_json(failure, request_id)))
}

fn tell_progress(looked_at: usize, tell: &dyn Fn(Bytes)) {
    if let Ok(line) = line(&Line::Progress(looked_at)) {
        tell(line);
    }
}

fn line(line: &Line) -> Result<Bytes, Failure> {
    let json = serde_json::to_string(line).map_err(|error| Failure::internal(&error))?;
    Ok(Bytes::from(format!("{json}\n")))
}

fn told_reject(Reject { place, serial, reason }: Reject) -> ToldReject {
    ToldReject { record: place.to_string(), serial_number: serial, reason: reason.to_string() }
}

fn shown(device: &ImportedDevice) -> Device {
    let parameters = &device.parameters;
    Device {
        serial_number: device.serial.to_string(),
        kind: parameters.moving_factor.name(),
        algorithm: parameters.algorithm.name(),
        digits: parameters.digits.get(),
        period: parameters.moving_factor.period().map(Period::seconds),
        manufacturer: device.manufacturer.clone(),
        model: device.model.clone(),
    }
}
