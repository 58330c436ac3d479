//! Requests that the AWS command line, boto3 and the client for JavaScript have sent, as they came over the wire (`tests/data`), and what
//! becomes of them when they are changed; a second implementation of the check, scratchstack's, has to agree.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod differential;

use axum::http::{HeaderValue, Request};
use keyfob_authority::SignedRequest;

use super::error::OTHER_PLACE;
use super::*;

/// What the captured requests are signed with: the secret of AWS's own examples.
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// 2026-11-24T15:55:17Z, when they were captured, to a few seconds.
const NOW: UnixTime = UnixTime(1_795_535_717);

const CAPTURED: [(&str, &[u8]); 8] = [
    ("iam", include_bytes!("../../tests/data/signed-requests/aws-cli-enable-mfa-device.http")),
    ("sts", include_bytes!("../../tests/data/signed-requests/aws-cli-get-session-token.http")),
    ("iam", include_bytes!("../../tests/data/signed-requests/boto3-tag-mfa-device.http")),
    ("iam", include_bytes!("../../tests/data/signed-requests/boto3-tag-mfa-device-in-session.http")),
    ("iam", include_bytes!("../../tests/data/signed-requests/javascript-list-mfa-devices.http")),
    ("sts", include_bytes!("../../tests/data/signed-requests/javascript-get-caller-identity.http")),
    ("iam", include_bytes!("../../tests/data/signed-requests/javascript-list-mfa-devices-in-session.http")),
    (
        "sts",
        include_bytes!("../../tests/data/signed-requests/javascript-get-caller-identity-in-session.http"),
    ),
];

/// The places in [`CAPTURED`] of requests that carry a session's token.
const IN_SESSION: [usize; 3] = [3, 6, 7];

/// A request whose parts can be changed.
#[derive(Clone, Debug)]
struct Sent {
    method: String,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

impl Sent {
    fn captured(at: usize) -> Self {
        let bytes = CAPTURED[at].1;
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = str::from_utf8(&bytes[..end]).unwrap();
        let (first, lines) = head.split_once("\r\n").unwrap();
        let words: Vec<&str> = first.split(' ').collect();
        let header = |line: &str| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_ascii_lowercase(), value.trim().as_bytes().to_vec())
        };
        Self {
            method: words[0].into(),
            target: words[1].into(),
            headers: lines.split("\r\n").map(header).collect(),
            body: bytes[end + 4..].to_vec(),
        }
    }

    fn value(&mut self, name: &str) -> &mut Vec<u8> {
        &mut self.headers.iter_mut().find(|(found, _)| found == name).unwrap().1
    }

    fn replaced(mut self, name: &str, from: &str, to: &str) -> Self {
        let value = String::from_utf8(self.value(name).clone()).unwrap();
        assert!(value.contains(from), "{value}");
        *self.value(name) = value.replace(from, to).into_bytes();
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(found, _)| found != name);
        self
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// As the server sees it, where HTTP lets it come so far.
    fn request(&self) -> Option<Request<Vec<u8>>> {
        let mut request = Request::builder().method(self.method.as_str()).uri(&self.target);
        for (name, value) in &self.headers {
            request = request.header(name, HeaderValue::from_bytes(value).ok()?);
        }
        request.body(self.body.clone()).ok()
    }

    fn read(&self, now: UnixTime) -> Result<SignedRequest, SignatureError> {
        let (parts, body) = self.request().unwrap().into_parts();
        signed_request(&parts, Payload::Form(&body), now)
    }

    #[track_caller]
    fn refused(&self, error: &SignatureError) {
        assert_eq!(self.read(NOW).map(|signed| signed.string_to_sign).as_ref(), Err(error));
    }
}

#[test]
fn what_the_clients_send_is_read() {
    for (at, (service, _)) in CAPTURED.iter().enumerate() {
        let signed = Sent::captured(at).read(NOW).unwrap();
        let in_session = IN_SESSION.contains(&at);
        let key = if in_session { "ASIAIOSFODNN7EXAMPLE" } else { "AKIAIOSFODNN7EXAMPLE" };
        assert_eq!(signed.key.as_str(), key);
        assert_eq!((&*signed.date, &*signed.region, &*signed.service), ("20261124", "us-east-1", *service));
        let token = signed.token.as_ref().map(SessionToken::reveal);
        assert_eq!(token, in_session.then_some("AQoDYXdzEJr/+example="));
        assert!(differential::is_signed_by(&signed, SECRET), "{at}");
        assert!(!differential::is_signed_by(&signed, "another secret"), "{at}");
    }
}

#[test]
fn a_request_without_a_signature_is_missing_one() {
    Sent::captured(0).without("authorization").refused(&MissingAuthenticationToken);
}

#[test]
fn a_part_of_the_header_that_is_missing_doubled_or_unknown_is_refused() {
    let changed = |from, to| Sent::captured(0).replaced("authorization", from, to);
    for (from, to) in [
        ("Credential=", "Credentials="),
        ("SignedHeaders=content-type;host;x-amz-date, ", ""),
        ("Signature=", "Credential=a, Signature="),
        ("Signature=", "Signature=, Signature="),
        ("Signature=", "Other=1, Signature="),
        (", Signature=", ",, Signature="),
    ] {
        changed(from, to).refused(&IncompleteSignature(PARTS));
    }
    for algorithm in ["AWS4-HMAC-SHA1 ", "AWS4-HMAC-SHA256\t", "Bearer ", "AWS4-ECDSA-P256-SHA256 "] {
        changed("AWS4-HMAC-SHA256 ", algorithm).refused(&IncompleteSignature(OTHER_ALGORITHM));
    }
    for (from, to) in
        [("Signature=6", "Signature="), ("Signature=6a", "Signature=6A"), ("Signature=6a", "Signature=6g")]
    {
        changed(from, to).refused(&IncompleteSignature(SIGNATURE));
    }
}

