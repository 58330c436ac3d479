//! Of whom the policy requires a code, and that nobody can tell who has an account or a device.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{Machine, Token, ask, ask_or_resync, command_line, name, pam, refused, sshd};
use keyfob_authority::{AccessControl, Ask, Authority, Begin, Event, ImportMode, Refused};
use keyfob_core::{Digits, MovingFactor, PairRefusal, Throttled, UnixTime};

fn machine(settings: &str) -> (Machine, Vec<Token>) {
    let (machine, tokens) = Machine::with_devices(1);
    set(&machine, settings);
    machine.names.borrow_mut().accounts.insert("root".into(), 0);
    machine.names.borrow_mut().groups.insert("staff".into(), vec!["bob".into(), "alice".into()]);
    (machine, tokens)
}

fn set(machine: &Machine, settings: &str) {
    std::fs::write(&machine.files.policy, format!("[sign_in]\n{settings}\n")).unwrap();
}

/// Who of root, bob and mallory, whom nobody knows, is asked; alice, who has a device, always is. Then the groups that are reported.
fn asked(settings: &str) -> String {
    let (machine, _) = machine(settings);
    assert_eq!(machine.begin("alice"), ask(), "{settings}");
    let who = ["root", "bob", "mallory"].into_iter().filter(|account| {
        match machine.authority.begin(&name(account), &sshd()) {
            Ok(begun) => begun.next == ask(),
            Err(_) => false,
        }
    });
    let unresolved = machine.authority.begin(&name("alice"), &sshd()).unwrap().unresolved_groups;
    who.map(str::to_owned).chain(unresolved).collect::<Vec<_>>().join(" ")
}

#[test]
fn whom_the_policy_requires_a_code_of() {
    for (settings, expected) in [
        ("required = 'nobody'", ""),
        ("required = 'nobody'\nexempt_group = 'gone'", ""),
        ("required = 'everybody'", "root bob mallory"),
        ("required = 'everybody'\nexempt_group = 'staff'", "root mallory"),
        ("required = 'everybody'\nexempt_group = 'gone'", "bob mallory gone"),
        ("required = 'group:staff'", "bob"),
        ("required = 'group:gone'", "bob mallory gone"),
        ("required = 'group:staff'\nexempt_group = 'staff'", ""),
        ("required = 'group:staff'\nexempt_group = 'gone'", "bob gone"),
        ("required = 'group:gone'\nexempt_group = 'staff'", "mallory gone"),
    ] {
        assert_eq!(asked(settings), expected, "{settings}");
    }
}

#[test]
fn a_status_says_of_whom_a_code_is_required_from_when() {
    let status = |settings: &str, account: &str| {
        let (machine, _) = machine(settings);
        let status = machine.authority.account_statuses(&[name(account)]).unwrap().remove(0);
        (status.required_from.map(|from| from.0), status.is_required)
    };
    let (past, future) = (1_799_971_200, 1_800_057_600);
    for (settings, account, expected) in [
        ("required = 'nobody'", "bob", (None, false)),
        ("required = 'everybody'", "bob", (Some(0), true)),
        ("required = 'everybody'\nrequired_from = 2027-01-15", "bob", (Some(past), true)),
        ("required = 'everybody'\nrequired_from = 2027-01-16", "bob", (Some(future), false)),
        ("required = 'group:staff'", "bob", (Some(0), true)),
        ("required = 'group:staff'", "root", (None, false)),
        ("required = 'everybody'\nexempt_group = 'staff'", "alice", (None, false)),
    ] {
        assert_eq!(status(settings, account), expected, "{settings} {account}");
    }
}

#[test]
fn a_code_is_required_from_its_date_on() {
    // The machine's clock stands at 2027-01-15T08:05:00Z.
    for (from, expected) in [
        ("2027-01-15", ask()),
        ("2027-01-16", Begin::NotRequired),
        ("2027-01-15T08:05:00Z", ask()),
        ("2027-01-15T08:05:01Z", Begin::NotRequired),
    ] {
        let (machine, _) = machine(&format!("required = 'everybody'\nrequired_from = {from}"));
        assert_eq!(machine.begin("bob"), expected, "{from}");
    }
}

#[test]
fn root_with_a_device_is_asked_whatever_group_is_unknown() {
    let (machine, _) = machine("required = 'group:gone'");
    let token = Token::new("R1", 90);
    machine.import(&token).unwrap();
    machine.associate("root", &token).unwrap();
    assert_eq!(machine.begin("root"), ask());
}

#[test]
fn without_a_device_every_answer_is_a_wrong_code_and_is_throttled_as_any() {
    for account in ["bob", "mallory", "alice"] {
        let (machine, tokens) = machine("required = 'everybody'");
        let wrong = tokens[0].wrong_code(machine.now());
        for _ in 0..3 {
            assert_eq!(machine.begin(account), ask());
            assert_eq!(refused(machine.answer(account, &wrong)), Refused::WrongCode);
        }
        let wait = Throttled::Until(UnixTime(machine.now() + 15));
        assert_eq!(machine.begin(account), Begin::Throttled(wait));
        assert_eq!(refused(machine.answer(account, &wrong)), Refused::Throttled(wait));
        machine.pass(15);
        assert_eq!(machine.begin(account), ask_or_resync());
        for answer in ["1234567", "password"] {
            assert_eq!(refused(machine.answer(account, answer)), Refused::Malformed);
        }
        let pair = tokens[0].submission("987654", "987655");
        let resync =
            || machine.authority.resynchronise_at_sign_in(&name(account), &pair.code1, &pair.code2, &sshd());
        for _ in 0..3 {
            assert_eq!(refused(resync()), Refused::Pair(PairRefusal::Wrong));
        }
        assert_eq!(refused(resync()), Refused::Throttled(wait_after_pairs(&machine)));
        for failures in 3..100 {
            machine.pass(3600);
            assert_eq!(refused(machine.answer(account, &wrong)), Refused::WrongCode, "{failures}");
        }
        machine.pass(1_000_000);
        assert_eq!(machine.begin(account), Begin::Throttled(Throttled::Locked), "{account}");
    }
}

