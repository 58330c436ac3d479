#![allow(clippy::unwrap_used)]

use PamResultCode::{
    PAM_AUTH_ERR, PAM_AUTHINFO_UNAVAIL, PAM_CONV_ERR, PAM_IGNORE, PAM_MAXTRIES, PAM_PERM_DENIED,
    PAM_SERVICE_ERR, PAM_SUCCESS, PAM_USER_UNKNOWN,
};
use keyfob_authority::{Begin, Error, Factor, Notice, NoticeKind, Refused, SignedIn, Unusable};
use keyfob_core::Throttled;
use nix::unistd::Uid;

use super::*;
use crate::testing;
use crate::testing::{ScriptedAuthority, ScriptedPam, alice};
use crate::transaction::{ConversationFailed, Level};

const NOW: UnixTime = UnixTime(1_000_000);
const PROMPT: &str = "prompt: Authentication Code: ";
const USED: &str = "error: That code was already used: wait for the next one.";
const NO_CHECK: &str = "error: Codes can't be checked now: tell an administrator.";

fn by_device() -> SignedIn {
    SignedIn { factor: Factor::Device("GA-1".parse().unwrap()), notices: Vec::new() }
}

fn missing_store() -> Error {
    Unusable::Missing { what: "store", path: "/s".into() }.into()
}

fn options(arguments: &[&CStr]) -> Options {
    Options::parse(arguments).unwrap()
}

/// One sign-in; code and delay belong together.
fn run_with(pam: &mut ScriptedPam, authority: &ScriptedAuthority, options: &Options) -> PamResultCode {
    let outcome = sign_in(pam, authority, options);
    let code = conclude(pam, &outcome, Decided::Here, NOW);
    let delays: &[_] = if matches!(code, PAM_SUCCESS | PAM_IGNORE) { &[] } else { &[Duration::from_secs(2)] };
    assert_eq!(pam.delays, delays);
    code
}

fn run(mut pam: ScriptedPam, authority: &ScriptedAuthority) -> PamResultCode {
    run_with(&mut pam, authority, &options(&[]))
}

#[test]
fn a_right_code_is_let_in() {
    let authority = ScriptedAuthority::decides("123456", Ok(by_device()));
    assert_eq!(run(ScriptedPam::new().asks(PROMPT, Some(b"123456")), &authority), PAM_SUCCESS);
}

#[test]
fn refused_answers_are_not_commented_on_but_for_used_ones() {
    for refused in [Refused::WrongCode, Refused::Malformed, Refused::NoDevice(alice())] {
        let authority = ScriptedAuthority::decides("123456", Err(refused.into()));
        assert_eq!(run(ScriptedPam::new().asks(PROMPT, Some(b"123456")), &authority), PAM_AUTH_ERR);
    }
    let authority = ScriptedAuthority::decides("123456", Err(Refused::AlreadyUsed.into()));
    assert_eq!(run(ScriptedPam::new().asks(PROMPT, Some(b"123456")).tells(USED), &authority), PAM_AUTH_ERR);
}

#[test]
fn what_cannot_be_a_code_is_decided_on_like_an_empty_answer() {
    for typed in [None, Some(b"".as_slice()), Some(b"12345\xff"), Some(&[b'1'; 65])] {
        let authority = ScriptedAuthority::decides("", Err(Refused::Malformed.into()));
        assert_eq!(run(ScriptedPam::new().asks(PROMPT, typed), &authority), PAM_AUTH_ERR, "{typed:?}");
    }
}

#[test]
fn an_account_without_a_device_is_not_asked() {
    let authority = ScriptedAuthority::begins(Ok(Begin::NotRequired));
    assert_eq!(run(ScriptedPam::new(), &authority), PAM_IGNORE);
}

#[test]
fn a_throttled_account_is_not_asked_but_told_the_wait() {
    let authority = ScriptedAuthority::begins(Ok(Begin::Throttled(Throttled::Until(NOW.after(25)))));
    let pam = ScriptedPam::new().tells("error: Too many wrong codes: try again in 25 seconds.");
    assert_eq!(run(pam, &authority), PAM_MAXTRIES);
}

