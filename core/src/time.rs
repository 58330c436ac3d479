use core::fmt;

/// A point in time: whole seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct UnixTime(pub u64);

impl UnixTime {
    /// The time `seconds` later; the last representable second where that would overflow.
    #[must_use]
    pub const fn after(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// How many seconds lie between `earlier` and this time; 0 where `earlier` is not earlier.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The days from 1 January 1970 to a date of the Gregorian calendar, by years that begin in March: so the leap day is a year's last. Months
/// and days are counted from 1.
#[must_use]
pub const fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    /// From the 1st of March of the year 0.
    const DAYS_FROM_YEAR_0_TO_1970: i64 = 719_468;
    let year = if month < 3 { year - 1 } else { year };
    let days_before_month = (153 * ((month + 9) % 12) + 2) / 5;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + days_before_month + day - 1 - DAYS_FROM_YEAR_0_TO_1970
}

impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
