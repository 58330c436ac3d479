//! `cargo xtask bench`: how fast a sign-in is.

use keyfob_tests::{Result, command};

use crate::{packages, test::succeed};

/// Installs what the benchmarks need, and runs them as a release build.
///
/// # Errors
/// This is not root, or something could not be measured.
pub fn run() -> Result<()> {
    packages::install(&packages::BENCH)?;
    let run = ["run", "--quiet", "--locked", "--release", "--package", "keyfob-bench"];
    // They sign in for minutes: killed, this takes them along.
    succeed(command::tied("cargo").args(run))
}