#[test]
fn a_try_that_is_throttled_meanwhile_is_told_the_wait() {
    let throttled = Refused::Throttled(Throttled::Locked);
    let authority = ScriptedAuthority::decides("123456", Err(throttled.into()));
    let pam = ScriptedPam::new()
        .asks(PROMPT, Some(b"123456"))
        .tells("error: Too many wrong codes: an administrator has to unlock the account.");
    assert_eq!(run(pam, &authority), PAM_MAXTRIES);
}

#[test]
fn an_unknown_account_is_not_asked() {
    let authority = ScriptedAuthority::begins(Err(Refused::UnknownAccount(alice()).into()));
    assert_eq!(run(ScriptedPam::new(), &authority), PAM_USER_UNKNOWN);
}

#[test]
fn a_recreated_account_is_refused() {
    let recreated = Refused::Recreated { account: alice(), stored: 1000, now: 1001 };
    let authority = ScriptedAuthority::begins(Err(recreated.into()));
    assert_eq!(run(ScriptedPam::new().tells(NO_CHECK), &authority), PAM_PERM_DENIED);
}

#[test]
fn an_unusable_store_is_never_no_device() {
    let authority = ScriptedAuthority::begins(Err(missing_store()));
    assert_eq!(run(ScriptedPam::new().tells(NO_CHECK), &authority), PAM_AUTHINFO_UNAVAIL);
    let authority = ScriptedAuthority::decides("123456", Err(missing_store()));
    let pam = ScriptedPam::new().asks(PROMPT, Some(b"123456")).tells(NO_CHECK);
    assert_eq!(run(pam, &authority), PAM_AUTHINFO_UNAVAIL);
}

#[test]
fn a_failing_conversation_is_refused_undecided() {
    let authority = ScriptedAuthority::begins(Ok(testing::ask()));
    assert_eq!(run(ScriptedPam::new().fails_at(PROMPT), &authority), PAM_CONV_ERR);
    let nameless = ScriptedPam::new().of(Err(ConversationFailed));
    assert_eq!(run(nameless, &ScriptedAuthority::asked_nothing()), PAM_CONV_ERR);
}

#[test]
fn a_message_that_cannot_be_shown_changes_nothing() {
    let authority = ScriptedAuthority::decides("123456", Err(Refused::AlreadyUsed.into()));
    let pam = ScriptedPam::new().asks(PROMPT, Some(b"123456")).fails_at(USED);
    assert_eq!(run(pam, &authority), PAM_AUTH_ERR);
    let recovery = Ok(SignedIn { factor: Factor::RecoveryCode { left: 3 }, notices: Vec::new() });
    let authority = ScriptedAuthority::decides("abcd-efgh-ijkl-mnop", recovery);
    let pam = ScriptedPam::new()
        .asks(PROMPT, Some(b"abcd-efgh-ijkl-mnop"))
        .fails_at("info: You have 3 recovery codes left.");
    assert_eq!(run(pam, &authority), PAM_SUCCESS);
}

/// A sign-in after which there is something to tell.
fn with_notice() -> SignedIn {
    let associated = Notice {
        kind: NoticeKind::Associated,
        time: UnixTime(NOW.0 - 3 * 3600),
        serial: Some("GAHT123".parse().unwrap()),
        door: "command-line".into(),
        remote: None,
        count: 1,
    };
    SignedIn { factor: Factor::RecoveryCode { left: 3 }, notices: vec![associated.clone(), associated] }
}

#[test]
fn what_has_happened_is_told_after_success() {
    let told = "info: Device GAHT123 was associated with your account 3 hours ago.";
    let authority = ScriptedAuthority::decides("123456", Ok(with_notice()));
    let pam = ScriptedPam::new()
        .asks(PROMPT, Some(b"123456"))
        .shows(&["info: You have 3 recovery codes left.", told, told], None);
    assert_eq!(run(pam, &authority), PAM_SUCCESS);
}

#[test]
fn the_prompt_is_configurable() {
    let authority = ScriptedAuthority::decides("123456", Ok(by_device()));
    let mut pam = ScriptedPam::new().asks("echoing prompt: Fob: ", Some(b"123456"));
    let code = run_with(&mut pam, &authority, &options(&[c"prompt=Fob: ", c"echo_code"]));
    assert_eq!(code, PAM_SUCCESS);
}

