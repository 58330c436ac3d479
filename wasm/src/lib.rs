//! The main module of `@keyfob/wasm`: what the package has read is made core's types, what core decides is passed back.
//!
//! Nothing is decided here, and nothing panics: a refused code is a value, what core does not allow is thrown as an error whose name
//! is a code. `package/arguments.js` reads what pages pass, so that numbers are whole and within their types here;
//! `package/api.js` makes a `KeyfobError` of an error.
#![cfg_attr(all(feature = "bare", target_arch = "wasm32"), no_std)]
#![forbid(unsafe_code)]
#![deny(missing_docs)]

extern crate alloc;

#[cfg(all(feature = "bare", target_arch = "wasm32"))]
mod bare;
mod codes;
mod enrollment;
mod given;
mod misuse;
mod otpauth;
mod outcome;
mod parsing;
mod reason;
mod verification;

pub use codes::{hotp, seconds_left, secret_from_base32, time_step};
pub use enrollment::Enrollment;
pub use given::{GivenDevice, GivenParameters};
pub use misuse::Misuse;
pub use otpauth::{otpauth_uri, parse_otpauth_uri};
pub use parsing::{parse_code, parse_serial_number};
pub use verification::{associate, resynchronise, verify};
