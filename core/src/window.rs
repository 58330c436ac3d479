use alloc::borrow::Cow;
use core::ops::RangeInclusive;
use thiserror::Error;

use crate::texts::{Message, decimal, joined};
use crate::time_step::{TimeSteps, existing};
use crate::{Device, MovingFactor, UnixTime};

/// How far around the expected position a single code may lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifyWindow {
    totp_steps: u32,
    hotp_look_ahead: u32,
}

/// A number of the policy beyond its hard limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{}", self.message())]
pub struct LimitExceeded {
    /// Which one.
    pub name: &'static str,
    /// Its least value.
    pub least: u32,
    /// Its greatest value.
    pub most: u32,
}

impl Message for LimitExceeded {
    fn message(&self) -> Cow<'static, str> {
        let [least, most] = [self.least, self.most].map(|limit| decimal(limit.into(), 1));
        joined(&[self.name, " must be ", &least, " to ", &most]).into()
    }
}

/// Passes a number of the policy that keeps its hard limits.
pub(crate) fn limited(name: &'static str, value: u32, least: u32, most: u32) -> Result<u32, LimitExceeded> {
    if (least..=most).contains(&value) { Ok(value) } else { Err(LimitExceeded { name, least, most }) }
}

impl VerifyWindow {
    /// Most time steps either way.
    pub const MAX_TOTP_STEPS: u32 = 10;
    /// Most counters ahead.
    pub const MAX_HOTP_LOOK_AHEAD: u32 = 100;
    /// Time steps either way, where nothing else is said.
    pub const DEFAULT_TOTP_STEPS: u32 = 1;
    /// Counters ahead, where nothing else is said.
    pub const DEFAULT_HOTP_LOOK_AHEAD: u32 = 10;

    /// `totp_steps` time steps either way of now + drift, 0 to 10; `hotp_look_ahead` counters past the last accepted one, 1
    /// to 100 (RFC 6238 §5.2, RFC 4226 §7.4).
    ///
    /// # Errors
    /// [`LimitExceeded`] beyond the hard limits.
    pub fn new(totp_steps: u32, hotp_look_ahead: u32) -> Result<Self, LimitExceeded> {
        Ok(Self {
            totp_steps: limited("the TOTP window in steps", totp_steps, 0, Self::MAX_TOTP_STEPS)?,
            hotp_look_ahead: limited("the HOTP look-ahead", hotp_look_ahead, 1, Self::MAX_HOTP_LOOK_AHEAD)?,
        })
    }

    /// Time steps either way.
    #[must_use]
    pub const fn totp_steps(self) -> u32 {
        self.totp_steps
    }

    /// Counters ahead.
    #[must_use]
    pub const fn hotp_look_ahead(self) -> u32 {
        self.hotp_look_ahead
    }

    /// The counters or time steps to look at, used ones too. HOTP: as many before the next counter as from it on. TOTP: the
    /// window around now + drift, lengthened by the entry delay that a pair of codes left open.
    pub(crate) fn candidates(self, device: &Device, now: UnixTime) -> RangeInclusive<u64> {
        match device.parameters.moving_factor {
            MovingFactor::Counter => {
                let (next, ahead) = (device.position.next(), i128::from(self.hotp_look_ahead));
                existing(next - ahead, next + ahead - 1)
            }
            MovingFactor::Time { period, t0 } => {
                let (steps, width) = (TimeSteps { period, t0 }, i128::from(self.totp_steps));
                let drift = device.position.drift;
                let earliest = drift.device_time(now);
                let latest = earliest + i128::from(drift.bounded_entry_delay(period));
                existing(steps.at(earliest) - width, steps.at(latest) + width)
            }
        }
    }
}

impl Default for VerifyWindow {
    /// ±1 step; 10 counters ahead.
    fn default() -> Self {
        Self { totp_steps: Self::DEFAULT_TOTP_STEPS, hotp_look_ahead: Self::DEFAULT_HOTP_LOOK_AHEAD }
    }
}

/// How far a pair of consecutive codes may lie from the expected position. The second code counts: its counter or time step
/// has to lie in the range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncRange {
    totp: TotpReach,
    hotp_counters: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TotpReach {
    Seconds(u32),
    Steps(u32),
}

