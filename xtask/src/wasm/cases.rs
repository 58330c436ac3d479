//! The cases of the package's modules, in Node and in Chromium.

use std::process::Command;

use keyfob_tests::{Result, build};

use super::{MODULES, tools};
use crate::test::printed;

/// Runs the cases of all modules in Node.
///
/// # Errors
/// One fails, or none is run.
pub fn in_node() -> Result<()> {
    run(&["--node"])
}

/// Runs the cases of all modules in Chromium; `webdriver.json` beside each module's manifest holds its options.
///
/// # Errors
/// One fails, or none is run.
pub fn in_chromium() -> Result<()> {
    run(&["--headless", "--chrome"])
}

fn run(place: &[&str]) -> Result<()> {
    tools::install()?;
    tools::install_wasm_pack()?;
    MODULES.iter().try_for_each(|module| run_module(module.folder, place))
}

fn run_module(folder: &str, place: &[&str]) -> Result<()> {
    let mut wasm_pack = Command::new("wasm-pack");
    wasm_pack.args(["test", "--mode", "no-install"]).args(place).current_dir(build::checkout().join(folder));
    check_count(folder, passed(&printed(&mut wasm_pack)?))
}

/// How many cases passed, over all files.
fn passed(told: &str) -> usize {
    let results = told.lines().filter_map(|line| line.trim().strip_prefix("test result: ok. "));
    results.filter_map(|result| result.split(' ').next()?.parse::<usize>().ok()).sum()
}

fn check_count(folder: &str, passed: usize) -> Result<()> {
    if passed == 0 { Err(format!("no case of {folder} was run").into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passed_is_counted() {
        let told = "test result: ok. 9 passed; 0 failed\n\ntest result: ok. 11 passed; 0 failed\n";
        assert_eq!(passed(told), 20);
    }

    #[test]
    fn cases_that_were_passed_over_are_a_failure() {
        let told = "this test suite is only configured to run in a browser\ntest result: ok. 0 passed;\n";
        assert!(check_count("wasm", passed(told)).is_err());
        assert!(check_count("wasm", 1).is_ok());
    }
}
