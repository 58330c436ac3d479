use std::collections::HashSet;

use indicatif::{ProgressBar, ProgressStyle};
use keyfob_authority::{ImportMode, ImportReport};
use keyfob_core::{ImportedDevice, SerialNumber};
use keyfob_tokens::{Entry, Place, Reject};

use super::{CALLER, Context};
use crate::args::Import;
use crate::exit::{Failure, say};
use crate::output::{count, printable};
use crate::seed_file;

/// From how many devices on an import takes long enough to show its progress.
const LONG_IMPORT: usize = 500;

pub fn run(context: &mut Context, options: &Import) -> Result<(), Failure> {
    let file = seed_file::read(&options.file, options.format)?;
    if file.unverified_signature {
        say(
            "the file carries a digital signature, which this version does not verify: trust it as a file without one",
        );
    }
    name_rejects(&file.rejects);
    if !file.rejects.is_empty() && !options.skip_rejects {
        return Err(Failure::NothingImported(file.rejects.len()));
    }
    let (report, conflicts) = import(context, file.devices, options)?;
    writeln!(context.out, "{}", summary(&report, options.dry_run))?;
    match file.rejects.len() + conflicts {
        0 => Ok(()),
        left_out => Err(Failure::RejectsLeftOut(left_out)),
    }
}

fn name_rejects(rejects: &[Reject]) {
    for Reject { place, serial, reason } in rejects {
        let serial = serial.as_ref().map(|serial| format!(" (serial number {serial})")).unwrap_or_default();
        say(&printable(&format!("{place}{serial}: {reason}")));
    }
}

/// Imports the devices; with `--skip-rejects` without those that are known otherwise, and says how many these
/// are.
fn import(
    context: &Context,
    entries: Vec<Entry>,
    options: &Import,
) -> Result<(ImportReport, usize), Failure> {
    let (places, devices): (Vec<_>, Vec<_>) =
        entries.into_iter().map(|entry| (entry.place, entry.device)).unzip();
    let report = import_all(context, &devices, options)?;
    let conflicting: HashSet<_> = report.conflicting.iter().collect();
    let is_conflicting = |device: &ImportedDevice| conflicting.contains(&device.serial);
    for (place, device) in places.iter().zip(&devices).filter(|(_, device)| is_conflicting(device)) {
        name_conflict(place, &device.serial);
    }
    let conflicts = conflicting.len();
    if conflicts > 0 && !options.skip_rejects {
        return Err(Failure::NothingImported(conflicts));
    }
    Ok((report, conflicts))
}

fn name_conflict(place: &Place, serial: &SerialNumber) {
    say(&printable(&format!(
        "{place}: the device {serial} is known with another secret or other parameters, which `keyfob device show {serial}` shows"
    )));
}

fn import_all(
    context: &Context,
    devices: &[ImportedDevice],
    options: &Import,
) -> Result<ImportReport, Failure> {
    let bar = progress_bar(devices.len());
    bar.tick();
    let mode = ImportMode::new(options.dry_run, options.skip_rejects);
    let mut progress = |looked_at: usize| bar.set_position(looked_at as u64);
    let report = context.authority.import(devices, mode, &mut progress, &CALLER);
    bar.finish_and_clear();
    Ok(report?)
}

/// Shown on standard error, where that is a terminal.
fn progress_bar(devices: usize) -> ProgressBar {
    if devices < LONG_IMPORT {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} devices, {eta} left");
    ProgressBar::new(devices as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn summary(report: &ImportReport, dry_run: bool) -> String {
    let (added, known) = (report.added.len(), report.unchanged.len());
    let verb = if dry_run { "Would import" } else { "Imported" };
    match (added, known) {
        (0, 0) => "Nothing to do: no device is left to import.".into(),
        (0, 1) => "Nothing to do: the device is known already.".into(),
        (0, _) => format!("Nothing to do: all {} are known already.", count(known, "device")),
        (_, 0) => format!("{verb} {}.", count(added, "device")),
        (_, 1) => format!("{verb} {}; one is known already.", count(added, "device")),
        _ => format!("{verb} {}; {known} are known already.", count(added, "device")),
    }
}
