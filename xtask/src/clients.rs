//! AWS's own clients, which the tests drive: the command line and boto3 from `PyPI`, and the client for JavaScript from npm.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use keyfob_tests::{Result, build, clients};

use crate::test::succeed;

/// Installs what is missing, in the versions that `tests/clients` names.
///
/// # Errors
/// It can't be installed.
pub fn install() -> Result<()> {
    once(&clients::python_folder()?, &["requirements.txt"], install_python)?;
    once(&clients::javascript_folder()?, &["package.json", "package-lock.json"], install_javascript)
}

/// Installs into a folder, unless what stands in it was installed by the same files.
fn once(folder: &Path, files: &[&str], install: fn(&Path) -> Result<()>) -> Result<()> {
    let texts: Vec<String> =
        files.iter().map(|file| fs::read_to_string(source(file))).collect::<std::io::Result<_>>()?;
    let (marker, wanted) = (folder.join("installed"), texts.concat());
    if fs::read_to_string(&marker).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    install(folder)?;
    Ok(fs::write(marker, wanted)?)
}

fn install_python(folder: &Path) -> Result<()> {
    succeed(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
    let mut pip = Command::new(folder.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement"]);
    succeed(pip.arg(source("requirements.txt")))
}

fn install_javascript(folder: &Path) -> Result<()> {
    for file in ["package.json", "package-lock.json"] {
        fs::copy(source(file), folder.join(file))?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"]);
    succeed(npm.arg(folder))
}

fn source(file: &str) -> PathBuf {
    build::checkout().join("tests/clients").join(file)
}
