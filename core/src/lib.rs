//! The OATH algorithms (HOTP, RFC 4226; TOTP, RFC 6238) and every decision of Keyfob.
//!
//! Nothing here knows a clock, a file, the environment, randomness or a thread: callers pass the time and random bytes.
#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]

extern crate alloc;

mod account_name;
mod associate;
mod base32;
mod caller_budget;
mod code;
mod device;
mod drift;
mod enrollment;
mod escape;
mod hmac_key;
#[cfg(not(target_arch = "wasm32"))]
mod hmac_native;
#[cfg(target_arch = "wasm32")]
mod hmac_wasm;
#[cfg(any(test, target_arch = "wasm32"))]
mod hmac_words;
mod matching;
mod otpauth;
mod parameters;
mod recovery_code;
mod secret;
mod serial_number;
#[cfg(any(test, target_arch = "wasm32"))]
mod sha1_words;
#[cfg(any(test, target_arch = "wasm32"))]
mod sha2_words;
mod texts;
mod throttle;
mod time;
mod time_step;
mod typed;
mod verify;
mod window;
#[cfg(any(test, target_arch = "wasm32"))]
mod word_hash;

pub use account_name::{AccountName, InvalidAccountName};
pub use associate::{PairRefusal, Synchronised, associate, resynchronise};
pub use caller_budget::{CallerBudget, CallerPolicy};
pub use code::{Answer, Code, MalformedAnswer, MalformedCode};
pub use device::{Device, ImportedDevice, Position};
pub use drift::Drift;
pub use enrollment::{Enrollment, Mistake, Step, Submission};
pub use escape::escape;
pub use otpauth::{Otpauth, OtpauthError};
pub use parameters::{
    Algorithm, Digits, MovingFactor, Parameters, Period, UnknownAlgorithm, UnsupportedDigits,
};
pub use recovery_code::{HashedRecoveryCode, MalformedRecoveryCode, RecoveryCode};
pub use secret::{InvalidSecret, Secret, SecretLengthError};
pub use serial_number::{InvalidSerialNumber, SerialNumber};
pub use texts::Message;
pub use throttle::{Throttle, ThrottlePolicy, Throttled};
pub use time::{UnixTime, days_since_1970};
pub use time_step::TimeSteps;
pub use verify::{Accepted, Refusal, verify, verify_any};
pub use window::{LimitExceeded, SyncRange, VerifyWindow};
