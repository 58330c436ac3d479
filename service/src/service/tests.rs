//! Requests as they come over HTTP, and a daemon that only counts what it is asked.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::option_option,
    clippy::cmp_owned
)]

mod browser;
mod fake;
mod headers;
mod import;
mod model;
mod parameters;
mod sessions;
mod sign_in;
mod site;
mod successes;

use axum::Extension;
use axum::extract::Request;
use axum::http::response::Parts as Head;
use axum::http::{HeaderValue, Method};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use keyfob_authority::{AccessRefusal, Refused, Role};
use keyfob_core::Throttled;

use self::fake::Fake;
use axum::body::to_bytes;

use super::*;
use crate::connections::Peer;
use crate::connections::router;
use crate::headers::Transport;

/// 2026-11-24T15:55:17Z.
const NOW: keyfob_core::UnixTime = keyfob_core::UnixTime(1_795_535_717);

const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";
const ENABLE: &str = "Action=EnableMFADevice&Version=2010-05-08&UserName=alice&SerialNumber=GAHT12345678&\
                      AuthenticationCode1=123456&AuthenticationCode2=654321";

/// An answer's status, code (empty where there is none) and body.
type Told = (u16, String, String);

/// A request that is signed in the right form; whether the signature is good is the fake's to say.
fn request(api: &str, content_type: &str, body: Vec<u8>) -> Request {
    let signature = data_encoding::HEXLOWER.encode(&<sha2::Sha256 as sha2::Digest>::digest(&body));
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/{api}/aws4_request, \
         SignedHeaders=content-type;host;x-amz-date, Signature={signature}"
    );
    Request::builder()
        .method(Method::POST)
        .uri("/")
        .header("host", "localhost:8080")
        .header("content-type", content_type)
        .header("x-amz-date", "20261124T155517Z")
        .header("authorization", authorization)
        .body(Body::from(body))
        .unwrap()
}

fn iam(body: impl Into<Vec<u8>>) -> Request {
    request("iam", FORM, body.into())
}

fn sts(body: impl Into<Vec<u8>>) -> Request {
    request("sts", FORM, body.into())
}

/// What is answered to one request after the other.
fn answers(fake: Fake, requests: Vec<Request>) -> Vec<Told> {
    let told = |(head, body): (Head, String)| (head.status.as_u16(), code(&body), body);
    responses(fake, requests).into_iter().map(told).collect()
}

fn responses(fake: Fake, requests: Vec<Request>) -> Vec<(Head, String)> {
    let service = Arc::new(Service::new(fake, || NOW, false));
    let peer = Peer(std::net::Ipv4Addr::LOCALHOST.into());
    let router =
        TowerToHyperService::new(router(service, Arc::default(), Transport::Plain).layer(Extension(peer)));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut told = Vec::new();
        for request in requests {
            let response = router.call(request).await.unwrap();
            let (head, body) = response.into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap();
            told.push((head, String::from_utf8(body.to_vec()).unwrap()));
        }
        told
    })
}

fn code(body: &str) -> String {
    let after = body.split_once("<Code>").map_or("", |(_, after)| after);
    after.split("</Code>").next().unwrap_or_default().into()
}

fn answer_to(fake: Fake, request: Request) -> (u16, String) {
    let (status, code, _) = answers(fake, vec![request]).remove(0);
    (status, code)
}

#[track_caller]
fn refused(request: Request, status: u16, code: &str) {
    let fake = Fake::default();
    let asked = fake.asked();
    assert_eq!(answer_to(fake, request), (status, code.into()));
    assert_eq!(asked(), 0, "the daemon was asked");
}

#[test]
fn an_action_has_to_be_one_of_its_apis_version() {
    refused(iam("Version=2010-05-08"), 400, "MissingAction");
    refused(iam("Action=&Version=2010-05-08"), 400, "MissingAction");
    refused(iam(""), 400, "MissingAction");
    for action in ["Nothing", "enablemfadevice", "GetCallerIdentity", "%00"] {
        refused(iam(format!("Action={action}&Version=2010-05-08")), 400, "InvalidAction");
    }
    for version in ["", "&Version=", "&Version=2010-05-09", "&Version=2011-06-15"] {
        refused(iam(format!("Action=ListUsers{version}")), 400, "InvalidAction");
    }
}

#[test]
fn an_action_has_to_be_signed_for_its_api() {
    refused(iam("Action=GetCallerIdentity&Version=2011-06-15"), 403, "SignatureDoesNotMatch");
    refused(sts("Action=ListUsers&Version=2010-05-08"), 403, "SignatureDoesNotMatch");
}

