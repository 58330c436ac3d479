//! What the end-to-end tests and `cargo xtask demo` share: the release builds, a driver of the real libpam, codes from oathtool
//! (an independent implementation), and a [`Site`]: a store of its own with everything that a sign-in needs.
//!
//! Nothing here uses Keyfob's crates: what is tested is what ships.
#![forbid(unsafe_code)]

pub mod administration;
pub mod aftermath;
pub mod browser;
pub mod build;
pub mod clients;
pub mod command;
pub mod daemon;
pub mod host;
pub mod log;
pub mod namespace;
pub mod pages;
pub mod pam;
pub mod password;
pub mod record;
pub mod scratch;
pub mod served;
pub mod service;
pub mod site;
pub mod strace;
pub mod systemd;
pub mod token;
pub mod wire;

pub use browser::Browser;
pub use daemon::Daemon;
pub use host::Host;
pub use pages::Pages;
pub use pam::{Driver, SignIn};
pub use record::Record;
pub use served::Served;
pub use service::Service;
pub use site::{Enrolled, Site};
pub use systemd::Systemd;
pub use token::Token;

/// Any failure, as a sentence: these are tools, nobody tells their errors apart.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
