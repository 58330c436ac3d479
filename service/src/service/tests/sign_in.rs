//! The steps of a browser's sign-in.

use keyfob_authority::{Ask, Begin};
use keyfob_core::Digits;
use serde_json::json;

use super::browser::{REMOVED, TOKEN, and, in_session, is_refused, post, right, told, with, without};
use super::*;

const PASSWORD: &str = "UserName=alice&Password=correct+horse";
const RESYNC: &str = "AuthenticationCode1=123456&AuthenticationCode2=654321";

/// Every step, with what it takes.
const STEPS: [(&str, &str); 4] = [
    ("/sign-in", PASSWORD),
    ("/sign-in/code", "Code=123456"),
    ("/sign-in/resync", RESYNC),
    ("/sign-out", ""),
];

fn cookie(number: u32) -> String {
    format!("__Host-keyfob=token/+{number}=; Path=/; Secure; HttpOnly; SameSite=Strict")
}

#[test]
fn a_right_password_says_what_comes_next() {
    let ask = Ask { digits: vec![Digits::SIX, Digits::new(8).unwrap()], offer_resync: true };
    let until = Throttled::Until(keyfob_core::UnixTime(NOW.0 + 30));
    let wait = |at: Option<&str>| json!({ "Next": "Wait", "RetryAt": at });
    for (next, answer, set) in [
        (Begin::NotRequired, json!({ "Next": "Done" }), cookie(0)),
        (Begin::Ask(ask), json!({ "Next": "Code", "Digits": [6, 8], "OfferResync": true }), cookie(0)),
        (Begin::Throttled(until), wait(Some("2026-11-24T15:55:47Z")), REMOVED.into()),
        (Begin::Throttled(Throttled::Locked), wait(None), REMOVED.into()),
    ] {
        let fake = Fake { sign_in: Some(next), ..Fake::default() };
        assert_eq!(told(fake, post("/sign-in", PASSWORD)), (200, answer, Some(set)));
    }
}

#[test]
fn a_right_code_ends_it_and_tells_what_has_happened() {
    let notice = json!({
        "Kind": "device-associated", "Time": "2026-11-24T15:55:17Z", "SerialNumber": "GAHT12345678",
        "Door": "service:alice", "Remote": null, "Count": 1,
    });
    let answer = json!({ "Next": "Done", "RecoveryCodesLeft": 7, "Notices": [notice] });
    let request = without(in_session("/sign-in/code", "Code=123456"), "x-keyfob-csrf");
    assert_eq!(told(right(), request), (200, answer, Some(cookie(0))));
}

#[test]
fn two_codes_find_a_device_again() {
    let answer = json!({ "Next": "Code", "SerialNumber": "GAHT12345678" });
    let request = without(in_session("/sign-in/resync", RESYNC), "x-keyfob-csrf");
    assert_eq!(told(right(), request), (200, answer, Some(cookie(0))));
}

#[test]
fn whoever_signs_out_says_so_on_a_page_of_ours() {
    let fake = right();
    let signed_out = Arc::clone(&fake.signed_out);
    assert_eq!(told(fake, in_session("/sign-out", "")), (200, json!({}), Some(REMOVED.into())));
    assert_eq!(*signed_out.lock().unwrap(), [TOKEN]);
    is_refused(without(in_session("/sign-out", ""), "x-keyfob-csrf"), 403, "CrossSiteRequest");
    is_refused(with(in_session("/sign-out", ""), "x-keyfob-csrf", "x"), 403, "CrossSiteRequest");
    let ended = Fake { refusal: Some(AccessRefusal::NotSignedIn.into()), ..Fake::default() };
    assert_eq!(told(ended, in_session("/sign-out", "")), (200, json!({}), Some(REMOVED.into())));
}

#[test]
fn a_new_sign_in_ends_the_session_before_it() {
    let fake = right();
    let signed_out = Arc::clone(&fake.signed_out);
    assert_eq!(told(fake, in_session("/sign-in", PASSWORD)).0, 200);
    assert_eq!(*signed_out.lock().unwrap(), [TOKEN]);
    let wrong = Fake { refusal: Some(AccessRefusal::WrongPassword.into()), ..Fake::default() };
    let signed_out = Arc::clone(&wrong.signed_out);
    assert_eq!(told(wrong, in_session("/sign-in", PASSWORD)).0, 403);
    assert!(signed_out.lock().unwrap().is_empty(), "a wrong password ends nothing");
}