#[test]
fn a_body_has_to_be_a_form_in_utf8() {
    for kind in ["application/json", "text/plain", "multipart/form-data", ""] {
        refused(request("iam", kind, ENABLE.into()), 400, "MalformedQueryString");
    }
    for body in [&b"{\"Action\":1}"[..], b"Action", b"Action=%", b"UserName=\xff", b"UserName=%ff"] {
        refused(iam(body), 400, "MalformedQueryString");
    }
}

#[test]
fn a_body_has_64_kib_at_most() {
    let body = |length: usize| format!("{ENABLE}&Filler={}", "x".repeat(length - ENABLE.len() - 8));
    assert_eq!(answer_to(Fake::default(), iam(body(form::MAX_BODY))), (500, "ServiceFailure".into()));
    refused(iam(body(form::MAX_BODY + 1)), 413, "RequestEntityTooLarge");
}

#[test]
fn other_methods_and_paths_are_refused() {
    let status = |method: Method, path: &str| {
        let mut request = iam(ENABLE);
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().unwrap();
        answer_to(Fake::default(), request).0
    };
    assert_eq!(status(Method::GET, "/"), 405);
    assert_eq!(status(Method::POST, "/other"), 404);
    assert_eq!(status(Method::GET, "/healthz"), 200);
}

#[test]
fn whoever_has_not_signed_learns_nothing_about_the_body() {
    for (refusal, code) in [
        (AccessRefusal::UnknownAccessKey, "InvalidClientTokenId"),
        (AccessRefusal::WrongSignature, "SignatureDoesNotMatch"),
        (AccessRefusal::ExpiredSession, "ExpiredToken"),
    ] {
        for body in [ENABLE, "Action=Nothing", "{}", ""] {
            let fake = Fake { signer: Err(refusal), ..Fake::default() };
            assert_eq!(answer_to(fake, iam(body)), (403, code.into()), "{body}");
        }
    }
}

#[test]
fn each_refusal_has_its_code() {
    let alice = || "alice".parse().unwrap();
    let serial = || "GAHT12345678".parse().unwrap();
    for (refusal, status, code) in [
        (Refused::WrongCode, 403, "InvalidAuthenticationCode"),
        (Refused::AlreadyUsed, 403, "InvalidAuthenticationCode"),
        (Refused::Throttled(Throttled::Locked), 409, "EntityTemporarilyUnmodifiable"),
        (Refused::Taken { serial: serial(), owner: alice() }, 409, "EntityAlreadyExists"),
        (Refused::DeviceLimit(alice()), 409, "LimitExceeded"),
        (Refused::HasDevices(alice()), 409, "DeleteConflict"),
        (Refused::UnknownAccount(alice()), 404, "NoSuchEntity"),
        (Refused::UnknownSerialNumber(serial()), 404, "NoSuchEntity"),
        (Refused::Recreated { account: alice(), stored: 1, now: 2 }, 409, "EntityTemporarilyUnmodifiable"),
        (Refused::Access(AccessRefusal::CodeRequired), 403, "AccessDenied"),
    ] {
        let fake = Fake { refusal: Some(refusal), ..Fake::default() };
        assert_eq!(answer_to(fake, iam(ENABLE)), (status, code.into()));
    }
}

#[test]
fn what_somebody_else_has_changed_meanwhile_is_told_to_be_that() {
    use keyfob_authority::{Error, Unusable};

    let raced = Unusable::ConcurrentModification("GAHT12345678".parse().unwrap());
    let failure = Failure::from(Error::from(raced));
    assert_eq!((failure.status().as_u16(), failure.code()), (409, "ConcurrentModification"));
}

#[test]
fn a_user_does_not_learn_which_serial_numbers_there_are() {
    let serial: keyfob_core::SerialNumber = "GAHT12345678".parse().unwrap();
    let taken = Refused::Taken { serial: serial.clone(), owner: "bob".parse().unwrap() };
    for refusal in [Refused::UnknownSerialNumber(serial), taken] {
        let fake = Fake { signer: Ok(Role::User), refusal: Some(refusal), ..Fake::default() };
        assert_eq!(answer_to(fake, iam(ENABLE)), (403, "InvalidAuthenticationCode".into()));
    }
}

#[test]
fn a_request_that_is_sent_again_is_done_once_unless_it_could_not_be_decided() {
    for (refusal, times) in [(Some(Refused::WrongCode), 1), (None, 2)] {
        let fake = Fake { refusal, ..Fake::default() };
        let asked = fake.asked();
        let told = answers(fake, vec![iam(ENABLE), iam(ENABLE)]);
        assert_eq!((asked(), told[0] == told[1]), (times, times == 1), "{told:?}");
    }
}

#[test]
fn a_session_needs_serial_number_and_code() {
    for parameters in ["", "&SerialNumber=GAHT12345678", "&TokenCode=123456"] {
        let body = format!("Action=GetSessionToken&Version=2011-06-15{parameters}");
        refused(sts(body), 403, "AccessDenied");
    }
}
