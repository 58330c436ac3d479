//! The pages: `cargo xtask pages` builds them into `www/dist`; their tests run in Chromium, with the service and its daemon as they ship.

use std::{path::PathBuf, process::Command};

use keyfob_tests::{Pages, Result, build, host::Network};

use crate::{npm, test::succeed, wasm};

/// Builds the pages and what they import, and says where they are.
///
/// # Errors
/// A tool is missing, or a step fails.
pub fn build() -> Result<PathBuf> {
    wasm::pack()?;
    npm::install(&folder())?;
    succeed(&mut npm::npm(&folder(), &["run", "--silent", "build"]))?;
    Ok(folder().join("dist"))
}

/// What the tests try with answers that are made up: states that a real service is seldom in.
///
/// # Errors
/// A test fails.
pub fn test_states() -> Result<()> {
    build()?;
    succeed(&mut playwright(Command::new("npx"), "states"))
}

/// What the tests try with the service and its daemon, wide and light.
///
/// # Errors
/// A test fails, or the host can't be set up.
pub fn test_with_service() -> Result<()> {
    test_on_host(["service", "policy"])
}

/// The same on a narrow and dark screen.
///
/// # Errors
/// A test fails, or the host can't be set up.
pub fn test_narrow() -> Result<()> {
    test_on_host(["service-narrow", "policy-narrow"])
}

/// On a host of their own; first under the policy as it is, then under others.
fn test_on_host(projects: [&str; 2]) -> Result<()> {
    let served = Pages::serve(&build()?, Network::Own, "127.0.0.1:0")?;
    served.host().ask_for_code("su", "");
    // Both run, even where the first one fails: one run shows everything that is wrong.
    let outcomes = projects.map(|project| {
        let mut npx = served.host().network("npx");
        npx.env("KEYFOB_ADDRESS", served.url()).env("KEYFOB_HOST", served.host().id().to_string());
        succeed(&mut playwright(npx, project))
    });
    outcomes.into_iter().collect()
}

fn playwright(mut command: Command, project: &str) -> Command {
    command.args(["playwright", "test", &format!("--project={project}")]).current_dir(folder());
    command
}

fn folder() -> PathBuf {
    build::checkout().join("www")
}
