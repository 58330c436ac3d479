//! Sign-in with a browser, step by step, and the sessions that come of it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Machine, Token, name, refused};
use keyfob_authority::{
    About, AccessControl, AccessRefusal, Act, Authorisation, Authority, Begin, Caller, Door, Error,
    Operation, Proof, Refused, Role, SessionToken, StartedSession,
};

/// The pages on behalf of an account.
fn browser(account: &str) -> Caller {
    let door = Door::Service { account: Some(name(account)), is_administrator: false };
    Caller { door, remote: Some("192.0.2.9".into()), uid: 1001 }
}

fn start(machine: &Machine, account: &str) -> StartedSession {
    machine.authority.start_browser_session(&name(account), &browser(account)).unwrap()
}

fn proof(token: &SessionToken) -> Proof {
    Proof::Session(token.clone())
}

fn not_signed_in<T>(result: Result<T, Error>) -> bool {
    refused(result) == Refused::Access(AccessRefusal::NotSignedIn)
}

/// Alice's token, and her browser's once her password was right.
fn after_password() -> (Machine, Token, SessionToken) {
    let (machine, mut tokens) = Machine::with_devices(1);
    let started = start(&machine, "alice");
    assert!(matches!(started.next, Begin::Ask(_)));
    (machine, tokens.remove(0), started.token.unwrap())
}

fn signed_in() -> (Machine, Token, SessionToken) {
    let (machine, token, session) = after_password();
    let code = token.code(machine.now());
    let ended = machine.authority.answer_in_session(&session, &code, &browser("alice")).unwrap();
    (machine, token, ended.token)
}

#[test]
fn without_a_device_the_password_signs_in_and_the_session_is_one_without_a_code() {
    let machine = Machine::new();
    let StartedSession { token, next } = start(&machine, "alice");
    assert_eq!(next, Begin::NotRequired);
    let principal = machine.authority.authenticate(&proof(&token.unwrap())).unwrap();
    assert_eq!((principal.account, principal.role), (name("alice"), Role::User));
    assert_eq!((principal.with_code, principal.needs_code, principal.in_browser), (false, false, true));
    assert_eq!(machine.last_event(), "sign-in done password alice - service:alice");
}

#[test]
fn whoever_is_required_to_have_a_device_and_has_none_may_sign_in_to_associate_one() {
    let machine = Machine::new();
    std::fs::write(&machine.files.policy, "[sign_in]\nrequired = \"everybody\"\n").unwrap();
    assert_eq!(start(&machine, "alice").next, Begin::NotRequired);
}

#[test]
fn with_a_device_the_password_alone_opens_nothing() {
    let (machine, _, session) = after_password();
    assert!(not_signed_in(machine.authority.authenticate(&proof(&session))));
    assert!(not_signed_in(machine.authority.browser_session(&session)));
    assert_eq!(machine.authority.browser_sessions(&name("alice")).unwrap(), []);
}

#[test]
fn a_code_ends_the_sign_in_and_each_step_has_another_token() {
    let (machine, token, session) = after_password();
    let code = token.code(machine.now());
    let answer = |token: &SessionToken, code: &str| {
        machine.authority.answer_in_session(token, code, &browser("alice"))
    };
    assert_eq!(refused(answer(&session, "000000")), Refused::WrongCode);
    let ended = answer(&session, &code).unwrap();
    assert_ne!(ended.token.reveal(), session.reveal());
    assert!(machine.authority.authenticate(&proof(&ended.token)).unwrap().with_code);
    assert!(not_signed_in(machine.authority.authenticate(&proof(&session))), "the token before it");
    assert!(not_signed_in(answer(&session, &code)));
    assert!(not_signed_in(answer(&ended.token, &code)), "it is signed in already");
}

#[test]
fn a_resync_signs_nobody_in_and_the_next_code_does() {
    let (machine, token, session) = after_password();
    machine.pass(100);
    let [first, second] =
        [-60_i64, -30].map(|ago| token.code(machine.now().checked_add_signed(ago).unwrap()));
    let [code1, code2] = [first, second].map(|code| keyfob_core::Code::parse(&code).unwrap());
    let resync = |session: &SessionToken| {
        machine.authority.resynchronise_in_session(session, &code1, &code2, &browser("alice"))
    };
    let done = resync(&session).unwrap();
    assert_eq!(done.serial, token.serial);
    assert!(not_signed_in(machine.authority.authenticate(&proof(&done.token))));
    assert!(not_signed_in(resync(&session)));
    machine.pass(60);
    let code = token.code(machine.now() - 60 + 30);
    machine.authority.answer_in_session(&done.token, &code, &browser("alice")).unwrap();
}

#[test]
fn the_code_has_to_follow_the_password_within_ten_minutes() {
    let (machine, token, session) = after_password();
    machine.pass(600);
    let code = token.code(machine.now());
    assert!(not_signed_in(machine.authority.answer_in_session(&session, &code, &browser("alice"))));
}

#[test]
fn an_issued_recovery_code_is_refused_from_the_second_of_its_end_like_a_wrong_one() {
    for (passed, is_good) in [(59, true), (60, false)] {
        let (machine, _, session) = after_password();
        let admin = browser("bob");
        let issued = machine.authority.issue_recovery_code(&name("alice"), 60.try_into().unwrap(), &admin);
        machine.pass(passed);
        let code = issued.unwrap().code.reveal();
        let answer = machine.authority.answer_in_session(&session, &code, &browser("alice"));
        assert_eq!(answer.is_ok(), is_good, "{passed}");
        if !is_good {
            assert_eq!(refused(answer), Refused::WrongCode);
        }
    }
}

