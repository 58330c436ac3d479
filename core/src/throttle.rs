use thiserror::Error;

use crate::UnixTime;

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
    pub(crate) free_failures: u32,
    pub(crate) delay_seconds: u32,
    pub(crate) max_delay_seconds: u32,
    pub(crate) max_failures: u32,
}

/// A try that is not evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Throttled {
    /// Too many wrong codes: the next try is evaluated from this time on.
    #[error("too many wrong codes: wait until {0}")]
    Until(UnixTime),
    /// The hard stop: an administrator has to look.
    #[error("too many wrong codes: an administrator has to unlock the account")]
    Locked,
}

impl ThrottlePolicy {
    /// `free_failures` tries without a delay; then `delay_seconds` times the failures so far, `max_delay_seconds` at most; a
    /// hard stop at `max_failures`, 100 at most (SP 800-63B).
    ///
    /// # Errors
    /// [`crate::LimitExceeded`] beyond the hard limits.
    pub fn new(
        free_failures: u32,
        delay_seconds: u32,
        max_delay_seconds: u32,
        max_failures: u32,
    ) -> Result<Self, crate::LimitExceeded> {
        todo!()
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
    /// # Errors
    /// [`Throttled`] says until when not.
    pub fn check(&self, now: UnixTime, policy: ThrottlePolicy) -> Result<(), Throttled> {
        todo!()
    }

    /// After one more wrong code.
    #[must_use]
    pub fn after_failure(self, now: UnixTime) -> Self {
        todo!()
    }
}
