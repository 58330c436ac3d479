//! The main module of `@keyfob/wasm`: what JavaScript passes is parsed into core's types, what core decides is passed back.
//!
//! Nothing is decided here, and nothing panics: a refused code is a value, misuse is thrown as an error whose name is a code.
//! `package/api.js` makes a `KeyfobError` of it.
#![cfg_attr(all(feature = "bare", target_arch = "wasm32"), no_std)]
#![forbid(unsafe_code)]
#![deny(missing_docs)]

extern crate alloc;

mod arguments;
#[cfg(all(feature = "bare", target_arch = "wasm32"))]
mod bare;
mod codes;
mod enrollment;
mod generated_secret;
mod misuse;
mod otpauth;
mod outcome;
mod parsing;
mod properties;
mod reason;
mod verification;

pub use codes::{hotp, seconds_left, time_step, totp};
pub use enrollment::Enrollment;
pub use generated_secret::generate_secret;
pub use misuse::Misuse;
pub use otpauth::{otpauth_uri, parse_otpauth_uri};
pub use parsing::{parse_code, parse_serial_number};
pub use verification::{associate, resynchronise, verify};
