use keyfob_core::UnixTime;
use serde::Deserialize;
use toml::value::{Date, Datetime, Offset, Time};

/// Of whom a code is required. Whoever has a device is asked in any case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirement {
    /// Of whom.
    pub required: Required,
    /// From when on.
    pub from: UnixTime,
    /// A group of whose members none is required.
    pub exempt_group: Option<String>,
}

/// Of whom a code is required.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Required {
    /// Of accounts that have a device.
    #[default]
    Nobody,
    /// Of every account.
    Everybody,
    /// Of the members of this group.
    Group(String),
}

impl Requirement {
    /// The groups whose members it has to know.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        let (required, exempt) = match &self.required {
            Required::Nobody => (None, None),
            Required::Everybody => (None, self.exempt_group.as_deref()),
            Required::Group(group) => (Some(group.as_str()), self.exempt_group.as_deref()),
        };
        required.into_iter().chain(exempt)
    }
}

impl TryFrom<String> for Required {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        match (text.as_str(), text.strip_prefix("group:")) {
            ("nobody", _) => Ok(Self::Nobody),
            ("everybody", _) => Ok(Self::Everybody),
            (_, Some(group)) if !group.is_empty() => Ok(Self::Group(group.into())),
            _ => Err("it must be \"nobody\", \"everybody\" or \"group:NAME\""),
        }
    }
}

/// A date (midnight UTC) or a date-time with an offset.
#[derive(Default, Deserialize)]
#[serde(try_from = "Datetime")]
pub(crate) struct RequiredFrom(pub(crate) UnixTime);

impl TryFrom<Datetime> for RequiredFrom {
    type Error = &'static str;

    fn try_from(found: Datetime) -> Result<Self, &'static str> {
        let seconds = match (found.date, found.time, found.offset) {
            (Some(date), None, None) => days_since_1970(date) * SECONDS_PER_DAY,
            (Some(date), Some(time), Some(offset)) => seconds_since_1970(date, time) - seconds_ahead(offset),
            _ => return Err("it must be a date (2026-12-01) or a date-time with an offset"),
        };
        u64::try_from(seconds)
            .map(|seconds| Self(UnixTime(seconds)))
            .map_err(|_| "it must not be before 1970")
    }
}

const SECONDS_PER_DAY: i64 = 24 * 60 * 60;

fn days_since_1970(date: Date) -> i64 {
    keyfob_core::days_since_1970(date.year.into(), date.month.into(), date.day.into())
}

/// In UTC.
pub(crate) fn seconds_since_1970(date: Date, time: Time) -> i64 {
    days_since_1970(date) * SECONDS_PER_DAY + seconds_of_day(time)
}

fn seconds_of_day(time: Time) -> i64 {
    i64::from(time.hour) * 3600 + i64::from(time.minute) * 60 + i64::from(time.second.unwrap_or(0))
}

fn seconds_ahead(offset: Offset) -> i64 {
    match offset {
        Offset::Z => 0,
        Offset::Custom { minutes } => i64::from(minutes) * 60,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn dates_are_midnight_utc_and_date_times_need_an_offset() {
        for (text, expected) in [
            ("1970-01-01", Some(0)),
            ("2000-02-29", Some(951_782_400)),
            ("2000-03-01", Some(951_868_800)),
            ("2026-12-01", Some(1_796_083_200)),
            ("2100-03-01", Some(4_107_542_400)),
            ("2026-12-01T01:30:15+02:00", Some(1_796_083_200 - 30 * 60 + 15)),
            ("2026-12-01T00:00:00Z", Some(1_796_083_200)),
            ("2026-12-01T00:00:00", None),
            ("00:00:00", None),
            ("1969-12-31", None),
        ] {
            let time = RequiredFrom::try_from(text.parse::<Datetime>().unwrap()).ok();
            assert_eq!(time.map(|from| from.0.0), expected, "{text}");
        }
    }
}
