//! The main module of `@keyfob/wasm`: what JavaScript passes is parsed into core's types, what core decides is passed back.
#![deny(missing_docs)]
