//! What builds the package: the target's standard library, wasm-bindgen's tool, wasm-pack, and tools from npm.

use std::{fs, path::PathBuf, process::Command};

use keyfob_tests::{Result, build, command};

use crate::test::{cargo, succeed};

pub const TARGET: &str = "wasm32-unknown-unknown";

const WASM_PACK: &str = "0.15.1";
const BINARYEN: &str = "132.0.0";
const ESBUILD: &str = "0.28.2";

/// Installs what is missing.
///
/// # Errors
/// It can't be installed, or says what has to be.
pub fn install() -> Result<()> {
    command::output(Command::new("npm").arg("--version"))
        .map_err(|_| "npm is missing: install Node 20 or later")?;
    install_target()?;
    install_program("wasm-bindgen", "wasm-bindgen-cli", &locked_version("wasm-bindgen")?)?;
    install_npm_tools()
}

/// Installs wasm-pack, which the tests need besides.
///
/// # Errors
/// As [`install`].
pub fn install_wasm_pack() -> Result<()> {
    install_program("wasm-pack", "wasm-pack", WASM_PACK)
}

/// A program of the tools from npm.
///
/// # Errors
/// See [`build::target`].
pub fn npm_tool(name: &str) -> Result<Command> {
    Ok(Command::new(npm_folder()?.join("node_modules/.bin").join(name)))
}

fn install_target() -> Result<()> {
    let mut rustc = Command::new("rustc");
    let library = command::run(rustc.args(["--print", "target-libdir", "--target", TARGET]))?;
    if fs::exists(library.trim())? {
        return Ok(());
    }
    succeed(Command::new("rustup").args(["target", "add", TARGET])).map_err(|error| {
        format!(
            "{error}; where rustup does not manage the toolchain, install the target's standard library as \
             the distribution packages it (Debian: libstd-rust-dev-wasm32)"
        )
        .into()
    })
}

fn install_program(program: &str, package: &str, version: &str) -> Result<()> {
    let installed = command::output(Command::new(program).arg("--version"));
    if installed.is_ok_and(|output| command::text(&output.stdout).trim().ends_with(&format!(" {version}"))) {
        return Ok(());
    }
    println!("Installing {package} {version} into cargo's own folder. It takes some minutes, once.");
    cargo(&["install", package, "--version", version, "--locked"])
}

/// The version that the modules are built with: the tool has to be the very same.
fn locked_version(package: &str) -> Result<String> {
    let lock = fs::read_to_string(build::checkout().join("Cargo.lock"))?;
    let (_, rest) =
        lock.split_once(&format!("name = \"{package}\"\nversion = \"")).ok_or("Cargo.lock lacks it")?;
    Ok(rest.split('"').next().unwrap_or_default().into())
}

fn install_npm_tools() -> Result<()> {
    let folder = npm_folder()?;
    let (binaryen, esbuild) = (format!("binaryen@{BINARYEN}"), format!("esbuild@{ESBUILD}"));
    let marker = folder.join("installed");
    let wanted = format!("{binaryen} {esbuild}");
    if fs::read_to_string(&marker).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    fs::create_dir_all(&folder)?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]);
    succeed(npm.arg("--prefix").arg(&folder).args([binaryen, esbuild]))?;
    Ok(fs::write(marker, wanted)?)
}

fn npm_folder() -> Result<PathBuf> {
    Ok(build::target()?.join("wasm/tools"))
}
