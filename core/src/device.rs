use alloc::string::String;
use core::array;
use core::ops::RangeInclusive;

use crate::hmac_key::{HmacKey, LANES};
use crate::time_step::TimeSteps;
use crate::{Code, Drift, MovingFactor, Parameters, Secret, SerialNumber, UnixTime};

/// Where a device stands: what changes with every accepted code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Position {
    /// The last accepted counter or time step; nothing at or below it is ever accepted again. `None`: none so far.
    pub accepted: Option<u64>,
    /// The clock's drift; 0 for HOTP.
    pub drift: Drift,
}

impl Position {
    /// Where an HOTP device stands whose next counter is known, as seed files write it.
    #[must_use]
    pub fn before_counter(next: u64) -> Self {
        Self { accepted: next.checked_sub(1), drift: Drift::default() }
    }

    /// The counter after the last accepted one, 0 at first. Past 2^64 − 1 there is none.
    pub(crate) fn next(self) -> i128 {
        self.accepted.map_or(0, |accepted| i128::from(accepted) + 1)
    }

    /// Whether a counter is above the last accepted one, and so may be accepted.
    pub(crate) fn is_fresh(self, counter: u64) -> bool {
        self.accepted.is_none_or(|accepted| counter > accepted)
    }
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

    /// The code that the device shows at a counter or time step (RFC 4226 §5.3, RFC 6238 §4.2).
    #[must_use]
    pub fn code_at(&self, counter: u64) -> Code {
        let [value, ..] = self.key.codes_at([counter; LANES], self.parameters.digits);
        Code::from_value(value, self.parameters.digits)
    }

    /// Calls `look` with each counter and its code as a number.
    pub(crate) fn for_each_value(&self, mut counters: RangeInclusive<u64>, mut look: impl FnMut(u64, u64)) {
        while !counters.is_empty() {
            // Lanes past the end are computed like the others, and left out.
            let lanes: [_; LANES] = array::from_fn(|_| counters.next());
            let codes = self.key.codes_at(lanes.map(Option::unwrap_or_default), self.parameters.digits);
            for (counter, value) in lanes.into_iter().flatten().zip(codes) {
                look(counter, value);
            }
        }
    }

    /// The position after a code was accepted at `counter`; `learn` says what its time step tells of the clock.
    pub(crate) fn position_after(&self, counter: u64, learn: impl FnOnce(TimeSteps) -> Drift) -> Position {
        let drift = match self.parameters.moving_factor {
            MovingFactor::Counter => Drift::default(),
            MovingFactor::Time { period, t0 } => learn(TimeSteps { period, t0 }),
        };
        Position { accepted: Some(counter), drift }
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
    /// When its maker says that it expires (RFC 6030 §4.2.1, §5).
    pub expires: Option<UnixTime>,
}
