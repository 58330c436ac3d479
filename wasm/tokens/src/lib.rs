//! The second module of `@keyfob/wasm`, loaded by the pages that import seed files or draw QR codes.
//!
//! `tokens.js` checks types before it calls anything here, and turns what is thrown into a `KeyfobError`.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod failure;
mod preview;
mod qr_code;
mod seed_file;

pub use qr_code::qr_code;
pub use seed_file::SeedFile;
