//! Seed files that a browser sends, to a real store.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::request::Parts;
use hyper::body::{Frame, SizeHint};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::site::{Site, lines};

const FILE: &str = "serial,secret hex\nA1,3132333435363738393031323334353637383930\nA2,3132333435363738393031323334353637383931\n";
const WITH_REJECT: &str = "serial,secret hex\nA1,3132333435363738393031323334353637383930\nA3,31\n";
const CONFLICTING: &str = "serial,secret hex\nA1,4142434445464748494a4142434445464748494a\nA4,3132333435363738393031323334353637383934\n";

/// How many were imported and known, and how many conflict or can't be used.
fn result(site: &Site, query: &str, file: &str) -> [u64; 4] {
    let (status, lines) = site.import(query, file);
    let told = lines.last().unwrap().get("Result").unwrap_or_else(|| panic!("{status} {lines:?}"));
    let count = |name: &str| match &told[name] {
        Value::Array(items) => items.len() as u64,
        number => number.as_u64().unwrap(),
    };
    ["Imported", "Known", "Conflicts", "Rejects"].map(count)
}

fn serials(site: &Site) -> String {
    let (_, listed) = site.ask("admin", &[("Action", "ListDevices")]);
    let devices = listed["Devices"].as_array().unwrap();
    devices.iter().map(|device| device["SerialNumber"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_file_is_imported_once_and_known_then() {
    let site = Site::new();
    assert_eq!(result(&site, "DryRun=true", FILE), [2, 0, 0, 0]);
    assert_eq!(serials(&site), "");
    assert_eq!(result(&site, "Format=csv", FILE), [2, 0, 0, 0]);
    assert_eq!(result(&site, "", FILE), [0, 2, 0, 0]);
    assert_eq!(serials(&site), "A1 A2");
}

#[test]
fn what_can_not_be_used_keeps_all_out_unless_it_is_skipped() {
    let site = Site::new();
    assert_eq!(result(&site, "", WITH_REJECT), [0, 0, 0, 1]);
    assert_eq!(serials(&site), "");
    assert_eq!(result(&site, "SkipRejects=true", WITH_REJECT), [1, 0, 0, 1]);
    assert_eq!(result(&site, "", CONFLICTING), [0, 0, 1, 0]);
    assert_eq!(serials(&site), "A1");
    assert_eq!(result(&site, "SkipRejects=true", CONFLICTING), [1, 0, 1, 0]);
    assert_eq!(serials(&site), "A1 A4");
}

#[test]
fn progress_is_told_and_no_secret_ever() {
    let site = Site::new();
    let rows = (0..1200).map(|row| format!("S{row:04},31323334353637383930313233343536{row:08}\n"));
    let file: String = std::iter::once("serial,secret hex\n".to_owned()).chain(rows).collect();
    let (status, lines) = site.import("DryRun=true", &file);
    assert_eq!(status, 200);
    assert_eq!(
        lines[..lines.len() - 1],
        [serde_json::json!({ "Progress": 500 }), serde_json::json!({ "Progress": 1000 })]
    );
    let told = lines.last().unwrap();
    assert_eq!(told["Result"]["Devices"].as_array().unwrap().len(), 1000);
    assert!(!told.to_string().contains("3132333435"), "{told}");
    let (_, lines) = site.import("", WITH_REJECT);
    assert!(lines.iter().all(|line| !line.to_string().contains("3132333435")), "{lines:?}");
}

#[test]
fn a_file_that_is_none_and_a_wrong_parameter_are_refused() {
    let site = Site::new();
    for (query, file, status, code) in [
        ("", "nothing", 200, "InvalidInput"),
        ("", "", 200, "InvalidInput"),
        ("DryRun=yes", FILE, 400, "ValidationError"),
        ("Format=xls", FILE, 400, "ValidationError"),
        ("DryRun=", FILE, 400, "ValidationError"),
        ("SkipRejects=TRUE", FILE, 400, "ValidationError"),
        ("Format=", FILE, 400, "ValidationError"),
        ("DryRun=true&DryRun=true", FILE, 400, "MalformedQueryString"),
        ("DryRun", FILE, 400, "MalformedQueryString"),
        ("DryRun=%ff", FILE, 400, "MalformedQueryString"),
    ] {
        let (found, lines) = site.import(query, file);
        assert_eq!((found, lines[0]["Error"]["Code"].as_str()), (status, Some(code)), "{query} {file}");
    }
}

/// A file of which so many bytes are promised, if their number is; these come when they come.
struct Promised {
    length: Option<u64>,
    parts: UnboundedReceiver<Bytes>,
}

impl HttpBody for Promised {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(ready!(self.parts.poll_recv(context)).map(|part| Ok(Frame::data(part))))
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

fn promised(length: Option<usize>) -> (UnboundedSender<Bytes>, Body) {
    let (sender, parts) = unbounded_channel();
    (sender, Body::new(Promised { length: length.map(|length| length as u64), parts }))
}

/// What is answered to a signed head whose file never comes, though it is promised.
#[track_caller]
fn is_refused_unread(site: &Site, head: Parts, expected: u16, code: &str) {
    let (_never_comes, file) = promised(Some(FILE.len()));
    is_refused(&lines(site.send(Request::from_parts(head, file))), expected, code);
}

fn hash(file: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(file))
}

#[track_caller]
fn is_refused((status, lines): &(u16, Vec<Value>), expected: u16, code: &str) {
    assert_eq!((*status, lines[0]["Error"]["Code"].as_str()), (expected, Some(code)), "{lines:?}");
}

#[test]
fn who_signs_a_files_hash_imports_it_once() {
    let site = Site::new();
    let send = |query: &str, file: &'static str| {
        let head = site.signed_import_of(("admin", "keyfob"), query, &hash(file));
        lines(site.send(Request::from_parts(head, file.into())))
    };
    let (status, told) = send("SkipRejects=false&DryRun=true&Format=csv", FILE);
    assert_eq!((status, &told[0]["Result"]["Devices"][1]["SerialNumber"]), (200, &"A2".into()), "{told:?}");
    assert_eq!(serials(&site), "");
    assert_eq!(send("", FILE).1[0]["Result"]["Imported"], 2);
    is_refused(&send("", FILE), 200, "AccessDenied");
    site.pass(1);
    assert_eq!(send("", FILE).1[0]["Result"]["Known"], 2, "signed anew");
    let skipped = send("SkipRejects=true", CONFLICTING).1;
    assert_eq!(skipped[0]["Result"]["Imported"], 1, "{skipped:?}");
    assert_eq!(serials(&site), "A1 A2 A4");
}

/// The file is not waited for where its sender may not import it, or nobody has signed what is asked for.
#[test]
fn a_signed_file_is_refused_unread_unless_all_about_it_is_signed() {
    let site = Site::new();
    let head = |who| site.signed_import_of(who, "DryRun=true", &hash(FILE));
    let admin = || head(("admin", "keyfob"));
    let changed = |name: &'static str, value: &str| {
        let mut head = admin();
        head.headers.insert(name, value.parse().unwrap());
        head
    };
    is_refused_unread(&site, head(("alice", "keyfob")), 403, "AccessDenied");
    is_refused_unread(&site, head(("admin", "iam")), 403, "SignatureDoesNotMatch");
    is_refused_unread(&site, changed("x-amz-content-sha256", &hash("other")), 403, "SignatureDoesNotMatch");
    for no_hash in ["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "", &hash(FILE).to_uppercase()]
    {
        is_refused_unread(&site, changed("x-amz-content-sha256", no_hash), 403, "IncompleteSignature");
    }
    let mut without_hash = admin();
    without_hash.headers.remove("x-amz-content-sha256");
    is_refused_unread(&site, without_hash, 403, "IncompleteSignature");
    let authorization = admin().headers["authorization"].to_str().unwrap().to_owned();
    let unsigned_hash = authorization.replace("x-amz-content-sha256;", "");
    is_refused_unread(&site, changed("authorization", &unsigned_hash), 403, "IncompleteSignature");
    let (_, key) = authorization.split_once("Credential=").unwrap();
    let unknown = authorization.replace(&key[..20], "AKIAAAAAAAAAAAAAAAAA");
    is_refused_unread(&site, changed("authorization", &unknown), 403, "InvalidClientTokenId");
    is_refused_unread(&site, changed("cookie", "__Host-keyfob=x"), 403, "AmbiguousAuthentication");
    for query in ["", "?DryRun=false", "?DryRun=true&SkipRejects=true", "?DryRun=%74rue", "?DryRun", "?="] {
        let mut head = admin();
        head.uri = format!("/import{query}").parse().unwrap();
        is_refused_unread(&site, head, 403, "SignatureDoesNotMatch");
    }
    let old = admin();
    site.pass(16 * 60);
    is_refused_unread(&site, old, 403, "RequestExpired");
    is_refused_unread(
        &site,
        site.signed_import_of(("admin", "keyfob"), "DryRun=", &hash(FILE)),
        400,
        "ValidationError",
    );
}

#[test]
fn another_file_than_was_signed_is_not_imported() {
    let site = Site::new();
    let head = site.signed_import_of(("admin", "keyfob"), "", &hash(FILE));
    let sent = lines(site.send(Request::from_parts(head, CONFLICTING.into())));
    is_refused(&sent, 400, "XAmzContentSHA256Mismatch");
    assert_eq!(serials(&site), "");
}

/// None of the file has come when it is refused, and none is waited for.
#[test]
fn a_file_of_unknown_length_or_too_long_is_refused_unread() {
    let site = Site::new();
    for (length, status, code) in [
        (None, 411, "MissingContentLength"),
        (Some(keyfob_tokens::MAX_BYTES + 1), 413, "RequestEntityTooLarge"),
        (Some(usize::MAX), 413, "RequestEntityTooLarge"),
    ] {
        let (_comes_later, file) = promised(length);
        is_refused(&lines(site.send(site.import_of("", file))), status, code);
    }
    let longest = " ".repeat(keyfob_tokens::MAX_BYTES);
    is_refused(&site.import("", &longest), 200, "InvalidInput");
}

#[test]
fn a_file_of_another_length_than_promised_is_refused() {
    let site = Site::new();
    for length in [FILE.len() - 1, FILE.len() + 1] {
        let (sender, file) = promised(Some(length));
        sender.send(FILE.into()).unwrap();
        drop(sender);
        is_refused(&lines(site.send(site.import_of("", file))), 400, "IncompleteBody");
    }
    assert_eq!(serials(&site), "");
}

#[test]
fn of_two_files_at_once_the_second_is_refused_unread_and_the_first_is_imported() {
    let site = Site::new();
    let (first, file) = promised(Some(FILE.len()));
    let begun = site.begin(site.import_of("", file));
    site.wait_until_importing(true);
    let (_comes_later, file) = promised(Some(FILE.len()));
    is_refused(&lines(site.send(site.import_of("", file))), 409, "EntityTemporarilyUnmodifiable");
    first.send(FILE.into()).unwrap();
    let (status, told) = lines(site.wait_for(begun));
    assert_eq!((status, &told[0]["Result"]["Imported"]), (200, &2.into()), "{told:?}");
    assert_eq!(result(&site, "", FILE), [0, 2, 0, 0]);
}

#[test]
fn whoever_leaves_before_the_file_has_come_makes_room_for_others() {
    let site = Site::new();
    let (_never_comes, file) = promised(Some(FILE.len()));
    let begun = site.begin(site.import_of("", file));
    site.wait_until_importing(true);
    begun.abort();
    site.wait_until_importing(false);
    assert_eq!(result(&site, "", FILE), [2, 0, 0, 0]);
}
