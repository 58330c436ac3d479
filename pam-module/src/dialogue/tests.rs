#![allow(clippy::unwrap_used, clippy::unnecessary_wraps)]

use keyfob_authority::{Door, Factor, SignedIn, Unusable};
use keyfob_core::{Digits, PairRefusal, Throttled};

use super::*;
use crate::testing::{ScriptedAuthority, ScriptedPam, alice, ask};

const PROMPT: &str = "prompt: Authentication Code: ";
const BOTH: &str = "prompt: Password & Authentication Code: ";

fn accepted() -> Result<SignedIn, Error> {
    Ok(SignedIn { factor: Factor::Device("GA-1".parse().unwrap()), notices: Vec::new() })
}

fn wrong() -> Result<SignedIn, Error> {
    Err(Refused::WrongCode.into())
}

fn throttled() -> Begin {
    Begin::Throttled(Throttled::Locked)
}

fn hold(pam: &mut ScriptedPam, authority: &ScriptedAuthority, arguments: &[&CStr]) -> Outcome {
    let caller = Caller { door: Door::Pam { service: "sshd".into() }, remote: None, uid: 0 };
    let options = Options::parse(arguments).unwrap();
    Dialogue { pam, authority, options: &options, account: alice(), caller }.hold()
}

fn run(mut pam: ScriptedPam, authority: &ScriptedAuthority, option: &CStr) -> Outcome {
    hold(&mut pam, authority, &[option])
}

fn is_wrong_code(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Refused(_, Refused::WrongCode))
}

fn is_throttled(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Refused(_, Refused::Throttled(_)))
}

#[test]
fn try_first_pass_does_not_ask_where_the_password_is_the_code() {
    let authority = ScriptedAuthority::decides("123456", accepted());
    let outcome = run(ScriptedPam::new().with_password(b"123456"), &authority, c"try_first_pass");
    assert!(matches!(outcome, Outcome::Accepted(..)), "{outcome:?}");
}

#[test]
fn try_first_pass_asks_where_there_is_no_password() {
    let authority = ScriptedAuthority::decides("123456", accepted());
    let outcome = run(ScriptedPam::new().asks(PROMPT, Some(b"123456")), &authority, c"try_first_pass");
    assert!(matches!(outcome, Outcome::Accepted(..)), "{outcome:?}");
}

#[test]
fn try_first_pass_asks_where_the_password_is_refused() {
    for refused in [Refused::Malformed, Refused::WrongCode, Refused::AlreadyUsed] {
        let authority = ScriptedAuthority::decides("secret", Err(refused.into()))
            .then_begins(Ok(ask()))
            .then_decides("123456", wrong());
        let pam = ScriptedPam::new().with_password(b"secret").asks(PROMPT, Some(b"123456"));
        let outcome = run(pam, &authority, c"try_first_pass");
        assert!(is_wrong_code(&outcome), "{outcome:?}");
    }
}

#[test]
fn a_throttle_after_try_first_pass_ends_the_sign_in() {
    let authority = ScriptedAuthority::decides("000000", wrong()).then_begins(Ok(throttled()));
    let outcome = run(ScriptedPam::new().with_password(b"000000"), &authority, c"try_first_pass");
    assert!(is_throttled(&outcome), "{outcome:?}");
    let authority = ScriptedAuthority::decides("000000", Err(Refused::Throttled(Throttled::Locked).into()));
    let outcome = run(ScriptedPam::new().with_password(b"000000"), &authority, c"try_first_pass");
    assert!(is_throttled(&outcome), "{outcome:?}");
}

#[test]
fn what_ends_try_first_pass_is_never_no_device() {
    let authority = ScriptedAuthority::decides("000000", Err(Unusable::NoOutcome.into()));
    let outcome = run(ScriptedPam::new().with_password(b"000000"), &authority, c"try_first_pass");
    assert!(matches!(outcome, Outcome::Unusable(..)), "{outcome:?}");
    let authority = ScriptedAuthority::decides("000000", wrong()).then_begins(Ok(Begin::NotRequired));
    let outcome = run(ScriptedPam::new().with_password(b"000000"), &authority, c"try_first_pass");
    assert!(matches!(outcome, Outcome::Refused(_, Refused::NoDevice(_))), "{outcome:?}");
}

#[test]
fn the_log_says_what_became_of_the_first_pass_and_not_what_it_was() {
    let authority = ScriptedAuthority::decides("secret", Err(Refused::Malformed.into()))
        .then_begins(Ok(ask()))
        .then_decides("123456", accepted());
    let mut pam = ScriptedPam::new().with_password(b"secret").asks(PROMPT, Some(b"123456"));
    hold(&mut pam, &authority, &[c"try_first_pass"]);
    let line =
        "refused alice the password as a code, so asks: that is not a code: type the digits the device shows";
    assert_eq!(pam.log, [(Level::Notice, line.to_owned())]);
}

