//! AWS Signature Version 4, from the string to sign on.

use hmac::{Hmac, KeyInit, Mac};
use keyfob_core::UnixTime;
use sha2::Sha256;
use toml::value::{Date, Time};
use zeroize::Zeroizing;

use crate::requirement::seconds_since_1970;
use crate::{AccessRefusal, SecretAccessKey, SignedRequest};

/// How far off a signature's time may be (AWS: 15 minutes), and a minute that the request may have been on its way.
const MAX_SKEW_SECONDS: u64 = 16 * 60;

type Key = Zeroizing<[u8; 32]>;

/// Whether a request was signed by this secret, for its scope, and now.
pub(crate) fn verify(
    signed: &SignedRequest,
    secret: &SecretAccessKey,
    now: UnixTime,
) -> Result<(), AccessRefusal> {
    let key = signing_key(signed, secret)?;
    let mac = keyed(&key[..])?.chain_update(&signed.string_to_sign);
    mac.verify_slice(&signed.signature).map_err(|_| AccessRefusal::WrongSignature)?;
    match time(signed) {
        Some(time) if time.0.abs_diff(now.0) <= MAX_SKEW_SECONDS => Ok(()),
        _ => Err(AccessRefusal::WrongSignature),
    }
}

/// The time that was signed, where everything else in front of the request's hash is as the scope has it.
fn time(signed: &SignedRequest) -> Option<UnixTime> {
    let SignedRequest { date, region, service, string_to_sign, .. } = signed;
    let rest = string_to_sign.strip_prefix("AWS4-HMAC-SHA256\n")?;
    let (time, rest) = rest.split_once('\n')?;
    let (scope, _hash) = rest.split_once('\n')?;
    let is_scope = scope == format!("{date}/{region}/{service}/aws4_request");
    (is_scope && time.starts_with(date.as_str())).then(|| parse_time(time)).flatten()
}

/// `20261124T024132Z`
fn parse_time(text: &str) -> Option<UnixTime> {
    let text = text.strip_suffix('Z').filter(|text| text.len() == 15)?;
    let (date, time) = text.split_once('T').filter(|(date, _)| date.len() == 8)?;
    let number = |text: &str, from: usize, length: usize| text.get(from..from + length)?.parse::<u16>().ok();
    let small = |text, from| number(text, from, 2).and_then(|number| u8::try_from(number).ok());
    let date = Date { year: number(date, 0, 4)?, month: small(date, 4)?, day: small(date, 6)? };
    let time =
        Time { hour: small(time, 0)?, minute: small(time, 2)?, second: small(time, 4), nanosecond: None };
    u64::try_from(seconds_since_1970(date, time)).ok().map(UnixTime)
}

fn signing_key(signed: &SignedRequest, secret: &SecretAccessKey) -> Result<Key, AccessRefusal> {
    let first = Zeroizing::new(format!("AWS4{}", secret.reveal()));
    let date = hash(first.as_bytes(), &signed.date)?;
    let region = hash(&date[..], &signed.region)?;
    let service = hash(&region[..], &signed.service)?;
    hash(&service[..], "aws4_request")
}

fn hash(key: &[u8], text: &str) -> Result<Key, AccessRefusal> {
    Ok(Zeroizing::new(keyed(key)?.chain_update(text).finalize().into_bytes().into()))
}

/// HMAC takes keys of any length, so this can't fail.
fn keyed(key: &[u8]) -> Result<Hmac<Sha256>, AccessRefusal> {
    Hmac::new_from_slice(key).map_err(|_| AccessRefusal::WrongSignature)
}
