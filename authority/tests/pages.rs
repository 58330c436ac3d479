//! How many pages of the store an act writes: what nobody may notice must not cost more.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use std::fs;

use common::{Machine, pam, refused};

/// The salt of the store's log, and how many of its frames are the log's.
fn log(machine: &Machine) -> (Vec<u8>, usize) {
    let log = fs::read(machine.files.store.with_extension("db-wal")).unwrap();
    let page = usize::try_from(u32::from_be_bytes(log[8..12].try_into().unwrap())).unwrap();
    let salt = log[16..24].to_vec();
    let frames = log[32..].chunks_exact(24 + page).take_while(|frame| frame[8..16] == salt).count();
    (salt, frames)
}

/// Pages that an act writes. Acts in which the log starts again are not looked at.
fn pages(machine: &Machine, act: impl Fn()) -> usize {
    loop {
        let (salt, before) = log(machine);
        act();
        let (salt_after, after) = log(machine);
        if salt == salt_after {
            return after - before;
        }
    }
}

#[test]
fn a_sign_in_without_notices_writes_the_device_and_the_event() {
    let (machine, tokens) = Machine::with_devices(1);
    let sign_in = || {
        machine.pass(30);
        assert!(machine.answer("alice", &tokens[0].code(machine.now())).is_ok());
    };
    sign_in();
    let written = pages(&machine, sign_in);
    assert_eq!(written, 2);
}

#[test]
fn a_wrong_code_writes_as_much_whoever_it_is_for() {
    let (machine, tokens) = Machine::with_devices(1);
    let policy = &machine.files.policy;
    fs::write(policy, "[sign_in]\nrequired = \"everybody\"\n[throttle]\ndelay_seconds = 0\n").unwrap();
    let wrong = |account: &str| {
        let caller = pam("sshd", "192.0.2.7", 0);
        let name = common::name(account);
        let code = tokens[0].wrong_code(machine.now());
        let _ = refused(keyfob_authority::Authority::answer(&machine.authority, &name, &code, &caller));
    };
    let written = ["alice", "bob", "mallory"].map(|account| {
        wrong(account);
        pages(&machine, || wrong(account))
    });
    assert_eq!(written, [3, 3, 3]);
}