#[test]
fn use_first_pass_never_asks() {
    let authority = ScriptedAuthority::decides("123456", accepted());
    let outcome = run(ScriptedPam::new().with_password(b"123456"), &authority, c"use_first_pass");
    assert!(matches!(outcome, Outcome::Accepted(..)), "{outcome:?}");
    let authority = ScriptedAuthority::decides("123456", wrong());
    let outcome = run(ScriptedPam::new().with_password(b"123456"), &authority, c"use_first_pass");
    assert!(is_wrong_code(&outcome), "{outcome:?}");
}

#[test]
fn use_first_pass_without_a_password_is_an_empty_answer() {
    let nobody_asked = ScriptedPam::new();
    let too_long = ScriptedPam::new().with_password(&[b'1'; 513]);
    for pam in [nobody_asked, too_long] {
        let authority = ScriptedAuthority::decides("", Err(Refused::Malformed.into()));
        let outcome = run(pam, &authority, c"use_first_pass");
        assert!(matches!(outcome, Outcome::Refused(_, Refused::Malformed)), "{outcome:?}");
    }
}

#[test]
fn forward_pass_splits_keeps_and_decides_nothing() {
    for (typed, password, code) in [
        ("secret123456", "secret", "123456"),
        ("secret", "secret", ""),
        ("secreta2cd-efgh-ijkl-mn5p", "secret", "a2cd-efgh-ijkl-mn5p"),
    ] {
        let mut pam = ScriptedPam::new().asks(BOTH, Some(typed.as_bytes()));
        let outcome = hold(&mut pam, &ScriptedAuthority::begins(Ok(ask())), &[c"forward_pass"]);
        assert!(matches!(outcome, Outcome::Forwarded), "{outcome:?}");
        assert_eq!(pam.password.as_deref(), Some(password.as_bytes()));
        assert_eq!(pam.kept.as_deref(), Some(code));
    }
}

#[test]
fn a_code_alone_is_not_forwarded() {
    let too_long = [b'1'; 513];
    for typed in [Some(b"123456".as_slice()), Some(b""), Some(&too_long), None] {
        let mut pam = ScriptedPam::new().asks(BOTH, typed);
        let outcome = hold(&mut pam, &ScriptedAuthority::begins(Ok(ask())), &[c"forward_pass"]);
        assert!(matches!(outcome, Outcome::NoPassword(_)), "{outcome:?}");
        assert_eq!((pam.password.take(), pam.kept.as_deref()), (None, Some("")));
    }
}

#[test]
fn forward_pass_guesses_no_length() {
    let begin = || {
        let digits = [6, 8].map(|digits| Digits::new(digits).unwrap()).to_vec();
        ScriptedAuthority::begins(Ok(Begin::Ask(Ask { digits, offer_resync: false })))
    };
    let mut pam = ScriptedPam::new().asks(BOTH, Some(b"secret99123456"));
    let outcome = hold(&mut pam, &begin(), &[c"forward_pass"]);
    assert!(matches!(outcome, Outcome::AmbiguousCode(_)), "{outcome:?}");
    assert_eq!((pam.password.take(), pam.kept.as_deref()), (None, Some("")));
    let mut pam = ScriptedPam::new().asks(BOTH, Some(b"secret99 123456"));
    let outcome = hold(&mut pam, &begin(), &[c"forward_pass"]);
    assert!(matches!(outcome, Outcome::Forwarded), "{outcome:?}");
    assert_eq!(
        (pam.password.as_deref(), pam.kept.as_deref()),
        (Some(b"secret99".as_slice()), Some("123456"))
    );
}

#[test]
fn forward_pass_has_its_prompt_and_asks_only_where_a_code_is_needed() {
    let mut pam = ScriptedPam::new().asks("prompt: Both: ", Some(b"secret123456"));
    let authority = ScriptedAuthority::begins(Ok(ask()));
    hold(&mut pam, &authority, &[c"forward_pass", c"prompt=Both: "]);
    let mut pam = ScriptedPam::new().with_code("111111");
    let outcome = hold(&mut pam, &ScriptedAuthority::begins(Ok(Begin::NotRequired)), &[c"forward_pass"]);
    assert!(matches!(outcome, Outcome::NoDevice), "{outcome:?}");
    assert_eq!((pam.password.take(), pam.kept.take()), (None, None));
    let outcome = run(ScriptedPam::new(), &ScriptedAuthority::begins(Ok(throttled())), c"forward_pass");
    assert!(is_throttled(&outcome), "{outcome:?}");
}

