//! The store's owner. `keyfob daemon` keeps policy, master key and store open and serves the acts over a Unix socket; [`Client`] is an
//! [`Authority`](keyfob_authority::Authority) that asks it.
//!
//! A connection carries one request and its answer. Both ends have a deadline.
#![forbid(unsafe_code)]

mod client;
#[cfg(feature = "form")]
mod form;
mod frame;
mod protocol;
#[cfg(feature = "server")]
mod server;

pub use client::Client;
#[cfg(feature = "form")]
pub use form::{Form, FormError};
#[cfg(feature = "server")]
pub use server::{
    CheckFailure, Failure, Machine, PasswordServiceFault, answer_password_check, run, serve_for_tests,
};

/// Where the daemon's socket is, unless it is told otherwise.
pub const SOCKET: &str = "/run/keyfob/keyfob.sock";