#[test]
fn each_step_but_the_first_needs_a_session() {
    for (path, body) in &STEPS[1..] {
        is_refused(without(in_session(path, *body), "cookie"), 403, "NotSignedIn");
        is_refused(and(in_session(path, *body), "cookie", "__Host-keyfob=x"), 403, "NotSignedIn");
        if *path != "/sign-out" {
            let fake = Fake { refusal: Some(AccessRefusal::NotSignedIn.into()), ..Fake::default() };
            let (status, answer, set) = told(fake, in_session(path, *body));
            assert_eq!(
                (status, &answer["Error"]["Code"], set.as_deref()),
                (403, &json!("NotSignedIn"), Some(REMOVED))
            );
        }
    }
}

#[test]
fn wrong_codes_leave_the_browser_its_token() {
    let fake = Fake { refusal: Some(Refused::WrongCode), ..Fake::default() };
    let (status, answer, set) = told(fake, in_session("/sign-in/code", "Code=123456"));
    assert_eq!((status, &answer["Error"]["Reason"], set), (403, &json!("wrong-code"), None));
}

#[test]
fn wrong_codes_in_a_row_are_told_with_the_offer_of_a_resync() {
    for (refusal, offer) in [
        (Refused::WrongCode, json!(null)),
        (Refused::WrongCodes, json!(true)),
        (Refused::AlreadyUsed, json!(null)),
    ] {
        let fake = Fake { refusal: Some(refusal.clone()), ..Fake::default() };
        let asked = fake.asked();
        let (status, answer, _) = told(fake, in_session("/sign-in/code", "Code=123456"));
        assert_eq!((status, &answer["Error"]["OfferResync"], asked()), (403, &offer, 1), "{refusal:?}");
    }
}

/// A wrong password, an unknown name and one that no account can have.
#[test]
fn nobody_learns_which_names_there_are() {
    let failed = |name: &str| {
        let fake = Fake { refusal: Some(AccessRefusal::WrongPassword.into()), ..Fake::default() };
        let names = Arc::clone(&fake.names);
        let (status, mut answer, set) = told(fake, post("/sign-in", format!("UserName={name}&Password=x")));
        assert_eq!((status, &answer["Error"]["Code"], set), (403, &json!("SignInFailed"), None), "{name}");
        let names = names.lock().unwrap().clone();
        (answer["Error"].take(), names)
    };
    let (alice, names) = failed("alice");
    assert_eq!(names, ["alice"]);
    for name in ["a+b", "a/b", "a%3Ab", "%00", "%0a", "%E2%80%8B"] {
        assert_eq!(failed(name), (alice.clone(), vec!["-".to_owned()]), "as much work as any other");
    }
}

#[test]
fn each_parameter_has_to_be_there_once_and_within_its_limits() {
    let long = |name: &str, length: usize| format!("{name}={}", "1".repeat(length));
    for (path, body) in &STEPS[..3] {
        for (at, parameter) in body.split('&').enumerate() {
            let name = parameter.split('=').next().unwrap();
            let max = match name {
                "UserName" => 128,
                "Password" => 511,
                "Code" => 64,
                _ => 10,
            };
            let changed = |to: Option<String>| {
                let others = body.split('&').enumerate().filter(|(other, _)| *other != at);
                let rest = others.map(|(_, other)| other.to_owned());
                in_session(path, rest.chain(to).collect::<Vec<_>>().join("&"))
            };
            is_refused(changed(None), 400, "ValidationError");
            is_refused(changed(Some(format!("{name}="))), 400, "ValidationError");
            is_refused(changed(Some(long(name, max + 1))), 400, "ValidationError");
            is_refused(in_session(path, format!("{body}&{parameter}")), 400, "MalformedQueryString");
            assert_eq!(told(right(), changed(Some(long(name, max)))).0, 200, "{name}");
        }
    }
    for (path, body) in [("/sign-in", "UserName=a&Password=a%00b"), ("/sign-in/code", "Code=1%00")] {
        is_refused(in_session(path, body), 400, "ValidationError");
    }
}

