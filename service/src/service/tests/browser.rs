//! Actions with the cookie of a browser in place of a signature.

use keyfob_authority::{Begin, SessionToken};
use serde_json::Value;

use super::*;

pub const TOKEN: &str = "abcDEF012+/=";
pub const REMOVED: &str = "__Host-keyfob=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict";
const LIST: &str = "Action=ListUsers&Version=2010-05-08";
const GET_SESSION: &str = "Action=GetSession&Version=2026-11-24";

/// What a page of ours sends before anybody has signed in.
pub fn post(path: &str, body: impl Into<Vec<u8>>) -> Request {
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("host", "localhost:8080")
        .header("content-type", FORM)
        .header("accept", "application/json")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body.into()))
        .unwrap()
}

/// And with a session.
pub fn in_session(path: &str, body: impl Into<Vec<u8>>) -> Request {
    let csrf = crate::csrf::token(&SessionToken::new(TOKEN.into()));
    let request = with(post(path, body), "cookie", &format!("__Host-keyfob={TOKEN}"));
    with(request, "x-keyfob-csrf", &csrf)
}

/// A request with another header in place of the one that it has.
pub fn with(mut request: Request, name: &'static str, value: &str) -> Request {
    request.headers_mut().insert(name, value.parse().unwrap());
    request
}

/// A request with one more header.
pub fn and(mut request: Request, name: &'static str, value: &str) -> Request {
    request.headers_mut().append(name, value.parse().unwrap());
    request
}

/// A request without a header.
pub fn without(mut request: Request, name: &str) -> Request {
    request.headers_mut().remove(name);
    request
}

/// A daemon that finds every password and code right.
pub fn right() -> Fake {
    Fake { sign_in: Some(Begin::NotRequired), ..Fake::default() }
}

/// The status, the answer and the cookie that is set, if one is.
pub fn told(fake: Fake, request: Request) -> (u16, Value, Option<String>) {
    let (head, body) = responses(fake, vec![request]).remove(0);
    let cookies: Vec<_> = head.headers.get_all("set-cookie").iter().collect();
    assert!(cookies.len() < 2 && head.headers["cache-control"] == "no-store", "{:?}", head.headers);
    let cookie = cookies.first().map(|cookie| cookie.to_str().unwrap().to_owned());
    (head.status.as_u16(), serde_json::from_str(&body).unwrap_or_default(), cookie)
}

#[track_caller]
pub fn is_refused(request: Request, status: u16, code: &str) {
    let fake = right();
    let (asked, is_action) = (fake.asked(), request.uri().path() == "/");
    let (found, answer, cookie) = told(fake, request);
    assert_eq!((found, answer["Error"]["Code"].as_str(), asked()), (status, Some(code), 0), "{answer}");
    assert_eq!(cookie.as_deref(), (code == "NotSignedIn" && !is_action).then_some(REMOVED));
}

#[test]
fn a_session_is_as_good_as_a_signature() {
    let fake = Fake::default();
    let asked = fake.asked();
    assert_eq!((told(fake, in_session("/", LIST)).0, asked()), (500, 1), "it came to the daemon");
}

#[test]
fn a_page_is_told_what_it_has_to_say() {
    let (status, answer, cookie) = told(right(), without(in_session("/", GET_SESSION), "x-keyfob-csrf"));
    let csrf = crate::csrf::token(&SessionToken::new(TOKEN.into()));
    let expected = serde_json::json!({
        "UserName": "alice", "Role": "Administrator", "WithCode": false, "NeedsCode": false, "CsrfToken": csrf,
        "SignedIn": "2026-11-24T15:55:17Z", "IdleExpiration": "2026-11-24T15:57:17Z", "Expiration": "2026-11-24T15:58:17Z",
    });
    assert_eq!((status, &answer["GetSessionResponse"]["GetSessionResult"]), (200, &expected), "{answer}");
    assert_eq!(cookie, None);
}

