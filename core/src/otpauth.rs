use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::base32::encode_base32;
use crate::texts::{Message, decimal, joined};
use crate::{
    Algorithm, Digits, InvalidSecret, MovingFactor, Parameters, Period, Position, Secret, UnixTime,
    UnknownAlgorithm, UnsupportedDigits,
};

/// An `otpauth://` URI (Google Authenticator's key URI format).
#[derive(Clone, Debug)]
pub struct Otpauth {
    /// Who issued the secret.
    pub issuer: Option<String>,
    /// Whose it is.
    pub account: String,
    /// The shared secret.
    pub secret: Secret,
    /// How codes are computed. The format has no T0: it is 1970.
    pub parameters: Parameters,
    /// The next counter, for HOTP.
    pub counter: Option<u64>,
    /// A token's serial number, where the writer added `serial=` (not in Google's format; used by seed files).
    pub serial: Option<String>,
}

/// Why a text is no [`Otpauth`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}", self.message())]
pub enum OtpauthError {
    /// Another scheme, or something of its syntax is missing.
    NotOtpauth,
    /// Neither `totp` nor `hotp`.
    UnknownType,
    /// A percent-encoded text that is not UTF-8.
    NotUtf8,
    /// A parameter stands twice: which one counts is anybody's guess.
    Repeated(&'static str),
    /// A parameter that has to be there.
    Missing(&'static str),
    /// A parameter that is no whole number, or too great a one.
    NotANumber(&'static str),
    /// The secret can't be used.
    #[error(transparent)]
    Secret(#[from] InvalidSecret),
    /// A length of codes that is not supported.
    #[error(transparent)]
    Digits(#[from] UnsupportedDigits),
    /// An algorithm that is not one of the three.
    #[error(transparent)]
    Algorithm(#[from] UnknownAlgorithm),
}

impl Message for OtpauthError {
    fn message(&self) -> Cow<'static, str> {
        let (name, mistake) = match self {
            Self::NotOtpauth => return "this is no otpauth:// URI".into(),
            Self::UnknownType => {
                return "unknown type: otpauth://totp/ and otpauth://hotp/ are supported".into();
            }
            Self::NotUtf8 => return "the URI's text is not UTF-8".into(),
            Self::Repeated(name) => (name, "= stands twice"),
            Self::Missing(name) => (name, "= is missing"),
            Self::NotANumber(name) => (name, "= is not a number that can be used"),
            Self::Secret(why) => return why.message(),
            Self::Digits(why) => return why.message(),
            Self::Algorithm(why) => return why.message(),
        };
        joined(&[name, mistake]).into()
    }
}

impl Otpauth {
    /// Reads a URI, with what writers in the field do: any case of type, names, algorithm and base32; padding, spaces and hyphens
    /// in the secret. `+` is a space in a parameter (form encoding) and itself in the label, where it belongs to
    /// mail addresses. Where the label's issuer differs from `issuer=`, the latter counts. Without `algorithm`, `digits` and
    /// `period` they are SHA1, 6 and 30; `counter` is required for `hotp`. Unknown parameters are passed over.
    ///
    /// # Errors
    /// [`OtpauthError`] names the part that can't be used.
    pub fn parse(uri: &str) -> Result<Self, OtpauthError> {
        let (kind, label, query) = parts(uri).ok_or(OtpauthError::NotOtpauth)?;
        let moving_factor = moving_factor(kind, query)?;
        let parameters = Parameters {
            moving_factor,
            algorithm: parameter(query, "algorithm")?.map_or(Ok(Algorithm::Sha1), |name| name.parse())?,
            digits: number(query, "digits")?.map_or(Ok(Digits::SIX), digits)?,
        };
        let counter = match moving_factor {
            MovingFactor::Counter => Some(number(query, "counter")?.ok_or(OtpauthError::Missing("counter"))?),
            MovingFactor::Time { .. } => None,
        };
        let secret = parameter(query, "secret")?.ok_or(OtpauthError::Missing("secret"))?;
        let secret = Secret::from_base32(&secret)?;
        let (label_issuer, account) = split_label(label)?;
        let issuer = text(query, "issuer")?.or(label_issuer);
        Ok(Self { issuer, account, secret, parameters, counter, serial: text(query, "serial")? })
    }

    /// Where the device stands: for HOTP right before the URI's counter.
    #[must_use]
    pub fn position(&self) -> Position {
        Position::before_counter(self.counter.unwrap_or(0))
    }

    /// Writes the URI as authenticator apps read it: the issuer in both places, `%20`, base32 without padding. Many apps
    /// silently compute other codes for anything but SHA1, 6 digits and 30 s.
    #[must_use]
    pub fn reveal(&self) -> String {
        let (kind, name, value) = match self.parameters.moving_factor {
            MovingFactor::Counter => ("hotp", "&counter=", self.counter.unwrap_or(0)),
            MovingFactor::Time { period, .. } => ("totp", "&period=", period.seconds().into()),
        };
        let issuer = self.issuer.as_deref().map(encoded);
        let (before_account, after_secret) = match &issuer {
            Some(issuer) => ([issuer.as_str(), ":"], ["&issuer=", issuer.as_str()]),
            None => ([""; 2], [""; 2]),
        };
        let serial = self.serial.as_deref().map(encoded);
        let serial = serial.as_ref().map_or([""; 2], |serial| ["&serial=", serial.as_str()]);
        let secret = encode_base32(self.secret.expose());
        joined(&[
            "otpauth://",
            kind,
            "/",
            &joined(&before_account),
            &encoded(&self.account),
            "?secret=",
            &secret,
            &joined(&after_secret),
            &joined(&serial),
            "&algorithm=",
            self.parameters.algorithm.name(),
            "&digits=",
            &decimal(self.parameters.digits.get().into(), 1),
            name,
            &decimal(value, 1),
        ])
    }
}

/// Type, label and query.
fn parts(uri: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = halves(uri, b':')?;
    let (kind, rest) = halves(rest.strip_prefix("//")?, b'/')?;
    if !scheme.eq_ignore_ascii_case("otpauth") {
        return None;
    }
    let uri = halves(rest, b'#').map_or(rest, |(uri, _fragment)| uri);
    let (label, query) = halves(uri, b'?').unwrap_or((uri, ""));
    Some((kind, label, query))
}

/// Issuer and account of a label: `account` or `issuer:account`, the colon plain or as `%3A`.
fn split_label(label: &str) -> Result<(Option<String>, String), OtpauthError> {
    if let Some((issuer, account)) = halves(label, b':') {
        return Ok((non_empty(decoded(issuer, b'+')?), without_spaces(&decoded(account, b'+')?)));
    }
    let label = decoded(label, b'+')?;
    Ok(match halves(&label, b':') {
        Some((issuer, account)) => (non_empty(issuer.into()), without_spaces(account)),
        None => (None, label),
    })
}

/// Without spaces in front.
fn without_spaces(text: &str) -> String {
    let mut text = text;
    while let Some(rest) = text.strip_prefix(' ') {
        text = rest;
    }
    text.into()
}

fn moving_factor(kind: &str, query: &str) -> Result<MovingFactor, OtpauthError> {
    if kind.eq_ignore_ascii_case("hotp") {
        return Ok(MovingFactor::Counter);
    }
    if !kind.eq_ignore_ascii_case("totp") {
        return Err(OtpauthError::UnknownType);
    }
    let period = match number(query, "period")? {
        None => Some(Period::THIRTY_SECONDS),
        Some(seconds) => u32::try_from(seconds).ok().and_then(Period::from_seconds),
    };
    Ok(MovingFactor::Time { period: period.ok_or(OtpauthError::NotANumber("period"))?, t0: UnixTime(0) })
}

fn digits(number: u64) -> Result<Digits, OtpauthError> {
    let digits = u32::try_from(number).map_err(|_| OtpauthError::NotANumber("digits"))?;
    Ok(Digits::new(digits)?)
}

fn number(query: &str, name: &'static str) -> Result<Option<u64>, OtpauthError> {
    let Some(text) = parameter(query, name)? else {
        return Ok(None);
    };
    text.parse().map(Some).map_err(|_| OtpauthError::NotANumber(name))
}

fn text(query: &str, name: &'static str) -> Result<Option<String>, OtpauthError> {
    Ok(parameter(query, name)?.and_then(|text| non_empty(text.as_str().into())))
}

/// The value of a parameter; it wipes itself, since it may be the secret.
fn parameter(query: &str, name: &'static str) -> Result<Option<Zeroizing<String>>, OtpauthError> {
    let (mut rest, mut found) = (query, None);
    while !rest.is_empty() {
        let (pair, others) = halves(rest, b'&').unwrap_or((rest, ""));
        rest = others;
        let meant = halves(pair, b'=').filter(|(key, _)| key.eq_ignore_ascii_case(name));
        if let Some((_, value)) = meant
            && found.replace(value).is_some()
        {
            return Err(OtpauthError::Repeated(name));
        }
    }
    found.map(|value| decoded(value, b' ').map(Zeroizing::new)).transpose()
}

/// What stands before and after the first `separator`, an ASCII character.
fn halves(text: &str, separator: u8) -> Option<(&str, &str)> {
    let place = text.bytes().position(|byte| byte == separator)?;
    Some((text.get(..place)?, text.get(place + 1..)?))
}

/// Percent-decodes (RFC 3986 §2.1); a `%` without two digits stands for itself, and `+` for `plus`.
fn decoded(text: &str, plus: u8) -> Result<String, OtpauthError> {
    // As long as it can be: what grows leaves copies behind.
    let (mut bytes, mut rest) = (Zeroizing::new(Vec::with_capacity(text.len())), text.as_bytes());
    while let [first, others @ ..] = rest {
        let escaped = match rest {
            [b'%', high, low, others @ ..] => {
                value_of(*high).zip(value_of(*low)).map(|(high, low)| (high << 4 | low, others))
            }
            _ => None,
        };
        let byte = if *first == b'+' { plus } else { *first };
        let (byte, others) = escaped.unwrap_or((byte, others));
        bytes.push(byte);
        rest = others;
    }
    String::from_utf8(mem::take(&mut *bytes)).map_err(|_| OtpauthError::NotUtf8)
}

/// The value of a hexadecimal digit.
fn value_of(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' | b'a'..=b'f' => Some((digit | 0x20) - b'a' + 10),
        _ => None,
    }
}

fn non_empty(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// Percent-encodes all but RFC 3986's unreserved characters.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(3 * text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(byte.into());
        } else {
            encoded.push('%');
            encoded.push(hexadecimal(byte >> 4));
            encoded.push(hexadecimal(byte & 15));
        }
    }
    encoded
}

fn hexadecimal(half: u8) -> char {
    char::from(half + if half < 10 { b'0' } else { b'A' - 10 })
}
