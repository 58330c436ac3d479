//! `cargo xtask test`: every check and every test.

use std::{
    process::{Command, Stdio},
    time::Instant,
};

use keyfob_tests::{Result, build, command};

use crate::{
    arrows, clients, man_pages, module_file, packages, pages, sources, units,
    wasm::{self, cases, package_tests},
};

const CARGO_DENY: &str = "0.20.2";

type Stage = (&'static str, fn() -> Result<()>);

const STAGES: [Stage; 18] = [
    ("format", || cargo(&["fmt", "--all", "--check"])),
    ("lints", || cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"])),
    ("licences and sources of the dependencies", licences),
    ("which room uses which", arrows::check),
    ("what may not stand in the sources", sources::check),
    ("the command line as it ships", || build::keyfob().map(drop)),
    ("the PAM module as it ships", module_file::check),
    ("the daemon's units", units::check),
    ("man pages", man_pages::check),
    ("the package for web frontends as it ships", wasm::run),
    ("the package's cases in Node", cases::in_node),
    ("the package's cases in Chromium", cases::in_chromium),
    ("the package as it is installed", package_tests::run),
    ("the pages in seldom states", pages::test_states),
    ("the pages with the service", pages::test_with_service),
    ("AWS's clients, which the tests drive", clients::install),
    ("documentation", documentation),
    ("tests", || cargo(&["test", "--workspace", "--locked", "--no-fail-fast", "--", "--show-output"])),
];

/// Installs what the tests need, goes through all stages, and says how many passed.
///
/// # Errors
/// The stages that failed.
pub fn run() -> Result<()> {
    packages::install(&packages::TEST)?;
    let failed: Vec<&str> =
        STAGES.into_iter().filter(|stage| !passes(*stage)).map(|(name, _)| name).collect();
    println!("\n{} passed, {} failed", STAGES.len() - failed.len(), failed.len());
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", ")).into()) }
}

fn passes((name, check): Stage) -> bool {
    println!("\n== {name}");
    let start = Instant::now();
    let result = check();
    let seconds = start.elapsed().as_secs();
    match &result {
        Ok(()) => println!("== {name}: passed after {seconds} s"),
        Err(error) => println!("== {name}: FAILED after {seconds} s: {error}"),
    }
    result.is_ok()
}

/// Runs cargo, after showing how.
///
/// # Errors
/// It fails.
pub fn cargo(arguments: &[&str]) -> Result<()> {
    succeed(Command::new("cargo").args(arguments))
}

fn documentation() -> Result<()> {
    let mut cargo = Command::new("cargo");
    cargo.args(["doc", "--workspace", "--no-deps", "--locked", "--document-private-items"]);
    succeed(cargo.env("RUSTDOCFLAGS", "--deny warnings"))
}

/// Looks up whether a known vulnerability is in a dependency.
///
/// # Errors
/// There is one, or the database can't be fetched.
pub fn advisories() -> Result<()> {
    deny(&["advisories"])
}

fn licences() -> Result<()> {
    deny(&["bans", "licenses", "sources"])
}

fn deny(checks: &[&str]) -> Result<()> {
    install_cargo_deny()?;
    succeed(Command::new("cargo").args(["deny", "--locked", "check"]).args(checks))
}

fn install_cargo_deny() -> Result<()> {
    let version = command::output(Command::new("cargo").args(["deny", "--version"]))?;
    if command::text(&version.stdout).ends_with(CARGO_DENY) {
        return Ok(());
    }
    println!("Installing cargo-deny {CARGO_DENY} into cargo's own folder. It takes some minutes, once.");
    // Without optimisation it is built in half the time and is quick enough.
    cargo(&["install", "cargo-deny", "--version", CARGO_DENY, "--locked", "--debug"])
}

/// Runs a program, after showing how.
///
/// # Errors
/// It fails.
pub fn succeed(command: &mut Command) -> Result<()> {
    println!("$ {}", command::shown(command));
    let status = command.stdin(Stdio::null()).status()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{}` failed ({status})", command::shown(command)).into())
    }
}
