use keyfob_core::{Algorithm, Digits, MovingFactor, Period, UnixTime, days_since_1970};
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

/// A date-time as XML Schema has it (part 2, §3.2.7); without a zone it is taken for UTC.
pub(crate) fn date_time(text: &str, name: &'static str) -> Result<UnixTime, RejectReason> {
    let seconds = seconds_since_1970(text.trim()).ok_or(RejectReason::MalformedDate(name))?;
    Ok(UnixTime(u64::try_from(seconds).unwrap_or(0)))
}

fn seconds_since_1970(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T')?;
    let ([year, month, day], (time, seconds_ahead)) = (numbers(date, '-')?, zone(time)?);
    let time = time.split_once('.').map_or(time, |(time, _)| time);
    let [hour, minute, second] = numbers(time, ':')?;
    let is_one = year <= 9999 && (1..=12).contains(&month) && (1..=31).contains(&day) && hour <= 24;
    let days = is_one.then(|| days_since_1970(year, month, day))?;
    (minute < 60 && second <= 60)
        .then_some(days * 86_400 + hour * 3600 + minute * 60 + second - seconds_ahead)
}

/// A time of day without its zone, and how far that is ahead of UTC.
fn zone(time: &str) -> Option<(&str, i64)> {
    if let Some(time) = time.strip_suffix('Z') {
        return Some((time, 0));
    }
    let ahead = time.split_once('+').map(|(time, zone)| (time, zone, 60));
    let Some((time, zone, seconds)) =
        ahead.or_else(|| time.split_once('-').map(|(time, zone)| (time, zone, -60)))
    else {
        return Some((time, 0));
    };
    let [hours, minutes] = numbers(zone, ':')?;
    (hours <= 14 && minutes < 60).then_some((time, (hours * 60 + minutes) * seconds))
}

fn numbers<const COUNT: usize>(text: &str, separator: char) -> Option<[i64; COUNT]> {
    let numbers: Vec<i64> = text.split(separator).map(decimal).collect::<Option<_>>()?;
    numbers.try_into().ok()
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
