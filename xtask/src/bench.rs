//! `cargo xtask bench`: how fast a sign-in is, and how fast the package for web frontends is.

use std::{path::PathBuf, process::Command};

use keyfob_tests::{Result, build};

use crate::{
    packages,
    test::{cargo, succeed},
    wasm,
};

/// Installs what the benchmarks need, and runs them as a release build.
///
/// # Errors
/// This is not root, or something could not be measured.
pub fn run() -> Result<()> {
    packages::install(&packages::BENCH)?;
    measure(&[])
}

/// Refusals alone: whether they can be told apart by how long they take.
///
/// # Errors
/// This is not root, or something could not be measured.
pub fn refusals() -> Result<()> {
    packages::install(&packages::BENCH)?;
    measure(&["refusals"])
}

fn measure(words: &[&str]) -> Result<()> {
    let run = ["run", "--quiet", "--locked", "--release", "--package", "keyfob-bench", "--"];
    cargo(&[&run[..], words].concat())
}

/// Builds the package for web frontends, and measures it in Node and Chromium next to other libraries.
///
/// # Errors
/// The package can't be built, a library gives a wrong answer, or something could not be measured.
pub fn package() -> Result<()> {
    packages::install(&["chromium"])?;
    let package = wasm::pack()?;
    let figures = build::target()?.join("wasm/benchmark.json");
    // The scripts of what is installed are not needed.
    succeed(in_bench("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))?;
    let install = ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
    succeed(in_bench("npm").args(install).arg(package))?;
    println!("Measuring takes some minutes.");
    succeed(in_bench("node").arg("src/main.js").arg(&figures))?;
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--locked", "--package", "keyfob-bench", "--", "--wasm"]);
    succeed(cargo.arg(figures))
}

fn in_bench(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder());
    command
}

fn folder() -> PathBuf {
    build::checkout().join("bench/js")
}
