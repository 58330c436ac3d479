//! Finding a device again in the middle of a sign-in, by two consecutive codes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{Machine, Token, name, refused, sshd};
use keyfob_authority::{Authority, Error, Refused};
use keyfob_core::{PairRefusal, SerialNumber, Throttled};

fn resync(machine: &Machine, token: &Token, time1: u64, time2: u64) -> Result<SerialNumber, Error> {
    let pair = token.pair(time1, time2);
    machine.authority.resynchronise_at_sign_in(&name("alice"), &pair.code1, &pair.code2, &sshd())
}

fn wrong_pair(machine: &Machine, token: &Token) -> Result<SerialNumber, Error> {
    let (wrong, right) = (token.wrong_code(machine.now()), token.code(machine.now()));
    let pair = token.submission(&wrong, &right);
    machine.authority.resynchronise_at_sign_in(&name("alice"), &pair.code1, &pair.code2, &sshd())
}

#[test]
fn each_of_the_devices_is_found_and_neither_code_signs_in() {
    let (machine, tokens) = Machine::with_devices(3);
    for token in &tokens {
        // The token is 150 s ahead, where no single code is accepted.
        let ahead = machine.now() + 150;
        assert_eq!(resync(&machine, token, ahead - 30, ahead).unwrap(), token.serial);
        assert_eq!(machine.last_event(), format!("resync done - alice {} pam:sshd", token.serial));
        for code in [token.code(ahead - 30), token.code(ahead)] {
            assert_eq!(refused(machine.answer("alice", &code)), Refused::AlreadyUsed);
        }
        assert!(machine.answer("alice", &token.code(ahead + 30)).is_ok());
    }
}

#[test]
fn only_the_narrow_range_is_searched() {
    let (machine, tokens) = Machine::with_devices(1);
    assert!(machine.answer("alice", &tokens[0].code(machine.now())).is_ok());
    machine.pass(3600);
    for (steps, good) in [(12, false), (10, true)] {
        let ahead = machine.now() + steps * 30;
        let result = resync(&machine, &tokens[0], ahead - 30, ahead);
        assert_eq!(result.is_ok(), good, "{steps}");
    }
}

#[test]
fn it_forgives_both_counts() {
    let (machine, tokens) = Machine::with_devices(1);
    let _ = refused(machine.answer("alice", &tokens[0].wrong_code(machine.now())));
    assert_eq!(refused(wrong_pair(&machine, &tokens[0])), Refused::Pair(PairRefusal::Wrong));
    let account = machine.authority.account(&name("alice")).unwrap();
    assert_eq!((account.sign_in_failures, account.association_failures), (1, 1));
    assert!(resync(&machine, &tokens[0], machine.now() - 30, machine.now()).is_ok());
    let account = machine.authority.account(&name("alice")).unwrap();
    assert_eq!((account.sign_in_failures, account.association_failures), (0, 0));
}

#[test]
fn either_throttle_keeps_it_from_being_tried() {
    let wrong_codes = |machine: &Machine, token: &Token| {
        let _ = refused(machine.answer("alice", &token.wrong_code(machine.now())));
    };
    let wrong_pairs = |machine: &Machine, token: &Token| {
        let _ = refused(wrong_pair(machine, token));
    };
    for fail in [&wrong_codes as &dyn Fn(&Machine, &Token), &wrong_pairs] {
        let (machine, tokens) = Machine::with_devices(1);
        let right = |time| resync(&machine, &tokens[0], time - 30, time);
        (0..3).for_each(|_| fail(&machine, &tokens[0]));
        let throttled = refused(right(machine.now()));
        assert!(matches!(throttled, Refused::Throttled(Throttled::Until(_))), "{throttled:?}");
        assert_eq!(machine.last_event(), "resync refused throttled alice - pam:sshd");
        machine.pass(30);
        right(machine.now()).unwrap();
    }
}

#[test]
fn a_pair_that_was_typed_by_mistake_is_not_counted() {
    let (machine, tokens) = Machine::with_devices(2);
    let now = machine.now();
    resync(&machine, &tokens[1], now - 30, now).unwrap();
    let again = resync(&machine, &tokens[1], now - 30, now);
    assert_eq!(refused(again), Refused::Pair(PairRefusal::AlreadyUsed));
    assert_eq!(refused(resync(&machine, &tokens[0], now, now)), Refused::Pair(PairRefusal::SameCode));
    assert_eq!(machine.authority.account(&name("alice")).unwrap().association_failures, 0);
}

#[test]
fn an_account_without_a_device_has_nothing_to_find() {
    let (machine, tokens) = Machine::with_devices(1);
    let pair = tokens[0].pair(machine.now() - 30, machine.now());
    let result = machine.authority.resynchronise_at_sign_in(&name("bob"), &pair.code1, &pair.code2, &sshd());
    assert_eq!(refused(result), Refused::NoDevice(name("bob")));
}