#[test]
fn every_other_action_says_it() {
    let other = crate::csrf::token(&SessionToken::new("other".into()));
    let right = crate::csrf::token(&SessionToken::new(TOKEN.into()));
    for body in [LIST, ENABLE, "Action=ListSessions&Version=2026-11-24"] {
        let request = || in_session("/", body);
        is_refused(without(request(), "x-keyfob-csrf"), 403, "CrossSiteRequest");
        is_refused(and(request(), "x-keyfob-csrf", &right), 403, "CrossSiteRequest");
        for wrong in ["", "x", &other, &right[1..], &right.to_uppercase()] {
            is_refused(with(request(), "x-keyfob-csrf", wrong), 403, "CrossSiteRequest");
        }
    }
}

#[test]
fn another_sites_posts_are_refused_whatever_they_ask_for() {
    let paths = [
        ("/", LIST),
        ("/", GET_SESSION),
        ("/sign-in", "UserName=alice&Password=x"),
        ("/sign-in/code", "Code=123456"),
    ];
    let resync = ("/sign-in/resync", "AuthenticationCode1=123456&AuthenticationCode2=654321");
    for (path, body) in paths.into_iter().chain([resync, ("/sign-out", "")]) {
        let request = || in_session(path, body);
        for site in ["cross-site", "same-site", "none", "", "Same-Origin", "same-origin, same-origin"] {
            is_refused(with(request(), "sec-fetch-site", site), 403, "CrossSiteRequest");
        }
        is_refused(and(request(), "sec-fetch-site", "same-origin"), 403, "CrossSiteRequest");
        let silent = || without(request(), "sec-fetch-site");
        is_refused(silent(), 403, "CrossSiteRequest");
        for origin in [
            "null",
            "http://evil.example",
            "https://localhost:8080",
            "http://localhost",
            "localhost:8080",
            "",
        ] {
            is_refused(with(silent(), "origin", origin), 403, "CrossSiteRequest");
        }
        let twice = and(with(silent(), "origin", "http://localhost:8080"), "origin", "http://localhost:8080");
        is_refused(twice, 403, "CrossSiteRequest");
        let ours = with(silent(), "origin", "http://localhost:8080");
        assert_ne!(told(right(), ours).1["Error"]["Code"], "CrossSiteRequest", "{path}");
    }
}

#[test]
fn nothing_is_done_by_reading() {
    for path in ["/", "/sign-in", "/sign-in/code", "/sign-in/resync", "/sign-out"] {
        let fake = right();
        let asked = fake.asked();
        let mut request = in_session(path, "");
        *request.method_mut() = Method::GET;
        assert_eq!((responses(fake, vec![request])[0].0.status.as_u16(), asked()), (405, 0), "{path}");
    }
}

#[test]
fn without_a_cookie_nobody_is_signed_in() {
    let bare = |body: &str| without(in_session("/", body), "cookie");
    is_refused(bare(LIST), 403, "NotSignedIn");
    is_refused(bare(GET_SESSION), 403, "NotSignedIn");
    is_refused(with(bare(LIST), "cookie", "other=1"), 403, "NotSignedIn");
    is_refused(with(bare(LIST), "cookie", "__Host-keyfob=a b"), 403, "NotSignedIn");
    let twice = format!("__Host-keyfob={TOKEN}; __Host-keyfob={TOKEN}");
    is_refused(with(bare(LIST), "cookie", &twice), 403, "NotSignedIn");
}

#[test]
fn a_session_that_is_forged_or_has_ended_is_none() {
    for body in [LIST, GET_SESSION, "Action=Nothing", "", "x"] {
        let fake = Fake { signer: Err(AccessRefusal::NotSignedIn), ..Fake::default() };
        let (status, answer, cookie) = told(fake, in_session("/", body));
        assert_eq!((status, answer["Error"]["Code"].as_str()), (403, Some("NotSignedIn")), "{body}");
        assert_eq!(answer["Error"]["Reason"], "not-signed-in");
        assert_eq!(cookie, None, "another page may be between password and code");
    }
}

