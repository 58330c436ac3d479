//! Signature Version 4: from a request to what proves who sent it. The daemon checks the proof; here only its form is checked.
//!
//! Stricter than AWS: a header that stands twice, a request that is signed by its query, and other places than `/` and `/import` are refused.

mod error;
mod payload;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use keyfob_authority::{AccessKeyId, SessionToken, SignedContent, SignedRequest};
use keyfob_core::UnixTime;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

pub use self::error::SignatureError;
use self::error::{
    CREDENTIAL, DATE, DOUBLED, NO_DATE, NO_TEXT, OTHER_ALGORITHM, OTHER_DATE, PARTS, SIGNATURE,
    SIGNED_HEADERS, UNSIGNED,
};
pub use self::payload::{Payload, content_hash};
use SignatureError::{IncompleteSignature, InvalidClientTokenId, MissingAuthenticationToken};

const SESSION_TOKEN: &str = "x-amz-security-token";
const INVOCATION: &str = "amz-sdk-invocation-id";

/// How a request says its time.
const TIME: &str = "%Y%m%dT%H%M%SZ";

/// How far a request's time may be from the time here.
pub const MAX_SKEW_SECONDS: u64 = 15 * 60;

/// What the daemon checks, from a request's head and what comes with it.
///
/// # Errors
/// [`SignatureError`] says what is missing or wrong.
pub fn signed_request(
    parts: &Parts,
    payload: Payload<'_>,
    now: UnixTime,
) -> Result<SignedRequest, SignatureError> {
    let headers = &parts.headers;
    let authorization = header(headers, "authorization")?.ok_or(MissingAuthenticationToken)?;
    let [credential, signed_headers, signature] = parse_authorization(authorization)?;
    let (key, scope) = credential.split_once('/').ok_or(IncompleteSignature(CREDENTIAL))?;
    let [date, region, service] = parse_scope(scope)?;
    let time = header(headers, "x-amz-date")?.ok_or(IncompleteSignature(NO_DATE))?;
    check_time(time, date, now)?;
    let canonical = canonical_request(parts, signed_headers, payload)?;
    Ok(SignedRequest {
        key: key.parse::<AccessKeyId>().map_err(|_| InvalidClientTokenId)?,
        token: header(headers, SESSION_TOKEN)?.map(|token| SessionToken::new(token.into())),
        date: date.into(),
        region: region.into(),
        service: service.into(),
        string_to_sign: format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hash(canonical.as_bytes())),
        signature: parse_hash(signature, SIGNATURE)?,
        invocation: headers.get(INVOCATION).map(|id| Sha256::digest(id).into()),
        content: SignedContent {
            canonical_request: canonical,
            form: Zeroizing::new(payload.form().to_vec()),
        },
    })
}

/// Credential, signed headers and signature, each of which stands there once.
fn parse_authorization(header: &str) -> Result<[&str; 3], SignatureError> {
    let rest = header.strip_prefix("AWS4-HMAC-SHA256 ").ok_or(IncompleteSignature(OTHER_ALGORITHM))?;
    let parts: Vec<&str> = rest.split(',').map(str::trim).collect();
    let value = |name| parts.iter().find_map(|part| part.strip_prefix(name));
    match (value("Credential="), value("SignedHeaders="), value("Signature=")) {
        (Some(credential), Some(headers), Some(signature)) if parts.len() == 3 => {
            Ok([credential, headers, signature])
        }
        _ => Err(IncompleteSignature(PARTS)),
    }
}

/// A header's text, if it is there.
fn header<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, SignatureError> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(IncompleteSignature(DOUBLED));
    }
    value.to_str().map(Some).map_err(|_| IncompleteSignature(NO_TEXT))
}

/// Date, region and service.
fn parse_scope(scope: &str) -> Result<[&str; 3], SignatureError> {
    let is_word = |word: &str| {
        (1..=64).contains(&word.len())
            && word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    };
    let words: Vec<&str> = scope.split('/').collect();
    match words[..] {
        [date, region, service, "aws4_request"] if is_word(region) && is_word(service) => {
            Ok([date, region, service])
        }
        _ => Err(IncompleteSignature(CREDENTIAL)),
    }
}

fn check_time(time: &str, scope_date: &str, now: UnixTime) -> Result<(), SignatureError> {
    // Read alone, it might have signs and fewer digits.
    let read = DateTime::strptime(TIME, time).ok().filter(|read| read.strftime(TIME).to_string() == time);
    let seconds = read.and_then(|read| TimeZone::UTC.to_timestamp(read).ok()).map(Timestamp::as_second);
    let seconds = seconds.and_then(|seconds| u64::try_from(seconds).ok()).ok_or(IncompleteSignature(DATE))?;
    if time.get(..8) != Some(scope_date) {
        return Err(SignatureError::SignatureDoesNotMatch(OTHER_DATE));
    }
    if seconds.abs_diff(now.0) > MAX_SKEW_SECONDS {
        return Err(SignatureError::RequestExpired);
    }
    Ok(())
}

/// What the sender hashed.
fn canonical_request(
    parts: &Parts,
    signed_headers: &str,
    payload: Payload<'_>,
) -> Result<String, SignatureError> {
    let (query, hash) = (payload.canonical_query(&parts.uri)?, payload.hash(&parts.headers)?);
    check_all_signed(&parts.headers, signed_headers)?;
    let lines = signed_headers.split(';').map(|name| canonical_header(&parts.headers, name));
    let headers: String = lines.collect::<Result<_, _>>()?;
    let (method, path) = (&parts.method, parts.uri.path());
    Ok(format!("{method}\n{path}\n{query}\n{headers}\n{signed_headers}\n{hash}"))
}

fn canonical_header(headers: &HeaderMap, name: &str) -> Result<String, SignatureError> {
    let value = header(headers, name)?.ok_or(IncompleteSignature(SIGNED_HEADERS))?;
    Ok(format!("{name}:{}\n", without_double_spaces(value)))
}

/// An unsigned one of these could be added or changed on the way.
fn check_all_signed(headers: &HeaderMap, signed_headers: &str) -> Result<(), SignatureError> {
    let names: Vec<&str> = signed_headers.split(';').collect();
    let is_name = |name: &&str| !name.is_empty() && !name.bytes().any(|byte| byte.is_ascii_uppercase());
    if !names.iter().all(is_name) || !names.is_sorted_by(|first, second| first < second) {
        return Err(IncompleteSignature(SIGNED_HEADERS));
    }
    let must_be_signed = |name: &str| name == "content-type" || name.starts_with("x-amz-");
    let is_signed = |name: &str| names.binary_search(&name).is_ok();
    let mut all = headers.keys().map(HeaderName::as_str);
    if is_signed("host") && all.all(|name| is_signed(name) || !must_be_signed(name)) {
        Ok(())
    } else {
        Err(IncompleteSignature(UNSIGNED))
    }
}

fn without_double_spaces(value: &str) -> String {
    value.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn parse_hash(text: &str, otherwise: &'static str) -> Result<[u8; 32], SignatureError> {
    let bytes = HEXLOWER.decode(text.as_bytes()).ok();
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or(IncompleteSignature(otherwise))
}

fn hash(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests;
