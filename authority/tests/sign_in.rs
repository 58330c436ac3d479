//! Signing in: what is asked, what is let in, what is refused, and what each leaves behind.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{Machine, ask, ask_or_resync, command_line, name, refused, sshd, unusable};
use keyfob_authority::{Authority, Begin, Factor, Refused, SignedIn, Unusable};
use keyfob_core::{Throttled, UnixTime};

fn begin(machine: &Machine, account: &str) -> Begin {
    machine.begin(account)
}

#[test]
fn only_an_account_with_a_device_is_asked() {
    let (machine, _) = Machine::with_devices(1);
    assert_eq!(begin(&machine, "alice"), ask());
    assert_eq!(begin(&machine, "bob"), Begin::NotRequired);
}

#[test]
fn the_codes_of_the_window_sign_in_and_no_others() {
    for (offset, good) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
        let (machine, tokens) = Machine::with_devices(1);
        // The first code after association has a wider window, and ends it.
        assert!(machine.answer("alice", &tokens[0].code(machine.now())).is_ok());
        machine.pass(300);
        let code = tokens[0].code(machine.now().checked_add_signed(offset).unwrap());
        let result = machine.answer("alice", &code);
        assert_eq!(result.is_ok(), good, "{offset}");
    }
}

#[test]
fn a_code_signs_in_once() {
    let (machine, tokens) = Machine::with_devices(1);
    let code = tokens[0].code(machine.now());
    assert_eq!(
        machine.answer("alice", &code).unwrap(),
        SignedIn { factor: Factor::Device(tokens[0].serial.clone()), notices: Vec::new() }
    );
    assert_eq!(machine.last_event(), "sign-in done - alice T1 pam:sshd");
    assert_eq!(refused(machine.answer("alice", &code)), Refused::AlreadyUsed);
    assert_eq!(machine.last_event(), "sign-in refused already-used alice - pam:sshd");
}

#[test]
fn an_earlier_unused_code_is_refused_after_a_later_one() {
    let (machine, tokens) = Machine::with_devices(1);
    assert!(machine.answer("alice", &tokens[0].code(machine.now())).is_ok());
    assert_eq!(refused(machine.answer("alice", &tokens[0].code(machine.now() - 30))), Refused::AlreadyUsed);
}

#[test]
fn a_code_touches_only_its_own_device() {
    let (machine, tokens) = Machine::with_devices(3);
    for signing_in in &tokens {
        let before = machine.authority.devices().unwrap();
        assert!(machine.answer("alice", &signing_in.code(machine.now())).is_ok());
        for (old, new) in before.iter().zip(machine.authority.devices().unwrap()) {
            assert_eq!(old.position != new.position, new.serial == signing_in.serial);
        }
    }
}

#[test]
fn nobody_signs_in_with_anothers_device() {
    let (machine, tokens) = Machine::with_devices(1);
    let bobs = common::Token::new("B1", 101);
    machine.import(&bobs).unwrap();
    machine.associate("bob", &bobs).unwrap();
    machine.pass(60);
    assert_eq!(refused(machine.answer("bob", &tokens[0].code(machine.now()))), Refused::WrongCode);
    assert!(machine.answer("bob", &bobs.code(machine.now())).is_ok());
}

#[test]
fn three_wrong_codes_are_free_and_the_fourth_waits() {
    let (machine, tokens) = Machine::with_devices(1);
    let wrong = tokens[0].wrong_code(machine.now());
    for _ in 0..3 {
        assert_eq!(begin(&machine, "alice"), ask());
        assert_eq!(refused(machine.answer("alice", &wrong)), Refused::WrongCode);
    }
    let wait = Throttled::Until(UnixTime(machine.now() + 15));
    assert_eq!(begin(&machine, "alice"), Begin::Throttled(wait));
    // Not even the right code is evaluated, so it is not spent.
    let right = tokens[0].code(machine.now() + 15);
    assert_eq!(refused(machine.answer("alice", &right)), Refused::Throttled(wait));
    assert_eq!(machine.last_event(), "sign-in refused throttled alice - pam:sshd");
    machine.pass(15);
    assert_eq!(begin(&machine, "alice"), ask_or_resync());
    assert!(machine.answer("alice", &right).is_ok());
    assert_eq!(machine.authority.account(&name("alice")).unwrap().sign_in_failures, 0);
}

#[test]
fn a_hundred_wrong_codes_lock_and_an_administrator_unlocks() {
    let (machine, tokens) = Machine::with_devices(1);
    for _ in 0..100 {
        machine.pass(3600);
        assert_eq!(
            refused(machine.answer("alice", &tokens[0].wrong_code(machine.now()))),
            Refused::WrongCode
        );
    }
    machine.pass(1_000_000);
    assert_eq!(begin(&machine, "alice"), Begin::Throttled(Throttled::Locked));
    machine.authority.unlock_account(&name("alice"), &command_line()).unwrap();
    assert!(machine.answer("alice", &tokens[0].code(machine.now())).is_ok());
}