#[test]
fn a_credential_that_is_none_is_refused() {
    let changed = |from, to| Sent::captured(0).replaced("authorization", from, to);
    for (from, to) in [
        ("/aws4_request", ""),
        ("/aws4_request", "/aws4_request/more"),
        ("/aws4_request", "/aws4"),
        ("/us-east-1/", "//"),
        ("/us-east-1/", "/US/"),
        ("/iam/", "/i am/"),
    ] {
        changed(from, to).refused(&IncompleteSignature(CREDENTIAL));
    }
    for key in ["AKIA", "AKIAIOSFODNN7EXAMPL", "AKIDIOSFODNN7EXAMPLE", "AKIAIOSFODNN1EXAMPLE", ""] {
        changed("AKIAIOSFODNN7EXAMPLE", key).refused(&InvalidClientTokenId);
    }
}

#[test]
fn the_time_is_that_of_the_scope_and_within_15_minutes() {
    let sent = Sent::captured(0);
    let at = UnixTime(NOW.0 - 1);
    for near in [0, 1, 900] {
        assert!(
            sent.read(UnixTime(at.0 + near)).is_ok() && sent.read(UnixTime(at.0 - near)).is_ok(),
            "{near}"
        );
    }
    for far in [901, 1200, 86_400] {
        for now in [at.0 + far, at.0 - far] {
            assert_eq!(sent.read(UnixTime(now)).map(drop), Err(SignatureError::RequestExpired), "{far}");
        }
    }
    let other_day = sent.clone().replaced("authorization", "/20261124/", "/20261123/");
    other_day.refused(&SignatureError::SignatureDoesNotMatch(OTHER_DATE));
    for time in
        ["20261124T155516", "20261124 155516Z", "20261324T155516Z", "2026-1-4T155516Z", "20261124T15551é", ""]
    {
        let mut changed = sent.clone();
        *changed.value("x-amz-date") = time.into();
        assert!(matches!(changed.read(NOW), Err(IncompleteSignature(DATE | NO_TEXT))), "{time}");
    }
    sent.without("x-amz-date").refused(&IncompleteSignature(NO_DATE));
}

#[test]
fn a_header_that_stands_twice_is_refused() {
    for name in ["authorization", "x-amz-date", "host", "content-type", "x-amz-security-token"] {
        let mut sent = Sent::captured(3);
        let value = String::from_utf8(sent.value(name).clone()).unwrap();
        sent.with(name, &value).refused(&IncompleteSignature(DOUBLED));
    }
}

#[test]
fn what_could_be_changed_on_the_way_has_to_be_signed() {
    for (from, to) in [(";host", ""), (";x-amz-date", ""), ("content-type;", "")] {
        Sent::captured(0).replaced("authorization", from, to).refused(&IncompleteSignature(UNSIGNED));
    }
    Sent::captured(0).with("x-amz-security-token", "T").refused(&IncompleteSignature(UNSIGNED));
    Sent::captured(0).with("x-amz-other", "1").refused(&IncompleteSignature(UNSIGNED));
    for (from, to) in [
        ("content-type;host", "host;content-type"),
        ("content-type;host", "content-type;host;host"),
        ("content-type;host", "Content-Type;host"),
        ("content-type;host", "content-type;;host"),
        ("content-type;host", "content-type;host;not-there"),
    ] {
        Sent::captured(0).replaced("authorization", from, to).refused(&IncompleteSignature(SIGNED_HEADERS));
    }
    Sent::captured(3).without("x-amz-security-token").refused(&IncompleteSignature(SIGNED_HEADERS));
}

#[test]
fn spaces_count_once() {
    let spaced = Sent::captured(4).replaced("amz-sdk-request", "attempt=1; max=3", " attempt=1;   max=3 ");
    assert!(differential::is_signed_by(&spaced.read(NOW).unwrap(), SECRET));
    let joined = Sent::captured(4).replaced("amz-sdk-request", "attempt=1; max=3", "attempt=1;max=3");
    assert!(!differential::is_signed_by(&joined.read(NOW).unwrap(), SECRET));
}

#[test]
fn only_one_place_takes_signed_requests() {
    for target in ["/?", "/?Action=ListUsers", "//", "/other", "/./"] {
        let mut sent = Sent::captured(0);
        sent.target = target.into();
        sent.refused(&SignatureError::SignatureDoesNotMatch(OTHER_PLACE));
    }
}

#[test]
fn the_hash_that_the_sender_claims_is_not_believed() {
    let mut sent = Sent::captured(4);
    sent.body = b"Action=ListUsers&Version=2010-05-08".to_vec();
    assert!(!differential::is_signed_by(&sent.read(NOW).unwrap(), SECRET));
    let unsigned = sent.value("x-amz-content-sha256");
    *unsigned = b"UNSIGNED-PAYLOAD".to_vec();
    assert!(!differential::is_signed_by(&sent.read(NOW).unwrap(), SECRET));
}
