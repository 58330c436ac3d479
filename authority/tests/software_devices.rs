//! Software devices and tags, and what callers of the enrollment service don't learn.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Machine, Token, command_line, name, refused};
use keyfob_authority::{AccessControl, AccessRefusal, Authority, Caller, Door, Error, Refused};
use keyfob_core::{Device, PairRefusal, SerialNumber, Submission};

const ARN: &str = "arn:aws:iam::000000000000:mfa/alice";

fn serial(text: &str) -> SerialNumber {
    text.parse().unwrap()
}

fn service(account: &str, is_administrator: bool) -> Caller {
    Caller { door: Door::Service { account: Some(name(account)), is_administrator }, remote: None, uid: 1001 }
}

fn tags(texts: &[(&str, &str)]) -> Vec<(String, String)> {
    texts.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn one_that_is_made_can_be_associated() {
    let machine = Machine::new();
    machine.authority.add_account(&name("alice"), &command_line()).unwrap();
    let caller = service("alice", false);
    let new = machine.authority.create_software_device(&serial(ARN), &tags(&[("a", "b")]), &caller).unwrap();
    assert_eq!(machine.last_event(), format!("create-software-device done - alice {ARN} service:alice"));
    let shown = machine.authority.device(&new.serial).unwrap();
    assert!(shown.is_software && shown.owner.is_none());
    assert_eq!(shown.tags, tags(&[("a", "b")]));
    let device = Device::new(&new.secret, shown.parameters, shown.position);
    let step = machine.now() / 30;
    let (code1, code2) = (device.code_at(step - 1), device.code_at(step));
    let submission = Submission { serial: new.serial.clone(), code1, code2 };
    machine.authority.associate(&name("alice"), &submission, &caller).unwrap();
    let of_alice = machine.authority.devices_of(&name("ALICE")).unwrap();
    assert_eq!(of_alice.iter().map(|device| &device.serial).collect::<Vec<_>>(), [&new.serial]);
    assert!(machine.authority.devices_of(&name("bob")).unwrap().is_empty());
    let unknown = machine.authority.devices_of(&name("nobody-at-all"));
    assert_eq!(refused(unknown), Refused::UnknownAccount(name("nobody-at-all")));
}

#[test]
fn a_serial_number_is_made_once_and_a_user_makes_none_that_stands_on_a_token() {
    let machine = Machine::new();
    let create = |text, caller| machine.authority.create_software_device(&serial(text), &[], &caller);
    create(ARN, service("alice", false)).unwrap();
    let known = Refused::KnownSerialNumber(serial(ARN));
    assert_eq!(refused(create(ARN, service("alice", false))), known);
    machine.import(&Token::new("T1", 1)).unwrap();
    for free_or_not in ["T1", "T2"] {
        let not_allowed = Refused::Access(AccessRefusal::NotAllowed);
        assert_eq!(refused(create(free_or_not, service("alice", false))), not_allowed);
    }
    create("T2", service("alice", true)).unwrap();
}

#[test]
fn a_user_leaves_eight_unassociated_and_an_administrator_any_number() {
    let machine = Machine::new();
    machine.authority.add_account(&name("alice"), &command_line()).unwrap();
    let create = |number: u32, is_administrator| {
        let serial = serial(&format!("{ARN}{number}"));
        machine.authority.create_software_device(&serial, &[], &service("alice", is_administrator))
    };
    for number in 0..8 {
        create(number, false).unwrap();
    }
    assert_eq!(refused(create(8, false)), Refused::UnassociatedLimit(name("alice")));
    create(8, true).unwrap();
    machine.authority.remove_device(&serial(&format!("{ARN}8")), &command_line()).unwrap();
    machine.authority.remove_device(&serial(&format!("{ARN}0")), &command_line()).unwrap();
    create(9, false).unwrap();
}

#[test]
fn a_device_has_at_most_fifty_tags() {
    let machine = Machine::new();
    let token = Token::new("T1", 1);
    machine.import(&token).unwrap();
    let set =
        |texts: &[(String, String)]| machine.authority.tag_device(&token.serial, texts, &command_line());
    let fifty: Vec<_> = (0..50).map(|number| (format!("k{number}"), "v".to_owned())).collect();
    set(&fifty).unwrap();
    assert_eq!(refused(set(&tags(&[("one more", "")]))), Refused::TagLimit(token.serial.clone()));
    assert_eq!(machine.last_event(), "tag-device refused tag-limit - T1 command-line");
    set(&tags(&[("k0", "another")])).unwrap();
    let keys: Vec<_> = fifty.iter().skip(1).map(|(key, _)| key.clone()).collect();
    machine.authority.untag_device(&token.serial, &keys, &command_line()).unwrap();
    assert_eq!(machine.last_event(), "untag-device done - - T1 command-line");
    assert_eq!(machine.authority.device(&token.serial).unwrap().tags, tags(&[("k0", "another")]));
}

/// What a caller is told who hands in a pair of codes for a serial number, ten times.
fn ten_tries(serial: &str, is_administrator: bool) -> Vec<Refused> {
    let machine = Machine::new();
    let (free, taken) = (Token::new("FREE", 1), Token::new("TAKEN", 40));
    for held in [&free, &taken] {
        machine.import(held).unwrap();
    }
    machine.associate("bob", &taken).unwrap();
    let codes = [free.wrong_code(machine.now()), "000000".to_owned()];
    let held = Token::new(serial, 99);
    let tries = (0..10).map(|number| {
        let second = codes.get(usize::from(number != 9)).unwrap();
        let submission = held.submission(codes.first().unwrap(), second);
        machine.authority.associate(&name("alice"), &submission, &service("alice", is_administrator))
    });
    tries.map(|result: Result<_, Error>| refused(result)).collect()
}

#[test]
fn a_user_is_told_the_same_of_a_serial_number_that_is_free_taken_or_unknown() {
    let free = ten_tries("FREE", false);
    assert_eq!(free.first(), Some(&Refused::Pair(PairRefusal::Wrong)));
    assert!(free.iter().any(|refused| matches!(refused, Refused::Throttled(_))));
    assert_eq!(ten_tries("TAKEN", false), free);
    assert_eq!(ten_tries("UNKNOWN", false), free);
}

#[test]
fn an_administrator_is_told_what_is_wrong_and_no_code_is_spent() {
    let taken = Refused::Taken { serial: serial("TAKEN"), owner: name("bob") };
    assert_eq!(ten_tries("TAKEN", true), vec![taken; 10]);
    let unknown = Refused::UnknownSerialNumber(serial("UNKNOWN"));
    assert_eq!(ten_tries("UNKNOWN", true), vec![unknown; 10]);
}

#[test]
fn a_user_is_told_the_same_of_others_devices_and_of_unknown_ones() {
    let machine = Machine::new();
    let token = Token::new("TAKEN", 1);
    machine.import(&token).unwrap();
    machine.associate("bob", &token).unwrap();
    machine.authority.add_account(&name("alice"), &command_line()).unwrap();
    for text in ["TAKEN", "UNKNOWN"] {
        let result = machine.authority.deactivate(&name("alice"), &serial(text), &service("alice", false));
        let not_associated = Refused::NotAssociated { serial: serial(text), account: name("alice") };
        assert_eq!(refused(result), not_associated);
    }
}
