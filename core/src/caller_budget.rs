use crate::window::limited;
use crate::{LimitExceeded, Throttled, UnixTime};

/// Wrong codes that came from one calling user, whatever account they were for. It keeps one user of a machine from using up
/// other accounts' tries. An accepted code forgives nothing; time gives tries back one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallerBudget {
    /// Wrong codes that have not been given back by `since`.
    pub failures: u32,
    /// Since when the next try is being regained; meaningless while `failures` is 0.
    pub since: UnixTime,
}

/// How many wrong codes a calling user has, and how fast they come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallerPolicy {
    failures: u32,
    regain_seconds: u32,
}

impl CallerPolicy {
    /// `failures` wrong codes, 1 to 100, of which one is regained every `regain_seconds`, 1 to 86,400.
    ///
    /// # Errors
    /// [`LimitExceeded`] beyond the hard limits.
    pub fn new(failures: u32, regain_seconds: u32) -> Result<Self, LimitExceeded> {
        Ok(Self {
            failures: limited("the wrong codes of a caller", failures, 1, 100)?,
            regain_seconds: limited("the seconds until a try is regained", regain_seconds, 1, 24 * 60 * 60)?,
        })
    }

    /// How many wrong codes there may be.
    #[must_use]
    pub const fn failures(self) -> u32 {
        self.failures
    }

    /// Seconds until one is regained.
    #[must_use]
    pub const fn regain_seconds(self) -> u32 {
        self.regain_seconds
    }
}

impl Default for CallerPolicy {
    /// Ten, and ten a day.
    fn default() -> Self {
        Self { failures: 10, regain_seconds: 8640 }
    }
}

impl CallerBudget {
    /// May a code of this caller be evaluated now?
    ///
    /// # Errors
    /// [`Throttled`] says until when not.
    pub fn check(self, now: UnixTime, policy: CallerPolicy) -> Result<(), Throttled> {
        let left = self.at(now, policy);
        match left.failures.checked_sub(policy.failures) {
            None => Ok(()),
            Some(over) => {
                let regained = (u64::from(over) + 1).saturating_mul(policy.regain_seconds.into());
                Err(Throttled::Until(left.since.after(regained)))
            }
        }
    }

    /// After one more wrong code.
    #[must_use]
    pub fn after_failure(self, now: UnixTime, policy: CallerPolicy) -> Self {
        let left = self.at(now, policy);
        let since = if left.failures == 0 { now } else { left.since };
        Self { failures: left.failures.saturating_add(1), since }
    }

    /// What is left of it now. A time so far ahead that all would be regained before it means that the clock was set back: then
    /// nothing is held against the caller, or the wait would be as long as the jump.
    fn at(self, now: UnixTime, policy: CallerPolicy) -> Self {
        let step = u64::from(policy.regain_seconds);
        if self.since.seconds_since(now) > step.saturating_mul(self.failures.into()) {
            return Self::default();
        }
        let regained = now.seconds_since(self.since).checked_div(step).unwrap_or(u64::MAX);
        let failures = u64::from(self.failures).saturating_sub(regained);
        Self {
            failures: u32::try_from(failures).unwrap_or(u32::MAX),
            since: self.since.after(regained.saturating_mul(step)),
        }
    }
}
