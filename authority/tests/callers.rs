//! A user of the machine can't use up another account's tries, nor lock anybody out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{Machine, Token, command_line, name, pam, refused};
use keyfob_authority::{Authority, Begin, Caller, Refused};
use keyfob_core::{PairRefusal, Throttled, UnixTime};

const MALLORY: u32 = 1003;
const ALICE: u32 = 1001;

fn su(uid: u32) -> Caller {
    pam("su", "-", uid)
}

fn try_wrong(machine: &Machine, token: &Token, caller: &Caller) -> Refused {
    refused(machine.authority.answer(&name("alice"), &token.wrong_code(machine.now()), caller))
}

fn failures(machine: &Machine) -> u32 {
    machine.authority.account(&name("alice")).unwrap().sign_in_failures
}

#[test]
fn ten_wrong_codes_are_a_callers_and_then_none_is_evaluated_or_counted() {
    let (machine, tokens) = Machine::with_devices(1);
    let start = machine.now();
    for _ in 0..10 {
        machine.pass(60);
        assert_eq!(try_wrong(&machine, &tokens[0], &su(MALLORY)), Refused::WrongCode);
    }
    machine.pass(60);
    let wait = Throttled::Until(UnixTime(start + 60 + 8640));
    assert_eq!(try_wrong(&machine, &tokens[0], &su(MALLORY)), Refused::Throttled(wait));
    let begun = machine.authority.begin(&name("alice"), &su(MALLORY)).unwrap();
    assert_eq!(begun.next, Begin::Throttled(wait));
    let right = tokens[0].code(machine.now());
    let answer = machine.authority.answer(&name("alice"), &right, &su(MALLORY));
    assert_eq!(refused(answer), Refused::Throttled(wait));
    assert_eq!(failures(&machine), 10);
    // Neither other callers nor root's services wait; the right code was not spent.
    assert!(machine.answer("alice", &right).is_ok());
    machine.pass(8640 - 600);
    assert_eq!(try_wrong(&machine, &tokens[0], &su(MALLORY)), Refused::WrongCode);
    assert!(matches!(try_wrong(&machine, &tokens[0], &su(MALLORY)), Refused::Throttled(_)));
}

#[test]
fn wrong_pairs_cost_a_caller_too() {
    let (machine, tokens) = Machine::with_devices(1);
    let pair = tokens[0].submission("987654", "987655");
    let resync = || {
        machine.pass(3600);
        let outcome =
            machine.authority.resynchronise_at_sign_in(&name("alice"), &pair.code1, &pair.code2, &su(ALICE));
        refused(outcome)
    };
    // Ten, and four that come back in 14 hours.
    for _ in 0..14 {
        assert_eq!(resync(), Refused::Pair(PairRefusal::Wrong));
    }
    let rest: Vec<_> = (0..4).map(|_| resync()).collect();
    assert!(
        rest.iter().any(|refused| matches!(refused, Refused::Throttled(Throttled::Until(_)))),
        "{rest:?}"
    );
}

#[test]
fn others_than_the_owner_stop_half_way_to_the_hard_stop() {
    let (machine, tokens) = Machine::with_devices(1);
    for uid in 0..50 {
        machine.pass(600);
        assert_eq!(try_wrong(&machine, &tokens[0], &su(2000 + uid)), Refused::WrongCode);
    }
    machine.pass(600);
    let stopped = Refused::Throttled(Throttled::Locked);
    assert_eq!(try_wrong(&machine, &tokens[0], &su(3000)), stopped);
    let begun = machine.authority.begin(&name("alice"), &su(3000)).unwrap();
    assert_eq!(begun.next, Begin::Throttled(Throttled::Locked));
    assert_eq!(failures(&machine), 50);
    let right = tokens[0].code(machine.now());
    assert!(machine.authority.answer(&name("alice"), &right, &su(ALICE)).is_ok());
    assert_eq!(try_wrong(&machine, &tokens[0], &su(3000)), Refused::WrongCode);
}

#[test]
fn an_administrator_forgives_an_owner_as_a_caller() {
    let (machine, tokens) = Machine::with_devices(1);
    for _ in 0..10 {
        machine.pass(60);
        assert_eq!(try_wrong(&machine, &tokens[0], &su(ALICE)), Refused::WrongCode);
    }
    machine.pass(60);
    machine.authority.unlock_account(&name("alice"), &command_line()).unwrap();
    let right = tokens[0].code(machine.now());
    assert!(machine.authority.answer(&name("alice"), &right, &su(ALICE)).is_ok());
}
