//! `cargo xtask bench`: how fast a sign-in is.

use keyfob_tests::Result;

use crate::{packages, test::cargo};

/// Installs what the benchmarks need, and runs them as a release build.
///
/// # Errors
/// This is not root, or something could not be measured.
pub fn run() -> Result<()> {
    packages::install(&packages::BENCH)?;
    cargo(&["run", "--quiet", "--locked", "--release", "--package", "keyfob-bench"])
}
