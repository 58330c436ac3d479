use thiserror::Error;

use crate::{Code, Device, Position, UnixTime, VerifyWindow};

/// A code was accepted: where the device stands from now on. Store it before anybody is let in.
#[must_use = "an accepted counter that is not stored can be used again"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The counter or time step that matched.
    pub counter: u64,
    /// The device's new position: `counter` accepted, and the drift it shows.
    pub position: Position,
}

/// Why a code was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The device's codes have another length. Not counted as a wrong code.
    #[error("the device's codes have another length")]
    WrongLength,
    /// No counter in the window has this code.
    #[error("wrong code")]
    Wrong,
    /// The code is the device's, but at or below the last accepted counter. Not counted as a wrong code.
    #[error("already used: wait for the next code")]
    AlreadyUsed,
}

/// Verifies one code of one device (RFC 4226 §7.2, RFC 6238 §5.2). Constant time over the candidates.
///
/// # Errors
/// [`Refusal`] says why; the device's position stays as it is.
pub fn verify(device: &Device, code: &Code, now: UnixTime, window: VerifyWindow) -> Result<Accepted, Refusal> {
    todo!()
}

/// Verifies one code against all devices of an account; the index says whose code it was. Every device is looked at whatever
/// the others say, so that the time tells nothing.
///
/// # Errors
/// The most telling [`Refusal`]: already used before wrong before a wrong length.
pub fn verify_any(
    devices: &[Device],
    code: &Code,
    now: UnixTime,
    window: VerifyWindow,
) -> Result<(usize, Accepted), Refusal> {
    todo!()
}
