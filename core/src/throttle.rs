use thiserror::Error;

use crate::window::limited;
use crate::{LimitExceeded, UnixTime};

/// Consecutive wrong codes of an account on one purpose (sign-in, or association and resync), and what follows from them
/// (RFC 4226 §7.3, SP 800-63B). Kept in the store, so that parallel tries, restarts and other hosts see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Throttle {
    /// Wrong codes since the last accepted one.
    pub failures: u32,
    /// When the last of them came; meaningless while `failures` is 0.
    pub failed_at: UnixTime,
}

/// When tries are slowed down, and when they stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThrottlePolicy {
    free_failures: u32,
    delay_seconds: u32,
    max_delay_seconds: u32,
    max_failures: u32,
}

/// A try that is not evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Throttled {
    /// Too many wrong codes: the next try is evaluated from this time on.
    #[error("too many wrong codes: wait until {0}")]
    Until(UnixTime),
    /// The hard stop: an administrator has to look.
    #[error("too many wrong codes: an administrator has to unlock the account")]
    Locked,
}

impl ThrottlePolicy {
    /// `free_failures` wrong codes without a delay, 0 to 10 and below `max_failures`; then `delay_seconds` times the failures
    /// so far, 0 to 3,600, `max_delay_seconds` at most, 0 to 86,400; a hard stop at `max_failures`, 1 to 100 (SP 800-63B).
    ///
    /// # Errors
    /// [`LimitExceeded`] beyond the hard limits.
    pub fn new(
        free_failures: u32,
        delay_seconds: u32,
        max_delay_seconds: u32,
        max_failures: u32,
    ) -> Result<Self, LimitExceeded> {
        let max_failures = limited("the failures until the hard stop", max_failures, 1, 100)?;
        let most_free = max_failures.saturating_sub(1).min(10);
        Ok(Self {
            free_failures: limited("the failures without a delay", free_failures, 0, most_free)?,
            delay_seconds: limited("the delay in seconds", delay_seconds, 0, 60 * 60)?,
            max_delay_seconds: limited("the longest delay in seconds", max_delay_seconds, 0, 24 * 60 * 60)?,
            max_failures,
        })
    }

    /// Wrong codes without a delay.
    #[must_use]
    pub const fn free_failures(self) -> u32 {
        self.free_failures
    }

    /// Seconds that each failure adds.
    #[must_use]
    pub const fn delay_seconds(self) -> u32 {
        self.delay_seconds
    }

    /// The longest delay in seconds.
    #[must_use]
    pub const fn max_delay_seconds(self) -> u32 {
        self.max_delay_seconds
    }

    /// Failures until the hard stop.
    #[must_use]
    pub const fn max_failures(self) -> u32 {
        self.max_failures
    }

    /// How long the next try has to wait after so many failures, in seconds.
    fn delay_after(self, failures: u32) -> u64 {
        if failures < self.free_failures {
            return 0;
        }
        u64::from(self.delay_seconds).saturating_mul(failures.into()).min(self.max_delay_seconds.into())
    }
}

impl Default for ThrottlePolicy {
    /// Three free; 5 s times the failures, an hour at most; a hard stop at 100.
    fn default() -> Self {
        Self { free_failures: 3, delay_seconds: 5, max_delay_seconds: 3600, max_failures: 100 }
    }
}

impl Throttle {
    /// May a code be evaluated now?
    ///
    /// A last failure that lies in the future by more than its delay means that the clock was set back: then the wait is over,
    /// or the owner would wait for as long as the clock jumped. The hard stop holds.
    ///
    /// # Errors
    /// [`Throttled`] says until when not.
    pub fn check(&self, now: UnixTime, policy: ThrottlePolicy) -> Result<(), Throttled> {
        if self.failures >= policy.max_failures {
            return Err(Throttled::Locked);
        }
        let delay = policy.delay_after(self.failures);
        let until = self.failed_at.after(delay);
        let clock_was_set_back = self.failed_at.seconds_since(now) > delay;
        if now >= until || clock_was_set_back { Ok(()) } else { Err(Throttled::Until(until)) }
    }

    /// May a code that somebody else than the account's owner sends be evaluated? Only half of the tries is theirs, so that they
    /// can't bring on the hard stop.
    ///
    /// # Errors
    /// [`Throttled::Locked`] where that half is spent.
    pub const fn check_for_others(&self, policy: ThrottlePolicy) -> Result<(), Throttled> {
        if self.failures >= policy.max_failures.div_ceil(2) { Err(Throttled::Locked) } else { Ok(()) }
    }

    /// After one more wrong code.
    #[must_use]
    pub fn after_failure(self, now: UnixTime) -> Self {
        Self { failures: self.failures.saturating_add(1), failed_at: now }
    }
}
