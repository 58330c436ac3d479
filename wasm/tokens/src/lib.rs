//! The second module of `@keyfob/wasm`, loaded by the pages that import seed files or draw QR codes.
//!
//! `package/tokens-api.js` checks types before it calls anything here, and makes a `KeyfobError` of what is thrown.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod failure;
mod preview;
mod qr_code;
mod seed_file;

pub use qr_code::qr_code;
pub use seed_file::SeedFile;
