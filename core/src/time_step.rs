use core::ops::RangeInclusive;

use crate::{Period, UnixTime};

/// The time steps of a TOTP device (RFC 6238 §4.2): `period` seconds each, counted from `t0`.
///
/// Seconds and steps are `i128` here: any time, drift, period and T0 together stay far inside it, below zero too.
#[derive(Clone, Copy, Debug)]
pub struct TimeSteps {
    /// The length of a step.
    pub period: Period,
    /// Where counting starts (RFC 6238 §4.1: T0).
    pub t0: UnixTime,
}

impl TimeSteps {
    /// The step that a time falls into; `None` before T0.
    #[must_use]
    pub fn current(self, now: UnixTime) -> Option<u64> {
        u64::try_from(self.at(now.0.into())).ok()
    }

    /// How many seconds the step that a time falls into still lasts: 1 to the period.
    #[must_use]
    pub fn seconds_left(self, now: UnixTime) -> u32 {
        let now = i128::from(now.0);
        u32::try_from(self.start(self.at(now) + 1) - now).unwrap_or(self.period.seconds())
    }

    /// The step that a time in seconds since 1970 falls into; negative before T0.
    pub(crate) fn at(self, seconds: i128) -> i128 {
        floor_division(seconds - i128::from(self.t0.0), self.period.seconds())
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

/// The quotient rounded down, by long division: the general one of 128 bits would be a fiftieth of a page's module.
fn floor_division(dividend: i128, divisor: u32) -> i128 {
    if dividend < 0 {
        return !floor_division(!dividend, divisor);
    }
    let (mut quotient, mut rest) = (0, 0);
    for shift in [96, 64, 32, 0] {
        let digit = u64::try_from((dividend >> shift) & 0xffff_ffff).unwrap_or_default();
        let digits = (rest << 32) | digit;
        quotient = (quotient << 32) | i128::from(digits / u64::from(divisor));
        rest = digits % u64::from(divisor);
    }
    quotient
}

/// Those of the counters `from..=to` that exist: 0 to 2^64 − 1.
pub(crate) fn existing(from: i128, to: i128) -> RangeInclusive<u64> {
    match (u64::try_from(from.max(0)), u64::try_from(to.min(u64::MAX.into()))) {
        (Ok(from), Ok(to)) => from..=to,
        _ => RangeInclusive::new(1, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: TimeSteps = TimeSteps { period: Period::THIRTY_SECONDS, t0: UnixTime(100) };

    #[test]
    fn steps_are_counted_from_t0() {
        for (now, step) in [(99, None), (100, Some(0)), (129, Some(0)), (130, Some(1))] {
            assert_eq!(STEPS.current(UnixTime(now)), step);
        }
    }

    #[test]
    fn a_quotient_is_rounded_down() {
        let limit = i128::from(u64::MAX) * 2;
        for dividend in [0, 1, 29, 30, 31, 0xffff_ffff, 1 << 32, (1 << 64) - 1, 1 << 64, limit] {
            for divisor in [1, 2, 30, 0xffff_ffff] {
                for dividend in [dividend, -dividend, dividend.wrapping_mul(0x1234_5678_9abc_def1)] {
                    assert_eq!(floor_division(dividend, divisor), dividend.div_euclid(divisor.into()));
                }
            }
        }
    }

    #[test]
    fn a_step_lasts_its_period() {
        for (now, left) in [(0, 10), (99, 1), (100, 30), (129, 1), (130, 30), (u64::MAX, 25)] {
            assert_eq!(STEPS.seconds_left(UnixTime(now)), left);
        }
    }
}