#[test]
fn a_resync_unlocks_too() {
    let (machine, tokens) = Machine::with_devices(1);
    for _ in 0..100 {
        machine.pass(3600);
        let _ = refused(machine.answer("alice", &tokens[0].wrong_code(machine.now())));
    }
    let pair = tokens[0].pair(machine.now() - 30, machine.now());
    machine.authority.resynchronise(&name("alice"), &pair, &command_line()).unwrap();
    assert!(machine.answer("alice", &tokens[0].code(machine.now() + 30)).is_ok());
}

#[test]
fn malformed_and_used_answers_are_not_counted() {
    let (machine, tokens) = Machine::with_devices(1);
    let used = tokens[0].code(machine.now());
    assert!(machine.answer("alice", &used).is_ok());
    for answer in [
        "",
        "12345",
        "1234567",
        "12345678901",
        "12345a",
        "١٢٣٤٥٦",
        " 123456",
        "\u{8}\n\r\u{7f}INCORRECT",
        "password",
    ] {
        assert_eq!(refused(machine.answer("alice", answer)), Refused::Malformed, "{answer:?}");
    }
    for _ in 0..9 {
        assert_eq!(refused(machine.answer("alice", &used)), Refused::AlreadyUsed);
    }
    assert_eq!(machine.authority.account(&name("alice")).unwrap().sign_in_failures, 0);
    assert_eq!(begin(&machine, "alice"), ask());
}

#[test]
fn a_wrong_code_changes_no_position() {
    let (machine, tokens) = Machine::with_devices(2);
    let before = machine.authority.devices().unwrap();
    let _ = refused(machine.answer("alice", &tokens[0].wrong_code(machine.now())));
    assert_eq!(machine.authority.devices().unwrap(), before);
}

#[test]
fn an_unknown_account_is_refused_and_a_failing_name_service_is_an_error() {
    let (machine, _) = Machine::with_devices(1);
    assert_eq!(
        refused(machine.authority.begin(&name("mallory"), &sshd())),
        Refused::UnknownAccount(name("mallory"))
    );
    machine.names.borrow_mut().fails = true;
    for account in ["alice", "bob", "mallory"] {
        let error = unusable(machine.authority.begin(&name(account), &sshd()));
        assert!(matches!(error, Unusable::NameService { .. }), "{error}");
    }
}

#[test]
fn an_account_is_known_by_its_canonical_name() {
    let (machine, tokens) = Machine::with_devices(1);
    assert_eq!(begin(&machine, "ALICE"), ask());
    assert!(machine.answer("Alice", &tokens[0].code(machine.now())).is_ok());
    assert_eq!(refused(machine.answer("alice", &tokens[0].code(machine.now()))), Refused::AlreadyUsed);
}

#[test]
fn an_account_made_anew_is_refused_until_an_administrator_looks() {
    let (machine, tokens) = Machine::with_devices(1);
    machine.names.borrow_mut().accounts.insert("alice".into(), 2001);
    let recreated = Refused::Recreated { account: name("alice"), stored: 1001, now: 2001 };
    assert_eq!(refused(machine.authority.begin(&name("alice"), &sshd())), recreated);
    assert_eq!(refused(machine.answer("alice", &tokens[0].code(machine.now()))), recreated);
    assert_eq!(machine.last_event(), "sign-in refused recreated alice - pam:sshd");
    machine.authority.add_account(&name("alice"), &command_line()).unwrap();
    assert!(machine.answer("alice", &tokens[0].code(machine.now())).is_ok());
}

#[test]
fn a_deleted_account_does_not_sign_in() {
    let (machine, tokens) = Machine::with_devices(1);
    machine.names.borrow_mut().accounts.remove("alice");
    let unknown = Refused::UnknownAccount(name("alice"));
    assert_eq!(refused(machine.authority.begin(&name("alice"), &sshd())), unknown);
    assert_eq!(refused(machine.answer("alice", &tokens[0].code(machine.now()))), unknown);
}

#[test]
fn an_account_of_a_central_service_signs_in_by_its_own_name() {
    let machine = Machine::new();
    let token = common::Token::new("C1", 60);
    machine.import(&token).unwrap();
    assert_eq!(refused(machine.associate("carol", &token)), Refused::UnknownAccount(name("carol")));
    machine.authority.add_account(&name("carol"), &command_line()).unwrap();
    machine.associate("carol", &token).unwrap();
    machine.pass(60);
    assert_eq!(begin(&machine, "carol"), ask());
    assert!(machine.answer("carol", &token.code(machine.now())).is_ok());
}
