//! Recovery codes: shown once, each good for one sign-in.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{Machine, command_line, name, refused};
use keyfob_authority::{Authority, Factor, Refused};
use keyfob_core::RecoveryCode;

fn create(machine: &Machine) -> Vec<RecoveryCode> {
    machine.authority.create_recovery_codes(&name("alice"), &command_line()).unwrap()
}

#[test]
fn each_of_ten_signs_in_once() {
    let (machine, _) = Machine::with_devices(1);
    let codes = create(&machine);
    assert_eq!(codes.len(), 10);
    for (index, code) in codes.iter().enumerate() {
        let accepted = machine.answer("alice", &code.reveal()).unwrap();
        assert_eq!(accepted.factor, Factor::RecoveryCode { left: 9 - index });
        assert_eq!(machine.last_event(), "sign-in done recovery-code alice - pam:sshd");
        assert_eq!(refused(machine.answer("alice", &code.reveal())), Refused::WrongCode);
        machine.pass(60);
        machine.authority.unlock_account(&name("alice"), &command_line()).unwrap();
    }
}

#[test]
fn a_wrong_one_counts_as_a_wrong_code() {
    let (machine, _) = Machine::with_devices(1);
    create(&machine);
    assert_eq!(refused(machine.answer("alice", "aaaa-aaaa-aaaa-aaaa")), Refused::WrongCode);
    assert_eq!(machine.authority.account(&name("alice")).unwrap().sign_in_failures, 1);
}

#[test]
fn new_ones_void_the_old_ones() {
    let (machine, _) = Machine::with_devices(1);
    let old = create(&machine);
    let new = create(&machine);
    assert_eq!(refused(machine.answer("alice", &old[0].reveal())), Refused::WrongCode);
    assert!(machine.answer("alice", &new[0].reveal()).is_ok());
}

#[test]
fn the_last_device_takes_them_along() {
    let (machine, tokens) = Machine::with_devices(1);
    let codes = create(&machine);
    machine.authority.deactivate(&name("alice"), &tokens[0].serial, &command_line()).unwrap();
    machine.associate("alice", &tokens[0]).unwrap();
    assert_eq!(refused(machine.answer("alice", &codes[0].reveal())), Refused::WrongCode);
}

#[test]
fn they_are_for_accounts_with_a_device() {
    let machine = Machine::new();
    for account in ["alice", "bob"] {
        let result = machine.authority.create_recovery_codes(&name(account), &command_line());
        assert_eq!(refused(result), Refused::NoDevice(name(account)));
    }
}

#[test]
fn neither_they_nor_their_hashes_stand_in_the_clear() {
    let (machine, _) = Machine::with_devices(1);
    let code = create(&machine).remove(0);
    let everything: Vec<u8> = std::fs::read_dir(machine.files.store.parent().unwrap())
        .unwrap()
        .flat_map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect();
    let plain = code.reveal().replace('-', "");
    let found = |bytes: &[u8]| everything.windows(bytes.len()).any(|window| window == bytes);
    assert!(!found(plain.as_bytes()) && !found(code.reveal().as_bytes()));
    assert!(found(b"alice"));
}
