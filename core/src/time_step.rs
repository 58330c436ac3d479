use core::ops::RangeInclusive;

use crate::{Period, UnixTime};

/// The time steps of a TOTP device (RFC 6238 §4.2): `period` seconds each, counted from `t0`.
///
/// Seconds and steps are `i128` here: any time, drift, period and T0 together stay far inside it, below zero too.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeSteps {
    pub(crate) period: Period,
    pub(crate) t0: UnixTime,
}

impl TimeSteps {
    /// The step that a time in seconds since 1970 falls into; negative before T0.
    pub(crate) fn at(self, seconds: i128) -> i128 {
        (seconds - i128::from(self.t0.0)).div_euclid(i128::from(self.period.seconds()))
    }

    /// The second at which a step starts.
    pub(crate) fn start(self, step: i128) -> i128 {
        i128::from(self.t0.0) + step * i128::from(self.period.seconds())
    }

    /// The second in the middle of a step.
    pub(crate) fn midpoint(self, step: u64) -> i128 {
        self.start(step.into()) + i128::from(self.period.seconds() / 2)
    }
}

/// Those of the counters `from..=to` that exist: 0 to 2^64 − 1.
pub(crate) fn existing(from: i128, to: i128) -> RangeInclusive<u64> {
    match (u64::try_from(from.max(0)), u64::try_from(to.min(u64::MAX.into()))) {
        (Ok(from), Ok(to)) => from..=to,
        _ => RangeInclusive::new(1, 0),
    }
}