#[test]
fn a_resync_is_offered_after_three_wrong_codes_in_a_row() {
    let (machine, token, session) = after_password();
    let wrong = || refused(machine.authority.answer_in_session(&session, "000000", &browser("alice")));
    for expected in [Refused::WrongCode, Refused::WrongCode, Refused::WrongCodes] {
        assert_eq!(wrong(), expected);
    }
    machine.pass(60);
    assert_eq!(wrong(), Refused::WrongCodes);
    machine.pass(60);
    let used = token.code(machine.now());
    assert!(machine.authority.answer_in_session(&session, &used, &browser("alice")).is_ok());
}

#[test]
fn nobody_is_asked_for_a_code_while_tries_are_throttled() {
    let (machine, _, session) = after_password();
    for _ in 0..3 {
        let wrong = machine.authority.answer_in_session(&session, "000000", &browser("alice"));
        assert!(matches!(refused(wrong), Refused::WrongCode | Refused::WrongCodes));
    }
    let StartedSession { token, next } = start(&machine, "alice");
    assert!(token.is_none() && matches!(next, Begin::Throttled(_)), "{next:?}");
}

#[test]
fn a_session_ends_when_it_is_idle_and_in_any_case_after_hours() {
    let (machine, _, session) = signed_in();
    let is_open = || machine.authority.authenticate(&proof(&session)).is_ok();
    machine.pass(30 * 60 - 1);
    assert!(is_open());
    machine.pass(30 * 60 - 1);
    assert!(is_open(), "its use was noted");
    machine.pass(30 * 60);
    assert!(!is_open());

    let (machine, _, session) = signed_in();
    for _ in 0..12 * 60 / 20 - 1 {
        machine.pass(20 * 60);
        machine.authority.authenticate(&proof(&session)).unwrap();
    }
    machine.pass(20 * 60);
    assert!(not_signed_in(machine.authority.authenticate(&proof(&session))));
}

#[test]
fn a_session_that_is_used_does_not_end_in_a_short_idle_time_either() {
    let (machine, _, session) = signed_in();
    std::fs::write(&machine.files.policy, "[service]\nsession_idle_minutes = 1\n").unwrap();
    for _ in 0..10 {
        machine.pass(40);
        machine.authority.authenticate(&proof(&session)).unwrap();
    }
    machine.pass(60);
    assert!(not_signed_in(machine.authority.authenticate(&proof(&session))));
}

#[test]
fn a_session_goes_with_its_account_and_with_its_sign_out() {
    let (machine, _, session) = signed_in();
    machine.names.borrow_mut().accounts.insert("alice".into(), 4711);
    assert!(refused(machine.authority.authenticate(&proof(&session))) != Refused::WrongCode);
    machine.names.borrow_mut().accounts.remove("alice");
    assert!(not_signed_in(machine.authority.authenticate(&proof(&session))));

    let (machine, _, session) = signed_in();
    machine.authority.sign_out(&session).unwrap();
    assert!(not_signed_in(machine.authority.authenticate(&proof(&session))));
}

#[test]
fn sessions_are_listed_and_ended_by_their_account_and_no_other() {
    let (machine, _, session) = signed_in();
    let listed = machine.authority.browser_sessions(&name("alice")).unwrap();
    assert_eq!((listed.len(), listed[0].with_code), (1, true));
    assert_eq!(listed[0].remote.as_deref(), Some("192.0.2.9"));
    let end = |account: &str| {
        machine.authority.end_browser_session(&name(account), &listed[0].id, &browser(account))
    };
    assert_eq!(refused(end("bob")), Refused::UnknownSession);
    assert!(machine.authority.authenticate(&proof(&session)).is_ok());
    end("alice").unwrap();
    assert_eq!(machine.last_event(), "end-session done - alice - service:alice");
    assert!(not_signed_in(machine.authority.authenticate(&proof(&session))));
    assert_eq!(refused(end("alice")), Refused::UnknownSession);
}

#[test]
fn a_session_without_a_code_changes_no_device_once_there_is_one() {
    let machine = Machine::new();
    let session = start(&machine, "alice").token.unwrap();
    let alice = name("alice");
    let associate = || {
        let operation = Operation::Change(Act::Associate);
        machine.authority.authorise(&proof(&session), operation, About::Account(&alice), &browser("alice"))
    };
    associate().unwrap();
    let token = Token::new("T1", 1);
    machine.import(&token).unwrap();
    machine.associate("alice", &token).unwrap();
    assert_eq!(refused(associate()), Refused::Access(AccessRefusal::CodeRequired));
}

#[test]
fn roots_devices_are_within_reach_of_roots_browser_alone() {
    let machine = Machine::new();
    machine.names.borrow_mut().accounts.insert("root".into(), 0);
    let root = name("root");
    for (account, allowed) in [("root", true), ("alice", false)] {
        let session = start(&machine, account).token.unwrap();
        let operation = Operation::Change(Act::Associate);
        let result = machine.authority.authorise(
            &proof(&session),
            operation,
            About::Account(&root),
            &browser(account),
        );
        assert_eq!(result.is_ok(), allowed, "{account}");
    }
}
