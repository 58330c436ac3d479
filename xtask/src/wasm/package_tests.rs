//! What `wasm/package-tests` tries with the package that npm has packed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use keyfob_tests::{Result, build};

use crate::test::succeed;

/// Installs the package as the last build has left it into projects of their own, and tries it in Node and in Chromium.
///
/// # Errors
/// A test fails, or their tools can't be installed.
pub fn run() -> Result<()> {
    let folder = folder();
    install(&folder)?;
    let mut npm = Command::new("npm");
    succeed(npm.args(["test", "--silent"]).current_dir(folder).env("KEYFOB_PACKAGE", super::npm_pack()?))
}

/// The very versions of the lock file, unless they are there already.
fn install(folder: &Path) -> Result<()> {
    let wanted = fs::read_to_string(folder.join("package-lock.json"))?;
    let marker = folder.join("node_modules/installed");
    if fs::read_to_string(&marker).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    succeed(npm.current_dir(folder))?;
    Ok(fs::write(marker, wanted)?)
}

fn folder() -> PathBuf {
    build::checkout().join("wasm/package-tests")
}
