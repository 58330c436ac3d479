use crate::time_step::TimeSteps;
use crate::{Period, UnixTime};

/// How far a TOTP device's clock stands from ours.
///
/// A code shows the clock only to within its time step, and minus the time it took to type it. Kept in seconds, not in
/// steps: a clock near the edge of a step would make whole steps flap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Drift {
    /// Seconds the device's clock is ahead of ours; negative where it is behind.
    pub seconds: i64,
    /// Seconds by which the clock may be less behind than `seconds` says, since the codes that showed it may have been typed
    /// late. 0 once a single code has been accepted.
    pub entry_delay: u32,
}

impl Drift {
    /// Farthest either way, a year: a learned drift is held inside it.
    pub const MAX_SECONDS: i64 = 365 * 24 * 60 * 60;
    /// How late the second code of a pair may have been typed: 5 minutes, or 10 steps where those are shorter.
    pub const MAX_ENTRY_DELAY: u32 = 5 * 60;
    const MAX_ENTRY_DELAY_STEPS: u32 = 10;

    /// What the device's clock shows now, in seconds since 1970.
    pub(crate) fn device_time(self, now: UnixTime) -> i128 {
        i128::from(now.0) + i128::from(self.seconds)
    }

    /// The entry delay, held inside its limit whatever was stored.
    pub(crate) fn bounded_entry_delay(self, period: Period) -> u32 {
        self.entry_delay.min(longest_entry_delay(period))
    }

    /// After an accepted code of step `step`: half of the way to what the code shows. An average, since one code typed late
    /// says little; a quick one, since months may pass between two sign-ins. The first code after a pair says which part of the entry delay was true: it counts whole.
    #[must_use]
    pub(crate) fn after_code(self, steps: TimeSteps, step: u64, now: UnixTime) -> Self {
        let observed = observed(steps, step, now);
        let known = self.seconds.clamp(-Self::MAX_SECONDS, Self::MAX_SECONDS);
        let seconds = if self.entry_delay > 0 { observed } else { known + (observed - known) / 2 };
        Self { seconds, entry_delay: 0 }
    }

    /// After a pair of codes whose second has step `step`. Nothing tells codes typed late from a slow clock, so the next
    /// code's window spans both: it works whether this pair was typed at once or minutes late, on a fast or a slow clock.
    #[must_use]
    pub(crate) fn after_pair(steps: TimeSteps, step: u64, now: UnixTime) -> Self {
        Self { seconds: observed(steps, step, now), entry_delay: longest_entry_delay(steps.period) }
    }
}

/// The drift that a code of step `step` shows: the middle of its step, seen now.
fn observed(steps: TimeSteps, step: u64, now: UnixTime) -> i64 {
    let limit = i128::from(Drift::MAX_SECONDS);
    let seconds = (steps.midpoint(step) - i128::from(now.0)).clamp(-limit, limit);
    i64::try_from(seconds).unwrap_or(0)
}

fn longest_entry_delay(period: Period) -> u32 {
    period.seconds().saturating_mul(Drift::MAX_ENTRY_DELAY_STEPS).min(Drift::MAX_ENTRY_DELAY)
}