#[test]
fn forward_pass_without_an_answer_keeps_an_empty_code() {
    let mut pam = ScriptedPam::new().fails_at(BOTH);
    let outcome = hold(&mut pam, &ScriptedAuthority::begins(Ok(ask())), &[c"forward_pass"]);
    assert!(matches!(outcome, Outcome::ConversationFailed), "{outcome:?}");
    assert_eq!((pam.password.take(), pam.kept.as_deref()), (None, Some("")));
    let pam = ScriptedPam::new().out_of_memory();
    let outcome = run(pam, &ScriptedAuthority::begins(Ok(ask())), c"forward_pass");
    assert!(matches!(outcome, Outcome::NotKept), "{outcome:?}");
}

#[test]
fn a_forwarded_code_is_verified_once_and_never_asked_for() {
    let mut pam = ScriptedPam::new().with_code("123456").with_password(b"secret");
    let outcome = hold(&mut pam, &ScriptedAuthority::decides("123456", accepted()), &[c"use_forwarded_code"]);
    assert!(matches!(outcome, Outcome::Accepted(..)), "{outcome:?}");
    let outcome = hold(&mut pam, &ScriptedAuthority::begins(Ok(ask())), &[c"use_forwarded_code"]);
    assert!(matches!(outcome, Outcome::NothingForwarded(_)), "{outcome:?}");
}

#[test]
fn a_kept_code_is_gone_whatever_comes_of_it() {
    for begin in [Ok(Begin::NotRequired), Ok(throttled()), Err(Unusable::NoOutcome.into())] {
        let mut pam = ScriptedPam::new().with_code("123456");
        hold(&mut pam, &ScriptedAuthority::begins(begin), &[c"use_forwarded_code"]);
        assert_eq!(pam.kept, None);
    }
}

#[test]
fn after_publickey_wants_a_public_key_of_accounts_without_a_device() {
    let without_device = |pam| {
        let authority = ScriptedAuthority::begins(Ok(Begin::NotRequired));
        run(pam, &authority, c"after_publickey")
    };
    for methods in ["publickey", "publickey ssh-ed25519 AAAA\n", "publickey\npassword\n"] {
        let outcome = without_device(ScriptedPam::new().after(methods.as_bytes()));
        assert!(matches!(outcome, Outcome::PublicKeyAlone(_)), "{methods:?}: {outcome:?}");
    }
    for methods in ["", "password\npublickey ssh-ed25519 AAAA\n", "publickeys", "Publickey", " publickey"] {
        let outcome = without_device(ScriptedPam::new().after(methods.as_bytes()));
        assert!(matches!(outcome, Outcome::NoPublicKey(_)), "{methods:?}: {outcome:?}");
    }
    assert!(matches!(without_device(ScriptedPam::new()), Outcome::NoPublicKey(_)));
}

#[test]
fn after_publickey_changes_nothing_for_accounts_with_a_device() {
    let pam = ScriptedPam::new().after(b"publickey").asks(PROMPT, Some(b"123456"));
    let outcome = run(pam, &ScriptedAuthority::decides("123456", wrong()), c"after_publickey");
    assert!(is_wrong_code(&outcome), "{outcome:?}");
    let authority = ScriptedAuthority::begins(Err(Unusable::NoOutcome.into()));
    let outcome = run(ScriptedPam::new().after(b"publickey"), &authority, c"after_publickey");
    assert!(matches!(outcome, Outcome::Unusable(..)), "{outcome:?}");
}

fn offered(answer: &[u8]) -> ScriptedPam {
    ScriptedPam::new().shows(&[&format!("info: {OFFER}"), PROMPT], Some(answer))
}

#[test]
fn two_codes_resynchronise_and_the_next_one_signs_in() {
    for typed in ["123456 234567", " 123456\t 234567 "] {
        let authority = ScriptedAuthority::offers()
            .then_resynchronises(["123456", "234567"], Ok("GA-1".parse().unwrap()))
            .then_decides("345678", accepted());
        let mut pam = offered(typed.as_bytes())
            .shows(&["info: Device resynchronised: type its next code.", PROMPT], Some(b"345678"));
        let outcome = hold(&mut pam, &authority, &[]);
        assert!(matches!(outcome, Outcome::Accepted(..)), "{outcome:?}");
        assert_eq!(pam.log, [(Level::Info, "resynchronised the device GA-1 of alice".to_owned())]);
    }
}

