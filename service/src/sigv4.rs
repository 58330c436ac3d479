//! Signature Version 4: from a request to what proves who sent it. The daemon checks the proof; here only its form is checked.
//!
//! Stricter than AWS: a header that stands twice, a request that is signed by its query, and other places than `/` and `/import` are refused.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Uri};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use keyfob_authority::{AccessKeyId, SessionToken, SignedContent, SignedRequest};
use keyfob_core::UnixTime;
use sha2::{Digest, Sha256};
use thiserror::Error;
use zeroize::Zeroizing;

use SignatureError::{IncompleteSignature, InvalidClientTokenId, MissingAuthenticationToken};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const SESSION_TOKEN: &str = "x-amz-security-token";
const CONTENT_HASH: &str = "x-amz-content-sha256";

/// How far a request's time may be from the time here.
const MAX_SKEW_SECONDS: u64 = 15 * 60;

/// Why a request's signature can't be used, before anybody has computed it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// Nothing is signed.
    #[error("Request is missing Authentication Token")]
    MissingAuthenticationToken,
    /// A part of the signature is missing, stands twice or can't be read.
    #[error("{0}")]
    IncompleteSignature(&'static str),
    /// No access key looks like this.
    #[error("The security token included in the request is invalid.")]
    InvalidClientTokenId,
    /// The parts contradict each other.
    #[error("{0}")]
    SignatureDoesNotMatch(&'static str),
    /// The request is older or younger than a signature may be.
    #[error("Signature expired: the request's date is more than 15 minutes from the time here")]
    RequestExpired,
}

/// What comes with the head that was signed.
#[derive(Clone, Copy, Debug)]
pub enum Payload<'a> {
    /// An action's form. It is hashed here, whatever `X-Amz-Content-Sha256` says.
    Form(&'a [u8]),
    /// A seed file, which has not been read yet: whoever reads it compares it with its [`content_hash`].
    SeedFile,
}

impl Payload<'_> {
    fn form(self) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Form(form) => Zeroizing::new(form.to_vec()),
            Self::SeedFile => Zeroizing::default(),
        }
    }
}

/// The parts of an `Authorization` header.
struct Authorization<'a> {
    credential: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

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
    let Authorization { credential, signed_headers, signature } = Authorization::parse(authorization)?;
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
        string_to_sign: format!("{ALGORITHM}\n{time}\n{scope}\n{}", hash(canonical.as_bytes())),
        signature: parse_hash(signature, SIGNATURE)?,
        content: SignedContent { canonical_request: canonical, form: payload.form() },
    })
}

/// The SHA-256 that a body has to have whose head was signed before it is read.
///
/// # Errors
/// [`IncompleteSignature`] where the head does not say it.
pub fn content_hash(headers: &HeaderMap) -> Result<[u8; 32], SignatureError> {
    parse_hash(header(headers, CONTENT_HASH)?.unwrap_or_default(), CONTENT_HASH_MISSING)
}

const CREDENTIAL: &str = "Credential must be KEY/YYYYMMDD/REGION/SERVICE/aws4_request.";
const NO_DATE: &str = "Authorization header requires existence of a 'X-Amz-Date' header.";
const DATE: &str = "X-Amz-Date must be YYYYMMDD'T'HHMMSS'Z'.";
const DOUBLED: &str = "A header of the request stands twice.";
const NO_TEXT: &str = "A header of the request is not ASCII.";
const PARTS: &str = "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature', each once.";
const SIGNED_HEADERS: &str = "SignedHeaders must be names of headers in small letters, in order, each once.";
const UNSIGNED: &str =
    "'Host', 'Content-Type' and every 'X-Amz-' header must be a 'SignedHeader' in the AWS Authorization.";
const OTHER_ALGORITHM: &str = "Authorization header requires the algorithm AWS4-HMAC-SHA256.";
const OTHER_DATE: &str =
    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.";
const OTHER_PLACE: &str = "Requests go to / without a query.";
const OTHER_QUERY: &str = "A query must be name=value, joined by &, of letters, digits and -_.~ alone.";
const CONTENT_HASH_MISSING: &str =
    "A seed file's 'X-Amz-Content-Sha256' must be its SHA-256, 64 hexadecimal digits in small letters.";
const SIGNATURE: &str = "Signature must be 64 hexadecimal digits in small letters.";

impl<'a> Authorization<'a> {
    fn parse(header: &'a str) -> Result<Self, SignatureError> {
        let (algorithm, rest) = header.split_once(' ').ok_or(IncompleteSignature(OTHER_ALGORITHM))?;
        if algorithm != ALGORITHM {
            return Err(IncompleteSignature(OTHER_ALGORITHM));
        }
        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        for part in rest.split(',') {
            let (name, value) = part.trim().split_once('=').ok_or(IncompleteSignature(PARTS))?;
            let place = match name {
                "Credential" => &mut credential,
                "SignedHeaders" => &mut signed_headers,
                "Signature" => &mut signature,
                _ => return Err(IncompleteSignature(PARTS)),
            };
            if place.replace(value).is_some() {
                return Err(IncompleteSignature(PARTS));
            }
        }
        let parts = credential.zip(signed_headers).zip(signature);
        let ((credential, signed_headers), signature) = parts.ok_or(IncompleteSignature(PARTS))?;
        Ok(Self { credential, signed_headers, signature })
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
    // The format alone would take signs and fewer digits.
    let form = |(at, byte): (usize, u8)| match at {
        8 => byte == b'T',
        15 => byte == b'Z',
        _ => byte.is_ascii_digit(),
    };
    let has_form = time.len() == 16 && time.bytes().enumerate().all(form);
    let parsed = has_form.then(|| DateTime::strptime("%Y%m%dT%H%M%SZ", time).ok()).flatten();
    let seconds = parsed.and_then(|time| TimeZone::UTC.to_timestamp(time).ok()).map(Timestamp::as_second);
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
    let (query, hash) = match payload {
        Payload::Form(body) => (no_query(&parts.uri)?, hash(body)),
        Payload::SeedFile => (canonical_query(&parts.uri)?, HEXLOWER.encode(&content_hash(&parts.headers)?)),
    };
    check_all_signed(&parts.headers, signed_headers)?;
    let lines = signed_headers.split(';').map(|name| canonical_header(&parts.headers, name));
    let headers: String = lines.collect::<Result<_, _>>()?;
    let (method, path) = (&parts.method, parts.uri.path());
    Ok(format!("{method}\n{path}\n{query}\n{headers}\n{signed_headers}\n{hash}"))
}

/// An action's parameters stand in its form.
fn no_query(uri: &Uri) -> Result<String, SignatureError> {
    if uri.path() == "/" && uri.query().is_none() {
        return Ok(String::new());
    }
    Err(SignatureError::SignatureDoesNotMatch(OTHER_PLACE))
}

/// In order, and of characters alone that are never encoded: there is one way to write it.
fn canonical_query(uri: &Uri) -> Result<String, SignatureError> {
    let is_plain =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte));
    let is_pair =
        |pair: &&str| pair.split_once('=').is_some_and(|(name, value)| is_plain(name) && is_plain(value));
    let query = uri.query().filter(|query| !query.is_empty());
    let mut pairs: Vec<&str> = query.into_iter().flat_map(|query| query.split('&')).collect();
    if !pairs.iter().all(is_pair) {
        return Err(SignatureError::SignatureDoesNotMatch(OTHER_QUERY));
    }
    pairs.sort_unstable();
    Ok(pairs.join("&"))
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
