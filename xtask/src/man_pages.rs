//! The man pages that are written by hand.

use std::{fs, process::Command};

use keyfob_tests::{Result, build, command};

/// Checks each by mandoc. The style that it recommends is its own, and so are the sections that it expects; what it would skip is a mistake.
///
/// # Errors
/// The mistakes.
pub fn check() -> Result<()> {
    let mut mandoc = Command::new("mandoc");
    mandoc.args(["-T", "lint", "-W", "error"]);
    for page in fs::read_dir(build::checkout().join("docs/man"))? {
        mandoc.arg(page?.path());
    }
    let output = command::output(&mut mandoc)?;
    let mistakes = command::text(&output.stdout);
    if output.status.success() { Ok(()) } else { Err(format!("mandoc finds mistakes:\n{mistakes}").into()) }
}