#[test]
fn a_refused_pair_is_a_wrong_answer() {
    let refused = Refused::Pair(PairRefusal::NotConsecutive);
    let authority =
        ScriptedAuthority::offers().then_resynchronises(["123456", "234567"], Err(refused.into()));
    let outcome = hold(&mut offered(b"123456 234567"), &authority, &[]);
    assert!(matches!(outcome, Outcome::Refused(_, Refused::Pair(_))), "{outcome:?}");
}

#[test]
fn a_resync_alone_lets_nobody_in() {
    let authority = ScriptedAuthority::offers()
        .then_resynchronises(["123456", "234567"], Ok("GA-1".parse().unwrap()))
        .then_decides("345678 456789", Err(Refused::Malformed.into()));
    let again = ["info: Device resynchronised: type its next code.", PROMPT];
    let mut pam = offered(b"123456 234567").shows(&again, Some(b"345678 456789"));
    let outcome = hold(&mut pam, &authority, &[]);
    assert!(matches!(outcome, Outcome::Refused(_, Refused::Malformed)), "{outcome:?}");
}

#[test]
fn a_code_is_taken_where_a_resync_is_offered() {
    for typed in ["123456", "123456 ", "12345 234567", "123456 234567 345678", "123456-234567"] {
        let authority = ScriptedAuthority::offers().then_decides(typed, wrong());
        assert!(is_wrong_code(&hold(&mut offered(typed.as_bytes()), &authority, &[])));
    }
}

#[test]
fn a_pair_without_an_offer_is_decided_on_as_any_text() {
    let authority = ScriptedAuthority::decides("123456 234567", Err(Refused::Malformed.into()));
    let outcome = hold(&mut ScriptedPam::new().asks(PROMPT, Some(b"123456 234567")), &authority, &[]);
    assert!(matches!(outcome, Outcome::Refused(_, Refused::Malformed)), "{outcome:?}");
}

#[test]
fn groups_that_nobody_knows_are_logged() {
    let authority =
        ScriptedAuthority::begins(Ok(Begin::NotRequired)).without_groups(&["contractors", "a\nb"]);
    let mut pam = ScriptedPam::new();
    hold(&mut pam, &authority, &[]);
    let line = |group| {
        let text = format!(
            "the policy names the group {group}, which the name service does not have: it exempts nobody"
        );
        (Level::Error, text)
    };
    assert_eq!(pam.log, [line("contractors"), line("a\\u{a}b")]);
}

/// At least so long; sleeping is never shorter than it should be, however fast or slow the machine is.
fn takes(least: Duration, pam: ScriptedPam, authority: &ScriptedAuthority, option: &CStr) {
    let start = Instant::now();
    let outcome = run(pam, authority, option);
    assert!(outcome.is_refusal() && start.elapsed() >= least, "{outcome:?} after {:?}", start.elapsed());
}

#[test]
fn refusals_come_at_one_time_at_the_earliest() {
    let unknown = || Err(Refused::UnknownAccount(alice()).into());
    for begin in [Ok(throttled()), unknown()] {
        takes(EARLIEST_REFUSAL, ScriptedPam::new(), &ScriptedAuthority::begins(begin), c"debug");
    }
    for refused in [Refused::WrongCode, Refused::NoDevice(alice()), Refused::Throttled(Throttled::Locked)] {
        let authority = ScriptedAuthority::decides("123456", Err(refused.into()));
        takes(EARLIEST_REFUSAL, ScriptedPam::new().asks(PROMPT, Some(b"123456")), &authority, c"debug");
    }
    let authority = ScriptedAuthority::offers()
        .then_resynchronises(["123456", "234567"], Err(Refused::Pair(PairRefusal::NotConsecutive).into()));
    takes(EARLIEST_REFUSAL, offered(b"123456 234567"), &authority, c"debug");
}

#[test]
fn a_refusal_is_held_back_from_when_the_code_was_entered() {
    let authority = ScriptedAuthority::decides("123456", wrong());
    let pam = ScriptedPam::new().slowly(EARLIEST_REFUSAL).asks(PROMPT, Some(b"123456"));
    takes(EARLIEST_REFUSAL * 2, pam, &authority, c"debug");
}

#[test]
fn the_first_pass_is_refused_as_late_as_a_code_that_was_typed() {
    let authority =
        ScriptedAuthority::decides("secret", wrong()).then_begins(Ok(ask())).then_decides("123456", wrong());
    let pam = ScriptedPam::new().with_password(b"secret").asks(PROMPT, Some(b"123456"));
    takes(EARLIEST_REFUSAL * 2, pam, &authority, c"try_first_pass");
}
