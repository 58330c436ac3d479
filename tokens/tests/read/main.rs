//! Seed files, read: each case is a file in `tests/files`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::enum_glob_use,
    missing_docs
)]

mod csv;
mod csv_rejects;
mod csv_secrets;
mod otpauth;
mod pskc_dialects;
mod pskc_figures;
mod pskc_limits;
mod pskc_rejects;
mod robustness;
mod secrecy;
mod unreadable;
mod vendor;

use keyfob_core::{Algorithm, Digits, MovingFactor, Parameters, Period, UnixTime};
use keyfob_tokens::{RejectReason, SeedFile, read};

/// The secret of RFC 6030's figures and RFC 4226's appendix D.
const RFC_SECRET: &[u8] = b"12345678901234567890";

fn content(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/files/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The file, its format found out.
fn seed_file(name: &str) -> SeedFile {
    read(&content(name), None).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn serials(file: &SeedFile) -> Vec<&str> {
    file.devices.iter().map(|entry| entry.device.serial.as_str()).collect()
}

/// The rejects' places and reasons.
fn rejects(file: &SeedFile) -> Vec<(String, RejectReason)> {
    file.rejects.iter().map(|reject| (reject.place.to_string(), reject.reason.clone())).collect()
}

fn hotp(digits: u32) -> Parameters {
    Parameters {
        moving_factor: MovingFactor::Counter,
        algorithm: Algorithm::Sha1,
        digits: Digits::new(digits).unwrap(),
    }
}

fn totp(algorithm: Algorithm, digits: u32, seconds: u32) -> Parameters {
    let period = Period::from_seconds(seconds).unwrap();
    Parameters {
        moving_factor: MovingFactor::Time { period, t0: UnixTime(0) },
        algorithm,
        digits: Digits::new(digits).unwrap(),
    }
}

/// The bytes that hexadecimal digits stand for, computed without the crate under test.
fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}
