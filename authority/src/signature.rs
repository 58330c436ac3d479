//! AWS Signature Version 4, from the string to sign on.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use keyfob_core::UnixTime;
use sha2::{Digest, Sha256};
use toml::value::{Date, Time};
use zeroize::Zeroizing;

use crate::requirement::seconds_since_1970;
use crate::{AccessRefusal, SecretAccessKey, SignedRequest};

/// How far off a signature's time may be (AWS: 15 minutes), and a minute that the request may have been on its way.
pub(crate) const MAX_SKEW_SECONDS: u64 = 16 * 60;

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

impl SignedRequest {
    /// The canonical request that its signature is for; `None` where it is for another one.
    #[must_use]
    pub fn canonical_request(&self) -> Option<&str> {
        let canonical = &self.content.canonical_request;
        let (_, signed) = self.string_to_sign.rsplit_once('\n')?;
        (signed == hexadecimal(canonical.as_bytes())).then_some(canonical)
    }

    /// The form that its signature is for; `None` where it is for another body.
    #[must_use]
    pub fn form(&self) -> Option<&[u8]> {
        let (_, signed) = self.canonical_request()?.rsplit_once('\n')?;
        (signed == hexadecimal(&self.content.form)).then_some(&self.content.form)
    }
}

impl SignedRequest {
    /// What its client calls it, together with where and which body it is: whoever else calls another one so gets no answer that is not its own.
    pub(crate) fn invocation_name(&self) -> Option<[u8; 32]> {
        let (head, body) = self.canonical_request()?.rsplit_once('\n')?;
        let hash = Sha256::new_with_prefix(b"invocation").chain_update(self.invocation?);
        let place = head.split_inclusive('\n').take(3);
        Some(place.fold(hash.chain_update(body), Digest::chain_update).finalize().into())
    }
}

fn hexadecimal(content: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(content))
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::SignedContent;

    /// 2015-08-30T12:36:00Z
    const NOW: UnixTime = UnixTime(1_440_938_160);

    fn secret() -> SecretAccessKey {
        SecretAccessKey::new(Zeroizing::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into()))
    }

    /// The example that AWS's documentation of Signature Version 4 works out.
    fn example() -> SignedRequest {
        SignedRequest {
            key: "AKIAIOSFODNN7EXAMPLE".parse().unwrap(),
            token: None,
            date: "20150830".into(),
            region: "us-east-1".into(),
            service: "iam".into(),
            string_to_sign: "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n\
                             f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59"
                .into(),
            signature: [
                0x5d, 0x67, 0x2d, 0x79, 0xc1, 0x5b, 0x13, 0x16, 0x2d, 0x92, 0x79, 0xb0, 0x85, 0x5c, 0xfb,
                0xa6, 0x78, 0x9a, 0x8e, 0xdb, 0x4c, 0x82, 0xc4, 0x00, 0xe0, 0x6b, 0x59, 0x24, 0xa6, 0xf2,
                0xb5, 0xd7,
            ],
            invocation: None,
            content: SignedContent { canonical_request: CANONICAL.into(), form: Zeroizing::default() },
        }
    }

    const CANONICAL: &str = "GET\n/\nAction=ListUsers&Version=2010-05-08\n\
                             content-type:application/x-www-form-urlencoded; charset=utf-8\nhost:iam.amazonaws.com\n\
                             x-amz-date:20150830T123600Z\n\ncontent-type;host;x-amz-date\n\
                             e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// What this module itself would sign, to look at what is checked beside the signature.
    fn signed(change: impl FnOnce(&mut SignedRequest)) -> SignedRequest {
        let mut request = example();
        change(&mut request);
        let key = signing_key(&request, &secret()).unwrap();
        request.signature = *hash(&key[..], &request.string_to_sign).unwrap();
        request
    }

    #[test]
    fn the_documented_example_verifies() {
        assert_eq!(verify(&example(), &secret(), NOW), Ok(()));
    }

    #[test]
    fn only_what_was_signed_is_said_to_be_that() {
        assert_eq!(example().canonical_request(), Some(CANONICAL));
        assert_eq!(example().form(), Some(&b""[..]));
        let mut request = example();
        request.content.form.push(b'A');
        assert_eq!((request.canonical_request(), request.form()), (Some(CANONICAL), None));
        let mut request = example();
        request.content.canonical_request = CANONICAL.replace("ListUsers", "DeleteUser");
        assert_eq!((request.canonical_request(), request.form()), (None, None));
    }

    #[test]
    fn any_other_bit_does_not() {
        let wrong = Err(AccessRefusal::WrongSignature);
        for byte in [0, 31] {
            let mut request = example();
            *request.signature.get_mut(byte).unwrap() ^= 1;
            assert_eq!(verify(&request, &secret(), NOW), wrong);
        }
        for change in [
            (|request| request.string_to_sign.push('0')) as fn(&mut SignedRequest),
            |request| request.date = "20150831".into(),
            |request| request.region = "us-east-2".into(),
            |request| request.service = "sts".into(),
        ] {
            let mut request = example();
            change(&mut request);
            assert_eq!(verify(&request, &secret(), NOW), wrong);
        }
    }

    #[test]
    fn what_was_signed_has_to_be_of_now_and_for_this_scope() {
        let wrong = Err(AccessRefusal::WrongSignature);
        for (seconds, expected) in [(960, Ok(())), (961, wrong)] {
            assert_eq!(verify(&example(), &secret(), UnixTime(NOW.0 + seconds)), expected);
            assert_eq!(verify(&example(), &secret(), UnixTime(NOW.0 - seconds)), expected);
        }
        for change in [
            (|request| request.date = "20150829".into()) as fn(&mut SignedRequest),
            |request| request.region = "eu-west-1".into(),
            |request| request.string_to_sign = request.string_to_sign.replace("T1236", "T9936"),
            |request| request.string_to_sign = request.string_to_sign.replace("T123600Z", "T123600"),
            |request| {
                request.string_to_sign = request.string_to_sign.replace("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1");
            },
            |request| request.string_to_sign = request.date.clone(),
        ] {
            assert_eq!(verify(&signed(change), &secret(), NOW), wrong);
        }
        assert_eq!(verify(&signed(|_| ()), &secret(), NOW), Ok(()));
    }
}
