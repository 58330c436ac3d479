//! The audit log: what it keeps, for how long, and that nothing from outside can spoil it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use std::fs;

use common::{Machine, name, refused};
use keyfob_authority::{Authority, Caller, Door, EventFilter};

#[test]
fn what_comes_from_outside_is_escaped_and_cut() {
    let (machine, tokens) = Machine::with_devices(1);
    let caller = Caller {
        door: Door::Pam { service: "sshd\n\u{1b}[2J".into() },
        remote: Some(format!("\u{202e}evil\r{}", "x".repeat(4000))),
        uid: 0,
    };
    let _ = refused(machine.authority.answer(&name("alice"), &tokens[0].wrong_code(machine.now()), &caller));
    let event = machine.events().pop().unwrap();
    assert_eq!(event.door, "pam:sshd\\u{a}\\u{1b}[2J");
    let remote = event.remote.unwrap();
    assert!(remote.starts_with("\\u{202e}evil\\u{d}x") && remote.len() == 256, "{remote}");
}

#[test]
fn no_event_holds_a_code() {
    let (machine, tokens) = Machine::with_devices(1);
    let (right, wrong) = (tokens[0].code(machine.now()), tokens[0].wrong_code(machine.now()));
    let _ = refused(machine.answer("alice", &wrong));
    assert!(machine.answer("alice", &right).is_ok());
    let _ = refused(machine.answer("alice", &right));
    let log = format!("{:?}", machine.events());
    assert!(!log.contains(&right) && !log.contains(&wrong), "{log}");
    assert!(log.contains("wrong-code") && log.contains("192.0.2.7"), "{log}");
}

#[test]
fn events_are_found_by_account_device_and_number() {
    let (machine, tokens) = Machine::with_devices(2);
    assert!(machine.answer("alice", &tokens[1].code(machine.now())).is_ok());
    let events = |filter: EventFilter| machine.authority.events(&filter).unwrap();
    let all = machine.events();
    assert_eq!(all.len(), 5);
    let by_serial = events(EventFilter { serial: Some(tokens[1].serial.clone()), ..EventFilter::default() });
    assert_eq!(by_serial.len(), 3);
    let by_account = events(EventFilter { account: Some(name("alice")), ..EventFilter::default() });
    assert_eq!(by_account.len(), 3);
    let after = events(EventFilter { after: Some(all[3].id), ..EventFilter::default() });
    assert_eq!(after, all[4..]);
}

#[test]
fn old_events_and_those_over_the_size_go() {
    let (machine, tokens) = Machine::with_devices(1);
    fs::write(&machine.files.policy, "[log]\nkeep_days = 1\nsize_mib = 1\n").unwrap();
    machine.pass(2 * 24 * 60 * 60);
    let used = tokens[0].code(machine.now());
    assert!(machine.answer("alice", &used).is_ok());
    let again = |times: u64| (0..times).for_each(|_| drop(refused(machine.answer("alice", &used))));
    // They go with every eighth event: import and association are two days old, the sign-in is not.
    again(4);
    assert_eq!(machine.events().len(), 7);
    again(1);
    assert_eq!(machine.events().len(), 6);
    again(1096);
    assert_eq!(machine.events().len(), 1024);
}
