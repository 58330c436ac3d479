//! What `wasm/package-tests` tries with the package that npm has packed.

use std::path::PathBuf;

use keyfob_tests::{Result, build};

use crate::{npm, test::succeed};

/// Installs the package as the last build has left it into projects of their own, and tries it in Node and in Chromium.
///
/// # Errors
/// A test fails, or their tools can't be installed.
pub fn run() -> Result<()> {
    let folder = folder();
    npm::install(&folder)?;
    succeed(npm::npm(&folder, &["test", "--silent"]).env("KEYFOB_PACKAGE", super::npm_pack()?))
}

fn folder() -> PathBuf {
    build::checkout().join("wasm/package-tests")
}