#[test]
fn no_secret_is_shown_again() {
    for (path, body) in [("/sign-in", "UserName=a&Password=hunter2%00"), ("/sign-in/code", "Code=271828%00")]
    {
        let answer = told(right(), in_session(path, body)).1.to_string();
        assert!(!answer.contains("hunter2") && !answer.contains("271828"), "{answer}");
    }
}

#[test]
fn a_step_is_a_form_of_64_kib_at_most() {
    for (path, body) in STEPS {
        for kind in ["application/json", "text/plain", "multipart/form-data", ""] {
            is_refused(with(in_session(path, body), "content-type", kind), 400, "MalformedQueryString");
        }
        for body in [&b"{\"UserName\":1}"[..], b"UserName", b"UserName=%", b"UserName=\xff"] {
            is_refused(in_session(path, body), 400, "MalformedQueryString");
        }
        let long = format!("x={}", "x".repeat(form::MAX_BODY - 1));
        is_refused(in_session(path, long), 413, "RequestEntityTooLarge");
    }
}

#[test]
fn whoever_fails_too_often_waits_and_nobody_else_does() {
    let fake = Fake { refusal: Some(AccessRefusal::WrongPassword.into()), ..Fake::default() };
    let asked = fake.asked();
    let heads: Vec<_> = responses(fake, (0..7).map(|_| post("/sign-in", PASSWORD)).collect());
    let statuses: Vec<_> = heads.iter().map(|(head, _)| head.status.as_u16()).collect();
    assert_eq!((statuses, asked()), (vec![403, 403, 403, 403, 403, 429, 429], 5));
    let (head, body) = &heads[5];
    assert_eq!(head.headers["retry-after"], "1");
    let answer: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(answer["Error"]["Code"], "TooManyRequests");
}

#[test]
fn right_passwords_and_what_can_t_be_checked_are_no_failures() {
    for fake in [right(), Fake::default()] {
        let expected = if fake.sign_in.is_some() { 200 } else { 500 };
        let heads = responses(fake, (0..30).map(|_| post("/sign-in", PASSWORD)).collect());
        assert!(heads.iter().all(|(head, _)| head.status.as_u16() == expected));
    }
}

#[test]
fn codes_of_clients_are_never_limited_here() {
    let fake = Fake { refusal: Some(Refused::WrongCode), ..Fake::default() };
    let wrong = |number: u32| iam(ENABLE.replace("123456", &format!("{number:06}")));
    let told = answers(fake, (0..50).map(wrong).collect());
    assert!(told.iter().all(|(status, code, _)| (*status, &**code) == (403, "InvalidAuthenticationCode")));
}

/// Behind a proxy browsers come by TLS, so their pages have an origin with https.
#[test]
fn an_origin_has_the_scheme_that_browsers_use() {
    use crate::csrf::{Scheme, check_origin};

    let headers =
        |origin: &str| with(without(post("/", ""), "sec-fetch-site"), "origin", origin).headers().clone();
    for (origin, scheme, is_ours) in [
        ("http://localhost:8080", Scheme::Http, true),
        ("https://localhost:8080", Scheme::Http, false),
        ("https://localhost:8080", Scheme::Https, true),
        ("https://LOCALHOST:8080", Scheme::Https, true),
        ("http://localhost:8080", Scheme::Https, false),
    ] {
        assert_eq!(check_origin(&headers(origin), scheme).is_ok(), is_ours, "{origin} {scheme:?}");
    }
    for (is_behind_proxy, transport, scheme) in [
        (false, Transport::Plain, Scheme::Http),
        (true, Transport::Plain, Scheme::Https),
        (false, Transport::Tls, Scheme::Https),
    ] {
        assert_eq!(Service::new(Fake::default(), || NOW, is_behind_proxy).scheme(transport), scheme);
    }
}
