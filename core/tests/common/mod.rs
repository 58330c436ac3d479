//! Devices for the tests, and an independent implementation to compare with.
#![allow(dead_code, reason = "each test file uses a part")]

use keyfob_core::{
    Algorithm, Code, Device, Digits, Drift, MovingFactor, Parameters, Period, Position, Secret, UnixTime,
};
use totp_lite::{Sha1, Sha256, Sha512, totp_custom};

pub const SECRET: &[u8] = b"12345678901234567890";
pub const HOTP: Parameters =
    Parameters { moving_factor: MovingFactor::Counter, algorithm: Algorithm::Sha1, digits: Digits::SIX };
/// Steps of 30 s since 1970.
pub const TOTP: Parameters = Parameters { moving_factor: time(30, 0), ..HOTP };
pub const ALGORITHMS: [Algorithm; 3] = [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512];
/// In the middle of step 40,000,000 of 30 s.
pub const NOW: UnixTime = UnixTime(30 * STEP_NOW + 15);
pub const STEP_NOW: u64 = 40_000_000;

pub const fn time(period: u32, t0: u64) -> MovingFactor {
    MovingFactor::Time { period: Period::from_seconds(period).unwrap(), t0: UnixTime(t0) }
}

pub fn secret(bytes: &[u8]) -> Secret {
    Secret::new(bytes.into()).unwrap()
}

pub fn device(parameters: Parameters, position: Position) -> Device {
    Device::new(&secret(SECRET), parameters, position)
}

pub fn accepted(counter: u64) -> Position {
    Position { accepted: Some(counter), drift: Drift::default() }
}

pub fn drifted(seconds: i64) -> Position {
    Position { accepted: None, drift: Drift { seconds, entry_delay: 0 } }
}

pub fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

/// A code of the device with [`SECRET`] and `parameters`.
pub fn code_of(parameters: Parameters, counter: u64) -> Code {
    code(&independent(SECRET, parameters.algorithm, parameters.digits, counter))
}

/// The code at a counter as another implementation computes it: HOTP is TOTP with steps of 1 s.
pub fn independent(secret: &[u8], algorithm: Algorithm, digits: Digits, counter: u64) -> String {
    let digits = u32::from(digits.get());
    match algorithm {
        Algorithm::Sha1 => totp_custom::<Sha1>(1, digits, secret, counter),
        Algorithm::Sha256 => totp_custom::<Sha256>(1, digits, secret, counter),
        Algorithm::Sha512 => totp_custom::<Sha512>(1, digits, secret, counter),
    }
}
