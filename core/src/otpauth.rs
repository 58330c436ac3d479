use alloc::string::{String, ToString};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::base32::encode_base32;
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
pub enum OtpauthError {
    /// Another scheme, or something of its syntax is missing.
    #[error("this is no otpauth:// URI")]
    NotOtpauth,
    /// Neither `totp` nor `hotp`.
    #[error("unknown type: otpauth://totp/ and otpauth://hotp/ are supported")]
    UnknownType,
    /// A percent-encoded text that is not UTF-8.
    #[error("the URI's text is not UTF-8")]
    NotUtf8,
    /// A parameter stands twice: which one counts is anybody's guess.
    #[error("{0}= stands twice")]
    Repeated(&'static str),
    /// A parameter that has to be there.
    #[error("{0}= is missing")]
    Missing(&'static str),
    /// A parameter that is no whole number, or too great a one.
    #[error("{0}= is not a number that can be used")]
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
        let (label_issuer, account) = split_label(label)?;
        let moving_factor = moving_factor(kind, query)?;
        Ok(Self {
            issuer: text(query, "issuer")?.or(label_issuer),
            account,
            secret: Secret::from_base32(
                &parameter(query, "secret")?.ok_or(OtpauthError::Missing("secret"))?,
            )?,
            parameters: Parameters {
                moving_factor,
                algorithm: parameter(query, "algorithm")?.map_or(Ok(Algorithm::Sha1), |name| name.parse())?,
                digits: number(query, "digits")?.map_or(Ok(Digits::SIX), Digits::new)?,
            },
            counter: match moving_factor {
                MovingFactor::Counter => {
                    Some(number(query, "counter")?.ok_or(OtpauthError::Missing("counter"))?)
                }
                MovingFactor::Time { .. } => None,
            },
            serial: text(query, "serial")?,
        })
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
        let kind = self.parameters.moving_factor.name().to_ascii_lowercase();
        let issuer = self.issuer.as_deref().map(encoded);
        let prefix = issuer.as_ref().map_or(["", ""], |issuer| [issuer, ":"]).concat();
        let secret = encode_base32(self.secret.expose());
        let (name, value) = match self.parameters.moving_factor {
            MovingFactor::Counter => ("counter", self.counter.unwrap_or(0)),
            MovingFactor::Time { period, .. } => ("period", period.seconds().into()),
        };
        let serial = self.serial.as_deref().map(encoded);
        let (account, digits) = (encoded(&self.account), self.parameters.digits.get().to_string());
        // Joined at once: a text that grows leaves copies of the secret behind.
        [
            ["otpauth://", &kind, "/", &prefix].concat().as_str(),
            &account,
            "?secret=",
            &secret,
            &optional("&issuer=", issuer),
            &optional("&serial=", serial),
            "&algorithm=",
            self.parameters.algorithm.name(),
            "&digits=",
            &digits,
            "&",
            name,
            "=",
            &value.to_string(),
        ]
        .concat()
    }
}

/// Type, label and query.
fn parts(uri: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = uri.split_once(':')?;
    let (kind, rest) = rest.strip_prefix("//")?.split_once('/')?;
    if !scheme.eq_ignore_ascii_case("otpauth") {
        return None;
    }
    let uri = rest.split_once('#').map_or(rest, |(uri, _fragment)| uri);
    let (label, query) = uri.split_once('?').unwrap_or((uri, ""));
    Some((kind, label, query))
}

/// Issuer and account of a label: `account` or `issuer:account`, the colon plain or as `%3A`.
fn split_label(label: &str) -> Result<(Option<String>, String), OtpauthError> {
    if let Some((issuer, account)) = label.split_once(':') {
        return Ok((non_empty(decoded(issuer)?), decoded(account)?.trim_start().to_string()));
    }
    let label = decoded(label)?;
    Ok(match label.split_once(':') {
        Some((issuer, account)) => (non_empty(issuer.to_string()), account.trim_start().to_string()),
        None => (None, label),
    })
}

fn moving_factor(kind: &str, query: &str) -> Result<MovingFactor, OtpauthError> {
    if kind.eq_ignore_ascii_case("hotp") {
        return Ok(MovingFactor::Counter);
    }
    if !kind.eq_ignore_ascii_case("totp") {
        return Err(OtpauthError::UnknownType);
    }
    let seconds = number(query, "period")?.unwrap_or(Period::THIRTY_SECONDS.seconds());
    let period = Period::from_seconds(seconds).ok_or(OtpauthError::NotANumber("period"))?;
    Ok(MovingFactor::Time { period, t0: UnixTime(0) })
}

fn number<N: TryFrom<u64>>(query: &str, name: &'static str) -> Result<Option<N>, OtpauthError> {
    let Some(text) = parameter(query, name)? else {
        return Ok(None);
    };
    let number = text.parse().ok().and_then(|number: u64| N::try_from(number).ok());
    number.map(Some).ok_or(OtpauthError::NotANumber(name))
}

fn text(query: &str, name: &'static str) -> Result<Option<String>, OtpauthError> {
    Ok(parameter(query, name)?.and_then(|text| non_empty(text.to_string())))
}

/// The value of a parameter; it wipes itself, since it may be the secret.
fn parameter(query: &str, name: &'static str) -> Result<Option<Zeroizing<String>>, OtpauthError> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let mut values = pairs.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(OtpauthError::Repeated(name));
    }
    let value = Zeroizing::new(value.replace('+', " "));
    Ok(Some(Zeroizing::new(decoded(&value)?)))
}

fn decoded(text: &str) -> Result<String, OtpauthError> {
    let text = percent_decode_str(text).decode_utf8().map_err(|_| OtpauthError::NotUtf8)?;
    Ok(text.into_owned())
}

fn non_empty(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// A parameter, where there is a value for it.
fn optional(name: &str, value: Option<String>) -> String {
    value.map_or_else(String::new, |value| [name, &value].concat())
}

/// Percent-encodes all but RFC 3986's unreserved characters.
fn encoded(text: &str) -> String {
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(text, RESERVED).collect()
}
