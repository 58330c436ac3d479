//! Recovery codes: shown once, each good for one sign-in.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{Machine, command_line, name, refused};
use keyfob_authority::{
    Authority, Factor, IssuedRecoveryCode, LifetimeOutOfRange, RecoveryCodeLifetime, Refused,
};
use keyfob_core::{RecoveryCode, UnixTime};

fn create(machine: &Machine) -> Vec<RecoveryCode> {
    machine.authority.create_recovery_codes(&name("alice"), &command_line()).unwrap()
}

fn issue(machine: &Machine, seconds: u32) -> IssuedRecoveryCode {
    let lifetime = seconds.try_into().unwrap();
    machine.authority.issue_recovery_code(&name("alice"), lifetime, &command_line()).unwrap()
}

fn left(machine: &Machine) -> usize {
    machine.authority.account(&name("alice")).unwrap().recovery_codes
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

#[test]
fn an_issued_one_signs_in_until_the_second_of_its_end() {
    for (passed, is_good) in [(0, true), (3599, true), (3600, false), (3601, false)] {
        let (machine, _) = Machine::with_devices(1);
        let issued = issue(&machine, 3600);
        assert_eq!(issued.expires, UnixTime(machine.now() + 3600));
        assert_eq!(machine.last_event(), "issue-recovery-code done - alice - command-line");
        machine.pass(passed);
        assert_eq!(left(&machine), usize::from(is_good), "{passed}");
        let answer = machine.answer("alice", &issued.code.reveal());
        if is_good {
            assert_eq!(answer.unwrap().factor, Factor::RecoveryCode { left: 0 }, "{passed}");
            assert_eq!(refused(machine.answer("alice", &issued.code.reveal())), Refused::WrongCode);
        } else {
            assert_eq!(refused(answer), Refused::WrongCode, "{passed}");
            assert_eq!(machine.last_event(), "sign-in refused wrong-code alice - pam:sshd");
            assert_eq!(machine.authority.account(&name("alice")).unwrap().sign_in_failures, 1);
        }
    }
}

#[test]
fn an_issued_one_leaves_the_others_as_they_are() {
    let (machine, _) = Machine::with_devices(1);
    let codes = create(&machine);
    let issued = issue(&machine, 3600);
    assert_eq!(left(&machine), 11);
    assert_eq!(
        machine.answer("alice", &codes[0].reveal()).unwrap().factor,
        Factor::RecoveryCode { left: 10 }
    );
    machine.pass(60);
    assert_eq!(
        machine.answer("alice", &issued.code.reveal()).unwrap().factor,
        Factor::RecoveryCode { left: 9 }
    );
    machine.pass(3600);
    assert!(machine.answer("alice", &codes[1].reveal()).is_ok());
}

#[test]
fn an_issued_one_is_void_with_the_next_with_ten_new_ones_and_with_the_last_device() {
    let voided: [fn(&Machine); 3] = [
        |machine| drop(issue(machine, 60)),
        |machine| drop(create(machine)),
        |machine| {
            let serial = "T1".parse().unwrap();
            machine.authority.deactivate(&name("alice"), &serial, &command_line()).unwrap();
        },
    ];
    for void in voided {
        let (machine, _) = Machine::with_devices(1);
        let issued = issue(&machine, 3600);
        void(&machine);
        assert!(machine.answer("alice", &issued.code.reveal()).is_err());
    }
}

#[test]
fn an_issued_one_is_for_accounts_with_a_device() {
    let machine = Machine::new();
    let lifetime = RecoveryCodeLifetime::try_from(60).unwrap();
    let result = machine.authority.issue_recovery_code(&name("alice"), lifetime, &command_line());
    assert_eq!(refused(result), Refused::NoDevice(name("alice")));
    assert_eq!(machine.last_event(), "issue-recovery-code refused no-device alice - command-line");
}

#[test]
fn an_issued_one_lasts_from_a_minute_to_a_week() {
    let week = 7 * 24 * 60 * 60;
    for seconds in [60, week] {
        assert!(RecoveryCodeLifetime::try_from(seconds).is_ok());
    }
    for seconds in [0, 59, week + 1, u32::MAX] {
        assert_eq!(RecoveryCodeLifetime::try_from(seconds), Err(LifetimeOutOfRange));
    }
}
