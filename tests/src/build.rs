//! What ships, built as it ships.

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{Result, command};

/// The root of the checkout, of which this crate and xtask are rooms. Cargo says where it is now: it may have been moved since it was built.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "cargo's own variable")]
pub fn checkout() -> PathBuf {
    let room =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    room.parent().unwrap_or(&room).to_path_buf()
}

/// The folder that cargo builds into: the one that this program was built into.
///
/// # Errors
/// This program was moved out of it.
pub fn target() -> Result<PathBuf> {
    let program = env::current_exe()?;
    let is_target = |folder: &&Path| folder.join("CACHEDIR.TAG").exists();
    let target = program.ancestors().find(is_target);
    Ok(target.ok_or("run this with cargo: it looks for the builds in cargo's target folder")?.to_path_buf())
}

/// Builds the PAM module as it ships, and says where it is.
///
/// # Errors
/// It can't be built.
pub fn pam_module() -> Result<PathBuf> {
    release("pam-keyfob", "libpam_keyfob.so")
}

/// Builds the PAM module as it ships, but for an option that forces a panic, apart from what ships, and says where it is.
///
/// # Errors
/// It can't be built.
pub fn pam_module_that_panics() -> Result<PathBuf> {
    let features = ["--features", "forced-panic"];
    release_into(&target()?.join("forced-panic"), "pam-keyfob", &features, "libpam_keyfob.so")
}

/// Builds the command line as it ships, and says where it is.
///
/// # Errors
/// It can't be built.
pub fn keyfob() -> Result<PathBuf> {
    release("keyfob", "keyfob")
}

/// What cargo tells the programs that it runs of their package. ring's build script looks at these, so that whoever builds as another package
/// would have it, and all that uses it, compiled anew.
const OF_THE_CALLER: [&str; 7] = [
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_LINKS",
    "CARGO_PKG_NAME",
    "CARGO_PKG_VERSION_MAJOR",
    "CARGO_PKG_VERSION_MINOR",
    "CARGO_PKG_VERSION_PATCH",
    "CARGO_PKG_VERSION_PRE",
];

/// One package at a time, so that no other package's features leak into it. Nothing to build takes cargo a moment.
fn release(package: &str, file: &str) -> Result<PathBuf> {
    release_into(&target()?, package, &[], file)
}

fn release_into(target: &Path, package: &str, features: &[&str], file: &str) -> Result<PathBuf> {
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(checkout())
        .args(["build", "--locked", "--release", "--package", package])
        .args(features)
        .arg("--target-dir")
        .arg(target);
    for name in OF_THE_CALLER {
        cargo.env_remove(name);
    }
    let status = cargo.stdin(Stdio::null()).status()?;
    if !status.success() {
        return Err(format!("`{}` failed", command::shown(&cargo)).into());
    }
    Ok(target.join("release").join(file))
}

/// A copy of what was built that no later build replaces while this program uses it, in a folder of the program's own.
///
/// # Errors
/// It can't be copied.
pub fn own_copy(built: &Path) -> Result<PathBuf> {
    let release = built.parent().ok_or("what was built is in no folder")?;
    let file = built.file_name().ok_or("what was built has no name")?;
    let folder = release.join("copies").join(program_name()?);
    fs::create_dir_all(&folder)?;
    // Cargo holds it for as long as it writes there.
    let lock = File::open(release.join(".cargo-lock"))?;
    lock.lock()?;
    let (part, whole) = (folder.join("part"), folder.join(file));
    fs::copy(built, &part)?;
    // Another run of this program may be using the last one.
    fs::rename(part, &whole)?;
    Ok(whole)
}

/// Without what cargo adds to a test's name.
fn program_name() -> Result<String> {
    let program = env::current_exe()?;
    let name = program.file_name().ok_or("this program has no name")?.to_string_lossy();
    Ok(name.rsplit_once('-').map_or(&*name, |(name, _)| name).to_owned())
}

/// Compiles one of the tests' own C files.
///
/// # Errors
/// The compiler or a library is missing.
pub fn compile(source: &str, program: &Path, options: &[&str]) -> Result<PathBuf> {
    let source = checkout().join("tests/driver").join(source);
    let mut cc = Command::new("cc");
    cc.args(["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-o"])
        .arg(program)
        .arg(source)
        .args(options);
    command::run(&mut cc)?;
    Ok(program.to_path_buf())
}
