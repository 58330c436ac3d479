//! Devices found by their codes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{Machine, Token, command_line, name, refused};
use keyfob_authority::{AccessControl, Authority, Caller, Door, Error, ImportMode, Refused};
use keyfob_core::{Code, PairRefusal, SerialNumber};

/// Alice has T1; F1, F2 and F3 are nobody's.
fn machine() -> (Machine, Token, Vec<Token>) {
    let (machine, mut tokens) = Machine::with_devices(1);
    let free: Vec<_> = (1..=3).map(|number| Token::new(&format!("F{number}"), number + 40)).collect();
    for token in &free {
        machine.import(token).unwrap();
    }
    (machine, tokens.remove(0), free)
}

fn by(account: &str, uid: u32, is_administrator: bool) -> Caller {
    Caller { door: Door::Service { account: Some(name(account)), is_administrator }, remote: None, uid }
}

fn administrator() -> Caller {
    by("bob", 1002, true)
}

fn user() -> Caller {
    by("bob", 1002, false)
}

fn find(machine: &Machine, codes: &[String], caller: &Caller) -> Result<Vec<SerialNumber>, Error> {
    let codes: Vec<_> = codes.iter().map(|code| Code::parse(code).unwrap()).collect();
    machine.authority.find_device(&name("bob"), &codes[0], codes.get(1), caller)
}

/// What a token shows now and next, some steps from now.
fn pair(machine: &Machine, token: &Token, steps: i64) -> [String; 2] {
    let time = machine.now().checked_add_signed(steps * 30).unwrap();
    [token.code(time), token.code(time + 30)]
}

fn known() -> (Machine, Token, Vec<Token>) {
    let (machine, token, free) = machine();
    machine.authority.add_account(&name("bob"), &command_line()).unwrap();
    (machine, token, free)
}

#[test]
fn an_administrator_finds_whichever_device_shows_the_codes() {
    let (machine, token, free) = known();
    for token in free.iter().chain([&token]) {
        let codes = pair(&machine, token, 0);
        assert_eq!(
            find(&machine, &codes[..1], &administrator()).unwrap(),
            std::slice::from_ref(&token.serial)
        );
        for steps in [-10, 0, 9] {
            let found = find(&machine, &pair(&machine, token, steps), &administrator()).unwrap();
            assert_eq!(found, std::slice::from_ref(&token.serial), "{steps}");
        }
    }
    assert_eq!(machine.last_event(), "find-device done - bob T1 service:bob");
}

#[test]
fn a_user_finds_what_nobody_has_by_two_codes() {
    let (machine, token, free) = known();
    assert_eq!(find(&machine, &pair(&machine, &free[1], 0), &user()).unwrap(), [free[1].serial.clone()]);
    let one = &pair(&machine, &free[1], 0)[..1];
    assert_eq!(refused(find(&machine, one, &user())), Refused::Malformed);
    let found = find(&machine, &pair(&machine, &token, 0), &user());
    assert_eq!(refused(found), Refused::Pair(PairRefusal::Wrong));
    assert_eq!(machine.last_event(), "find-device refused wrong-code bob - service:bob");
}

#[test]
fn codes_that_find_a_device_are_not_spent() {
    let (machine, token, free) = known();
    let codes = pair(&machine, &free[0], 0);
    for _ in 0..2 {
        find(&machine, &codes, &administrator()).unwrap();
    }
    let submission = free[0].submission(&codes[0], &codes[1]);
    machine.authority.associate(&name("bob"), &submission, &command_line()).unwrap();
    // Nor does a spent code hide its device.
    assert_eq!(find(&machine, &codes, &administrator()).unwrap(), [free[0].serial.clone()]);
    let _ = machine.answer("alice", &token.code(machine.now())).unwrap();
    let spent = [token.code(machine.now())];
    assert_eq!(find(&machine, &spent, &administrator()).unwrap(), std::slice::from_ref(&token.serial));
}

#[test]
fn wrong_codes_count_and_then_nothing_is_searched() {
    let (machine, _, free) = known();
    let wrong = [free[0].wrong_code(machine.now()), "000001".into()];
    for _ in 0..3 {
        assert_eq!(refused(find(&machine, &wrong, &administrator())), Refused::Pair(PairRefusal::Wrong));
    }
    let good = pair(&machine, &free[0], 0);
    assert!(matches!(refused(find(&machine, &good, &administrator())), Refused::Throttled(_)));
    assert_eq!(machine.authority.account(&name("bob")).unwrap().association_failures, 3);
    let same = [good[0].clone(), good[0].clone()];
    assert_eq!(refused(find(&machine, &same, &administrator())), Refused::Pair(PairRefusal::SameCode));
    machine.pass(60);
    find(&machine, &pair(&machine, &free[0], 0), &administrator()).unwrap();
}

#[test]
fn a_users_searches_are_few_whatever_they_find() {
    let (machine, _, free) = known();
    let search = |caller| find(&machine, &pair(&machine, &free[0], 0), &caller);
    for _ in 0..10 {
        search(user()).unwrap();
    }
    assert!(matches!(refused(search(user())), Refused::Throttled(_)));
    machine.pass(8640);
    search(user()).unwrap();
}

/// A search goes on from one transaction to the next.
#[test]
fn a_device_is_found_wherever_it_stands() {
    let (machine, ..) = known();
    let places = [0, 495, 499, 500, 505, 999, 1099];
    let seed =
        |number| places.iter().zip(60..).find(|(place, _)| **place == number).map_or(200, |(_, seed)| seed);
    let token = |number: usize| Token::new(&format!("M{number:04}"), seed(number));
    let devices: Vec<_> = (0..1100).map(|number| token(number).imported()).collect();
    machine.authority.import(&devices, ImportMode::AllOrNone, &mut |_| {}, &command_line()).unwrap();
    for token in places.map(token) {
        let found = find(&machine, &pair(&machine, &token, 0), &administrator()).unwrap();
        assert_eq!(found, [token.serial]);
    }
}
