//! Importing devices.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{Machine, Token, command_line};
use keyfob_authority::{Authority, ImportMode, ImportReport};
use keyfob_core::{Digits, ImportedDevice, SerialNumber};

fn import(machine: &Machine, devices: &[ImportedDevice], mode: ImportMode) -> ImportReport {
    machine.authority.import(devices, mode, &mut |_| {}, &command_line()).unwrap()
}

fn batch() -> Vec<ImportedDevice> {
    (1..=5).map(|number| Token::new(&format!("T{number}"), number).imported()).collect()
}

fn serials(devices: &[ImportedDevice]) -> Vec<SerialNumber> {
    devices.iter().map(|device| device.serial.clone()).collect()
}

#[test]
fn new_devices_are_added_and_counted() {
    let machine = Machine::new();
    let mut looked_at = Vec::new();
    let report = machine
        .authority
        .import(&batch(), ImportMode::AllOrNone, &mut |count| looked_at.push(count), &command_line())
        .unwrap();
    assert_eq!(report, ImportReport { added: serials(&batch()), ..ImportReport::default() });
    assert_eq!(looked_at, [1, 2, 3, 4, 5]);
    assert_eq!(machine.authority.devices().unwrap().len(), 5);
    assert_eq!(machine.last_event(), "import-device done - - - command-line");
}

#[test]
fn importing_again_changes_nothing_and_says_so() {
    let (machine, tokens) = Machine::with_devices(1);
    import(&machine, &batch()[1..], ImportMode::AllOrNone);
    assert!(machine.answer("alice", &tokens[0].code(machine.now())).is_ok());
    let (devices, events) = (machine.authority.devices().unwrap(), machine.events());
    let report = import(&machine, &batch(), ImportMode::AllOrNone);
    assert_eq!(report, ImportReport { unchanged: serials(&batch()), ..ImportReport::default() });
    assert_eq!((machine.authority.devices().unwrap(), machine.events()), (devices, events));
}

#[test]
fn a_dry_run_says_what_would_happen() {
    let machine = Machine::new();
    assert_eq!(import(&machine, &batch(), ImportMode::DryRun).added.len(), 5);
    assert!(machine.authority.devices().unwrap().is_empty() && machine.events().is_empty());
}

#[test]
fn one_conflict_keeps_the_whole_file_out() {
    let other_secret = Token::new("T1", 77).imported();
    let mut other_digits = batch().remove(0);
    other_digits.parameters.digits = Digits::new(8).unwrap();
    for changed in [other_secret, other_digits] {
        let machine = Machine::new();
        import(&machine, &batch()[..1], ImportMode::AllOrNone);
        let mut devices = batch();
        devices[0] = changed;
        let report = import(&machine, &devices, ImportMode::AllOrNone);
        assert_eq!(report.conflicting, serials(&devices[..1]));
        assert_eq!(report.added.len(), 4);
        assert_eq!(machine.authority.devices().unwrap().len(), 1);
    }
}

#[test]
fn a_serial_number_twice_in_a_file_is_a_conflict() {
    let machine = Machine::new();
    let mut devices = batch();
    devices[4].serial = devices[0].serial.clone();
    assert_eq!(import(&machine, &devices, ImportMode::AllOrNone).conflicting, serials(&devices[..1]));
    assert!(machine.authority.devices().unwrap().is_empty());
}

#[test]
fn conflicts_are_skipped_where_that_is_wanted() {
    let machine = Machine::new();
    import(&machine, &batch()[..1], ImportMode::AllOrNone);
    let mut devices = batch();
    devices[0] = Token::new("T1", 77).imported();
    devices[4].serial = devices[3].serial.clone();
    let added = serials(&devices[1..3]);
    let report = import(&machine, &devices, ImportMode::SkipConflicts);
    let conflicting = vec![devices[0].serial.clone(), devices[3].serial.clone()];
    assert_eq!(report, ImportReport { added: added.clone(), conflicting, ..ImportReport::default() });
    let known: Vec<_> =
        machine.authority.devices().unwrap().into_iter().map(|device| device.serial).collect();
    assert_eq!(known, [serials(&devices[..1]), added].concat());
}
