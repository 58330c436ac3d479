//! The real binary, on stores of its own in temporary folders. Codes come from oathtool, an independent
//! implementation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod access_keys;
mod devices;
mod disks;
mod enrollment;
mod legacy;
mod log;
mod oathtool;
mod pages;
mod recovery_codes;
mod serve;
mod sign_in;
mod site;
mod terminal;
mod unusable;
mod usage;
mod users;
