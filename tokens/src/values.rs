use keyfob_core::{Algorithm, Digits, MovingFactor, Period, UnixTime};
use std::str::FromStr;

use crate::{Excerpt, RejectReason};

/// A number in decimal digits and nothing else.
pub(crate) fn decimal<T: FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

pub(crate) fn digits(text: &str, name: &'static str) -> Result<Digits, RejectReason> {
    let digits = decimal(text).ok_or(RejectReason::MalformedNumber(name))?;
    Ok(Digits::new(digits)?)
}

/// SHA-1 where none is named, the default of RFC 6238 §1.2 and all of RFC 4226; an unknown one is refused.
pub(crate) fn algorithm(name: Option<&str>) -> Result<Algorithm, RejectReason> {
    match name {
        None => Ok(Algorithm::Sha1),
        Some(name) => name.parse().map_err(|_| RejectReason::UnknownAlgorithm(Excerpt::of_cell(name))),
    }
}

/// Time steps since 1970, of 30 s where no length is given (RFC 6238 §4.1).
pub(crate) fn time_steps(seconds: Option<u32>) -> Result<MovingFactor, RejectReason> {
    let period = match seconds {
        None => Period::THIRTY_SECONDS,
        Some(seconds) => Period::from_seconds(seconds).ok_or(RejectReason::ZeroPeriod)?,
    };
    Ok(MovingFactor::Time { period, t0: UnixTime(0) })
}

/// A text to show, such as a model; `None` where there is none.
pub(crate) fn label(text: Option<&str>, name: &'static str) -> Result<Option<String>, RejectReason> {
    const MAX_CHARACTERS: usize = 256;
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().count() > MAX_CHARACTERS || text.chars().any(char::is_control) {
        return Err(RejectReason::UnusableText(name));
    }
    Ok(Some(text.into()))
}