#[test]
fn a_request_has_a_signature_or_a_cookie_and_not_both() {
    let cookie = format!("__Host-keyfob={TOKEN}");
    for cookie in [&*cookie, "__Host-keyfob=", "a=b; __Host-keyfob=x; __Host-keyfob=y"] {
        let (status, code) = answer_to(Fake::default(), with(iam(LIST), "cookie", cookie));
        assert_eq!((status, &*code), (403, "AmbiguousAuthentication"), "{cookie}");
    }
    assert_eq!(
        answer_to(Fake::default(), with(iam(LIST), "cookie", "a=b")).0,
        500,
        "other cookies don't matter"
    );
}

#[test]
fn programs_that_don_t_sign_are_told_to() {
    let request = without(without(in_session("/", LIST), "cookie"), "sec-fetch-site");
    is_refused(request, 403, "MissingAuthenticationToken");
}

#[test]
fn a_signature_has_no_session() {
    let request = with(request("keyfob", FORM, GET_SESSION.into()), "accept", "application/json");
    is_refused(request, 403, "NotSignedIn");
}

#[test]
fn pages_are_told_why_in_a_word_and_from_when_on_to_try_again() {
    let until = keyfob_core::UnixTime(NOW.0 + 30);
    for (refusal, code, reason, retry_at) in [
        (Refused::WrongCode, "InvalidAuthenticationCode", "wrong-code", None),
        (Refused::AlreadyUsed, "InvalidAuthenticationCode", "already-used", None),
        (
            keyfob_core::PairRefusal::NotConsecutive.into(),
            "InvalidAuthenticationCode",
            "not-consecutive",
            None,
        ),
        (
            Throttled::Until(until).into(),
            "EntityTemporarilyUnmodifiable",
            "throttled",
            Some("2026-11-24T15:55:47Z"),
        ),
        (Throttled::Locked.into(), "EntityTemporarilyUnmodifiable", "locked", None),
        (AccessRefusal::CodeRequired.into(), "AccessDenied", "code-required", None),
    ] {
        let fake = || Fake { refusal: Some(refusal.clone()), ..Fake::default() };
        let (_, answer, _) = told(fake(), in_session("/", ENABLE));
        assert_eq!(answer["Error"]["Code"], code, "{answer}");
        assert_eq!(answer["Error"]["Reason"], reason, "{answer}");
        assert_eq!(answer["Error"].get("RetryAt").and_then(Value::as_str), retry_at, "{answer}");
        let (_, _, xml) = answers(fake(), vec![iam(ENABLE)]).remove(0);
        assert!(!xml.contains("Reason") && !xml.contains("RetryAt"), "{xml}");
    }
}

#[test]
fn a_user_sees_no_difference_between_unknown_taken_and_wrong() {
    let serial = || "GAHT12345678".parse().unwrap();
    let taken = Refused::Taken { serial: serial(), owner: "bob".parse().unwrap() };
    let pairs =
        [keyfob_core::PairRefusal::SameCode, keyfob_core::PairRefusal::WrongLength].map(Refused::from);
    let answer = |refusal| {
        let fake = Fake { signer: Ok(Role::User), refusal: Some(refusal), ..Fake::default() };
        told(fake, in_session("/", ENABLE)).1["Error"].clone()
    };
    let wrong = answer(keyfob_core::PairRefusal::Wrong.into());
    assert_eq!(wrong["Reason"], "wrong-code");
    for refusal in [Refused::UnknownSerialNumber(serial()), taken].into_iter().chain(pairs) {
        assert_eq!(answer(refusal), wrong);
    }
}

#[test]
fn what_a_page_sends_twice_is_done_twice() {
    let fake = Fake { refusal: Some(Refused::WrongCode), ..Fake::default() };
    let asked = fake.asked();
    let requests = [0, 1].map(|_| with(in_session("/", ENABLE), "amz-sdk-invocation-id", "1"));
    responses(fake, requests.into());
    assert_eq!(asked(), 2);
}