#[test]
fn the_authority_is_told_who_asks() {
    let authority = ScriptedAuthority::decides("123456", Ok(by_device()));
    let pam = ScriptedPam::new().at("192.0.2.7");
    run(pam.asks(PROMPT, Some(b"123456")), &authority);
    let caller =
        Caller { door: Door::Pam { service: "sshd".into() }, remote: Some("192.0.2.7".into()), uid: 0 };
    let asked = (alice(), caller);
    assert_eq!(*authority.callers.borrow(), [asked.clone(), asked]);
}

#[test]
fn names_that_no_account_has_are_refused_and_logged_harmlessly() {
    let cases: [(&[u8], &str); 4] = [
        (b"a\nb", "refused the user name 'a\\u{a}b': the user name has a character that no account name has"),
        (
            b"a\xffb",
            "refused the user name 'a\u{fffd}b': the user name has a character that no account name has",
        ),
        (b"", "refused the user name '': the user name is empty"),
        (
            &[b'x'; 129],
            "refused the user name 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx': the user name is longer \
             than 128 bytes",
        ),
    ];
    for (user, line) in cases {
        let mut pam = ScriptedPam::new().of(Ok(user));
        let code = run_with(&mut pam, &ScriptedAuthority::asked_nothing(), &options(&[]));
        assert_eq!(code, PAM_USER_UNKNOWN);
        assert_eq!(pam.log, [(Level::Notice, line.to_owned())]);
    }
}

#[test]
fn the_log_names_the_remote_host_harmlessly() {
    let authority = ScriptedAuthority::decides("123456", Err(Refused::WrongCode.into()));
    let mut pam = ScriptedPam::new().at("h\u{1b}[2J\n").asks(PROMPT, Some(b"123456"));
    let line = "refused alice: wrong code: type the code the device shows now; rhost=h\\u{1b}[2J\\u{a}";
    run_with(&mut pam, &authority, &options(&[]));
    assert_eq!(pam.log, [(Level::Notice, line.to_owned())]);
}

#[test]
fn the_log_has_no_code_even_with_debug() {
    let authority = ScriptedAuthority::decides("123456", Ok(by_device()));
    let mut pam = ScriptedPam::new().asks(PROMPT, Some(b"123456"));
    run_with(&mut pam, &authority, &options(&[c"debug"]));
    let lines = [
        (Level::Debug, "begin for alice: Ask(Ask { digits: [Digits(6)], offer_resync: false })".to_owned()),
        (Level::Debug, "an answer came".to_owned()),
        (Level::Info, "accepted alice by a code of the device GA-1".to_owned()),
    ];
    assert_eq!(pam.log, lines);
}

/// It says so itself; whom it refused, the module logs.
#[test]
fn whom_the_daemon_has_let_in_is_not_logged_here() {
    let refused = Outcome::Refused(alice(), Refused::WrongCode);
    for (outcome, lines) in [(Outcome::Accepted(alice(), by_device()), 0), (refused, 1)] {
        let mut pam = ScriptedPam::new();
        conclude(&mut pam, &outcome, Decided::ByDaemon, NOW);
        assert_eq!(pam.log.len(), lines, "{outcome:?}");
    }
}

#[test]
fn wrong_options_are_refused_and_all_logged() {
    let root = Uid::from_raw(0);
    let uids = ResUid { real: root, effective: root, saved: root };
    let mut pam = ScriptedPam::new().tells(NO_CHECK);
    assert_eq!(authenticate(&mut pam, &[c"nullok", c"store=x"], Ok(uids)), PAM_SERVICE_ERR);
    let lines = [
        (Level::Error, "refused: there is no option nullok: pam_keyfob(8) lists the options".to_owned()),
        (Level::Error, "refused: the option store= needs an absolute path: begin it with /".to_owned()),
    ];
    assert_eq!(pam.log, lines);
    assert_eq!(pam.delays, [Duration::from_secs(2)]);
}

#[test]
fn who_may_not_open_the_store_is_not_told_that_there_is_no_device() {
    let (root, user) = (Uid::from_raw(0), Uid::from_raw(1000));
    let uids = ResUid { real: user, effective: root, saved: root };
    let mut pam = ScriptedPam::new().tells(NO_CHECK);
    assert_eq!(authenticate(&mut pam, &[], Ok(uids)), PAM_AUTHINFO_UNAVAIL);
    assert_eq!(pam.log.len(), 1);
    assert!(pam.log.iter().all(|(level, text)| *level == Level::Error && text.contains("1000, 0 and 0")));
}