impl SyncRange {
    /// For an administrator: seconds either way, where nothing else is said.
    pub const DEFAULT_TOTP_SECONDS: u32 = 12 * 60 * 60;
    /// For an administrator: counters, where nothing else is said.
    pub const DEFAULT_HOTP_COUNTERS: u32 = 1000;
    /// Inside a sign-in: time steps either way, where nothing else is said.
    pub const DEFAULT_SIGN_IN_TOTP_STEPS: u32 = 10;
    /// Inside a sign-in: counters, where nothing else is said.
    pub const DEFAULT_SIGN_IN_HOTP_COUNTERS: u32 = 100;

    /// For association and an administrator's resync: every step from `totp_seconds` before to `totp_seconds` after the
    /// expected time, 0 to 86,400 (a day); `hotp_counters` past the last accepted one, 2 to 10,000.
    ///
    /// # Errors
    /// [`LimitExceeded`] beyond the hard limits.
    pub fn for_administrator(totp_seconds: u32, hotp_counters: u32) -> Result<Self, LimitExceeded> {
        let seconds = limited("the TOTP sync range in seconds", totp_seconds, 0, 24 * 60 * 60)?;
        let hotp_counters = limited("the HOTP sync range", hotp_counters, 2, 10_000)?;
        Ok(Self { totp: TotpReach::Seconds(seconds), hotp_counters })
    }

    /// For resync inside a sign-in: `totp_steps` either way of now + drift, 0 to 60; `hotp_counters` past the last accepted
    /// one, 2 to 1,000.
    ///
    /// # Errors
    /// [`LimitExceeded`] beyond the hard limits.
    pub fn inside_sign_in(totp_steps: u32, hotp_counters: u32) -> Result<Self, LimitExceeded> {
        let steps = limited("the TOTP sync range in steps", totp_steps, 0, 60)?;
        let hotp_counters = limited("the HOTP sync range inside a sign-in", hotp_counters, 2, 1000)?;
        Ok(Self { totp: TotpReach::Steps(steps), hotp_counters })
    }

    /// ±12 hours, 1,000 counters.
    #[must_use]
    pub const fn administrator_default() -> Self {
        Self {
            totp: TotpReach::Seconds(Self::DEFAULT_TOTP_SECONDS),
            hotp_counters: Self::DEFAULT_HOTP_COUNTERS,
        }
    }

    /// ±10 steps, 100 counters.
    #[must_use]
    pub const fn inside_sign_in_default() -> Self {
        Self {
            totp: TotpReach::Steps(Self::DEFAULT_SIGN_IN_TOTP_STEPS),
            hotp_counters: Self::DEFAULT_SIGN_IN_HOTP_COUNTERS,
        }
    }

    /// How far it reaches either way: seconds for an administrator, time steps inside a sign-in.
    #[must_use]
    pub const fn totp_reach(self) -> u32 {
        match self.totp {
            TotpReach::Seconds(reach) | TotpReach::Steps(reach) => reach,
        }
    }

    /// Counters past the last accepted one.
    #[must_use]
    pub const fn hotp_counters(self) -> u32 {
        self.hotp_counters
    }

    /// Where the second code may stand, `centre` being the expected time in seconds.
    pub(crate) fn accepted(self, device: &Device, centre: i128) -> RangeInclusive<u64> {
        self.times(1, device, centre)
    }

    /// Where the second code is looked for, so that a refusal can say more than "wrong": twice as far, and for HOTP as far
    /// behind the next counter as it reaches ahead.
    pub(crate) fn searched(self, device: &Device, centre: i128) -> RangeInclusive<u64> {
        self.times(2, device, centre)
    }

    fn times(self, factor: i128, device: &Device, centre: i128) -> RangeInclusive<u64> {
        match (device.parameters.moving_factor, self.totp) {
            (MovingFactor::Counter, _) => {
                let (next, ahead) = (device.position.next(), i128::from(self.hotp_counters));
                existing(next - (factor - 1) * ahead, next + factor * ahead - 1)
            }
            (MovingFactor::Time { period, t0 }, TotpReach::Seconds(seconds)) => {
                let (steps, reach) = (TimeSteps { period, t0 }, factor * i128::from(seconds));
                existing(steps.at(centre - reach), steps.at(centre + reach))
            }
            (MovingFactor::Time { period, t0 }, TotpReach::Steps(reach)) => {
                let (middle, reach) = (TimeSteps { period, t0 }.at(centre), factor * i128::from(reach));
                existing(middle - reach, middle + reach)
            }
        }
    }
}
