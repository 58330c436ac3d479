//! What JavaScript passes, and what it gets.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod codes;
mod enrollment;
mod values;
mod vectors;
