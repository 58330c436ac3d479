//! `pam_keyfob.so`: asks for a one-time code at sign-in.
//!
//! `ffi` meets libpam and has all the unsafe; `sign_in` is the logic, over the small trait `Transaction`; `outcome` maps what can come of a
//! sign-in to PAM's return codes.
//!
//! The module lives in other programs' processes. It reads no environment, writes to no standard stream, starts no thread, and keeps
//! nothing from one call to the next.
#![deny(unsafe_code)]

mod answer;
mod dialogue;
#[allow(unsafe_code)]
mod ffi;
#[cfg(feature = "forced-panic")]
mod forced_panic;
mod forward;
mod notices;
mod options;
mod outcome;
mod sign_in;
mod store_access;
#[cfg(test)]
mod testing;
mod transaction;
