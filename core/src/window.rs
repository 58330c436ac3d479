use thiserror::Error;

/// How far around the expected position a single code may lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifyWindow {
    pub(crate) totp_steps: u32,
    pub(crate) hotp_look_ahead: u32,
}

/// A window or range beyond its hard limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{name} may be at most {limit}")]
pub struct LimitExceeded {
    /// Which one.
    pub name: &'static str,
    /// Its hard limit.
    pub limit: u32,
}

impl VerifyWindow {
    /// Most time steps either way.
    pub const MAX_TOTP_STEPS: u32 = 10;
    /// Most counters ahead.
    pub const MAX_HOTP_LOOK_AHEAD: u32 = 100;

    /// `totp_steps` time steps either way of now + drift; `hotp_look_ahead` counters past the last accepted one.
    ///
    /// # Errors
    /// [`LimitExceeded`] beyond the hard limits.
    pub fn new(totp_steps: u32, hotp_look_ahead: u32) -> Result<Self, LimitExceeded> {
        todo!()
    }
}

impl Default for VerifyWindow {
    /// ±1 step; 10 counters ahead.
    fn default() -> Self {
        Self { totp_steps: 1, hotp_look_ahead: 10 }
    }
}

/// How far a pair of consecutive codes may lie from the expected position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncRange {
    // How a TOTP reach in seconds (administrator) or in steps (inside sign-in) is held is this file's own affair.
    pub(crate) totp: TotpReach,
    pub(crate) hotp_counters: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TotpReach {
    Seconds(u32),
    Steps(u32),
}

impl SyncRange {
    /// For association and an administrator's resync: `totp_seconds` either way, `hotp_counters` ahead. Hard limits: a day and 10,000.
    ///
    /// # Errors
    /// [`LimitExceeded`] beyond the hard limits.
    pub fn for_administrator(totp_seconds: u32, hotp_counters: u32) -> Result<Self, LimitExceeded> {
        todo!()
    }

    /// For resync inside a sign-in: `totp_steps` around now + drift, `hotp_counters` ahead. Hard limits: 60 and 1,000.
    ///
    /// # Errors
    /// [`LimitExceeded`] beyond the hard limits.
    pub fn inside_sign_in(totp_steps: u32, hotp_counters: u32) -> Result<Self, LimitExceeded> {
        todo!()
    }

    /// ±12 hours, 1,000 counters.
    #[must_use]
    pub const fn administrator_default() -> Self {
        Self { totp: TotpReach::Seconds(12 * 60 * 60), hotp_counters: 1000 }
    }

    /// ±10 steps, 100 counters.
    #[must_use]
    pub const fn inside_sign_in_default() -> Self {
        Self { totp: TotpReach::Steps(10), hotp_counters: 100 }
    }
}
