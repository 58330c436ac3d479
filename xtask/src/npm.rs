//! Projects of npm's in the checkout.

use std::{fs, path::Path, process::Command};

use keyfob_tests::Result;

use crate::test::succeed;

/// Installs what a project needs: the very versions of its lock file, unless they are there already.
///
/// # Errors
/// npm can't install them.
pub fn install(project: &Path) -> Result<()> {
    let wanted = fs::read_to_string(project.join("package-lock.json"))?;
    let marker = project.join("node_modules/installed");
    if fs::read_to_string(&marker).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    succeed(
        npm(project, &["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .env("npm_config_ignore_scripts", "true"),
    )?;
    Ok(fs::write(marker, wanted)?)
}

/// npm in a project's folder.
#[must_use]
pub fn npm(project: &Path, arguments: &[&str]) -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(project).args(arguments);
    npm
}
