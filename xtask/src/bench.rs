//! `cargo xtask bench`: how fast a sign-in is.

use std::process::{Command, Stdio};

use keyfob_tests::Result;

use crate::packages;

/// Installs what the benchmarks need, and runs them as a release build.
///
/// # Errors
/// This is not root, or something could not be measured.
pub fn run() -> Result<()> {
    packages::install(&packages::BENCH)?;
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--locked", "--release", "--package", "keyfob-bench"]);
    let status = cargo.stdin(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err("the benchmarks failed".into()) }
}