fn wait_after_pairs(machine: &Machine) -> Throttled {
    Throttled::Until(UnixTime(machine.now() + 15))
}

/// Where nobody has a device, the secret of one that stands for it is no secret.
#[test]
fn a_decoys_own_codes_are_wrong_too() {
    let (machine, _) = Machine::with_devices(0);
    set(&machine, "required = 'everybody'");
    let zero = |time| totp_lite::totp_custom::<totp_lite::Sha1>(30, 6, &[0; 20], time);
    let now = machine.now();
    assert_eq!(refused(machine.answer("bob", &zero(now))), Refused::WrongCode);
    let pair = Token::new("T9", 1).submission(&zero(now - 30), &zero(now));
    let resync = machine.authority.resynchronise_at_sign_in(&name("bob"), &pair.code1, &pair.code2, &sshd());
    assert_eq!(refused(resync), Refused::Pair(PairRefusal::Wrong));
    machine.pass(3600);
    for _ in 0..2 {
        let _ = refused(machine.answer("bob", &zero(machine.now())));
    }
    // Four failures so far: the one pair counts apart.
    assert!(matches!(machine.begin("bob"), Begin::Throttled(_)));
}

/// What takes time, and the number of digits, is that of devices that are there: codes of 8 digits are malformed for nobody or for all.
#[test]
fn a_name_without_a_device_is_taken_for_one_with_devices_as_they_are() {
    let (machine, _) = Machine::with_devices(0);
    set(&machine, "required = 'everybody'");
    let token = Token::new("E1", 50);
    let mut device = token.imported();
    device.parameters.moving_factor = MovingFactor::Counter;
    device.parameters.digits = Digits::new(8).unwrap();
    machine.authority.import(&[device], ImportMode::AllOrNone, &mut |_| {}, &command_line()).unwrap();
    assert_eq!(machine.begin("mallory"), ask(), "nobody has one yet");
    let [code1, code2] = [0, 1].map(|counter| token.counter_code(counter, 8));
    let pair = token.submission(&code1, &code2);
    machine.authority.associate(&name("alice"), &pair, &command_line()).unwrap();
    for account in ["alice", "bob", "mallory"] {
        let digits = vec![Digits::new(8).unwrap()];
        assert_eq!(machine.begin(account), Begin::Ask(Ask { digits, offer_resync: false }), "{account}");
        assert_eq!(refused(machine.answer(account, "123456")), Refused::Malformed, "{account}");
        assert_eq!(refused(machine.answer(account, "12345678")), Refused::WrongCode, "{account}");
    }
    assert!(machine.answer("alice", &token.counter_code(2, 8)).is_ok());
    assert_eq!(refused(machine.answer("bob", &token.counter_code(3, 8))), Refused::WrongCode);
}

#[test]
fn each_try_is_one_event_and_a_name_that_nobody_has_is_not_kept() {
    let (machine, tokens) = machine("required = 'everybody'");
    let named = |event: Event| (event.account, event.reason.unwrap());
    for (account, kept) in [("bob", Some("bob")), ("alice", Some("alice")), ("mallory", None)] {
        let before = machine.events().len();
        let _ = refused(machine.answer(account, &tokens[0].wrong_code(machine.now())));
        let events = machine.events().split_off(before);
        let expected = (kept.map(str::to_owned), "wrong-code".to_owned());
        assert_eq!(events.into_iter().map(named).collect::<Vec<_>>(), [expected]);
    }
    assert!(machine.authority.account(&name("mallory")).is_err());
    assert!(!std::fs::read(&machine.files.store).unwrap().windows(7).any(|bytes| bytes == b"mallory"));
}

#[test]
fn a_device_ends_it() {
    let (machine, _) = machine("required = 'everybody'");
    let token = Token::new("B1", 70);
    for _ in 0..3 {
        let _ = refused(machine.answer("bob", &token.code(machine.now())));
    }
    machine.import(&token).unwrap();
    machine.associate("bob", &token).unwrap();
    assert_eq!(machine.begin("bob"), ask());
    assert!(machine.answer("bob", &token.code(machine.now() + 30)).is_ok());
}

#[test]
fn without_the_requirement_an_unknown_name_is_refused() {
    let (machine, _) = machine("required = 'group:staff'");
    let begun = machine.authority.begin(&name("mallory"), &pam("su", "-", 0));
    assert_eq!(refused(begun), Refused::UnknownAccount(name("mallory")));
    assert_eq!(refused(machine.answer("root", "123456")), Refused::NoDevice(name("root")));
}
