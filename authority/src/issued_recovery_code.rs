use keyfob_core::{RecoveryCode, UnixTime};
use thiserror::Error;

/// How long a recovery code that is issued on the day it is needed signs in: from a minute to a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct RecoveryCodeLifetime(u32);

/// Shorter or longer than it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("an issued recovery code lasts from a minute to a week: choose a time between")]
pub struct LifetimeOutOfRange;

impl RecoveryCodeLifetime {
    /// The shortest, in seconds.
    pub const MIN: u32 = 60;
    /// The longest, in seconds.
    pub const MAX: u32 = 7 * 24 * 60 * 60;

    /// When a code ends that is issued now: from that second on it is refused.
    #[must_use]
    pub const fn end(self, now: UnixTime) -> UnixTime {
        now.after(self.0 as u64)
    }
}

impl TryFrom<u32> for RecoveryCodeLifetime {
    type Error = LifetimeOutOfRange;

    fn try_from(seconds: u32) -> Result<Self, LifetimeOutOfRange> {
        if (Self::MIN..=Self::MAX).contains(&seconds) { Ok(Self(seconds)) } else { Err(LifetimeOutOfRange) }
    }
}

impl From<RecoveryCodeLifetime> for u32 {
    fn from(lifetime: RecoveryCodeLifetime) -> Self {
        lifetime.0
    }
}

/// A recovery code that ends (SP 800-63B: an issued recovery code). It is shown once.
#[derive(Debug)]
pub struct IssuedRecoveryCode {
    /// The code.
    pub code: RecoveryCode,
    /// From when on it signs in no more.
    pub expires: UnixTime,
}
