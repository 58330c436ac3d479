use alloc::string::String;

use crate::hmac_key::HmacKey;
use crate::{Parameters, Secret, SerialNumber};

/// How far a TOTP device's clock stands from ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drift {
    /// Seconds the device's clock is ahead of ours; negative where it is behind.
    pub seconds: i64,
    /// Seconds by which the clock may be less behind than `seconds` says, since the codes that showed it may have been typed
    /// late. 0 once a single code has been accepted.
    pub entry_delay: u32,
}

/// Where a device stands: what changes with every accepted code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The last accepted counter or time step; nothing at or below it is ever accepted again. `None`: none so far.
    pub accepted: Option<u64>,
    /// The clock's drift; 0 for HOTP.
    pub drift: Drift,
}

/// A device ready to verify codes: its HMAC key states are prepared, so that a candidate costs two compressions.
#[derive(Debug)]
pub struct Device {
    pub(crate) key: HmacKey,
    pub(crate) parameters: Parameters,
    pub(crate) position: Position,
}

impl Device {
    /// Prepares the HMAC key states.
    #[must_use]
    pub fn new(secret: &Secret, parameters: Parameters, position: Position) -> Self {
        Self { key: HmacKey::new(secret, parameters.algorithm), parameters, position }
    }
}

/// A device as a seed file describes it.
#[derive(Clone, Debug)]
pub struct ImportedDevice {
    /// What stands on its back.
    pub serial: SerialNumber,
    /// The shared secret.
    pub secret: Secret,
    /// How it computes its codes.
    pub parameters: Parameters,
    /// Where it stood when the file was written.
    pub position: Position,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// Which model it is.
    pub model: Option<String>,
}
