//! `cargo xtask test`: every check and every test.

use std::{
    io::{self, BufRead, BufReader, Write},
    process::{Command, Stdio},
    time::Instant,
};

use keyfob_tests::{Result, build, command};

use crate::{
    arrows, clients, man_pages, module_file, packages, pages, sources, units,
    wasm::{self, cases, package_tests},
};

const CARGO_DENY: &str = "0.20.2";

/// So many lines of what a failed program printed are printed again at the end.
const LAST_LINES: usize = 60;

type Stage = (&'static str, fn() -> Result<()>);

const STAGES: [Stage; 19] = [
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
    ("the pages with the service, narrow and dark", pages::test_narrow),
    ("AWS's clients, which the tests drive", clients::install),
    ("documentation", documentation),
    ("tests", || cargo(&["test", "--workspace", "--locked", "--no-fail-fast", "--", "--show-output"])),
];

/// Installs what the tests need, goes through the stages whose names contain these words, and says how many passed.
///
/// # Errors
/// The stages that failed, and where there is no such stage.
pub fn run(words: &str) -> Result<()> {
    let stages: Vec<Stage> = STAGES.into_iter().filter(|(name, _)| name.contains(words)).collect();
    if stages.is_empty() {
        return Err(format!("no stage's name contains “{words}”").into());
    }
    packages::install(&packages::TEST)?;
    let failures: Vec<String> = stages.iter().filter_map(|stage| go_through(*stage).err()).collect();
    println!("\n{} passed, {} failed", stages.len() - failures.len(), failures.len());
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n").into()) }
}

/// Whoever sees only the end of what was printed sees there why a stage failed.
fn go_through((name, check): Stage) -> std::result::Result<(), String> {
    println!("\n== {name}");
    let start = Instant::now();
    let result = check();
    let seconds = start.elapsed().as_secs();
    match &result {
        Ok(()) => println!("== {name}: passed after {seconds} s"),
        Err(_) => println!("== {name}: FAILED after {seconds} s"),
    }
    result.map_err(|error| format!("== {name}: {error}"))
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

/// Runs a program, after showing how, and shows what it prints.
///
/// # Errors
/// It fails: with the last of what it printed.
pub fn succeed(command: &mut Command) -> Result<()> {
    printed(command).map(drop)
}

/// The same, and gives all that it prints.
///
/// # Errors
/// It fails: with the last of what it printed.
pub fn printed(command: &mut Command) -> Result<String> {
    println!("$ {}", command::shown(command));
    let (reader, writer) = io::pipe()?;
    let mut child = command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer).spawn()?;
    // The command holds the pipe's other end open until it is told something else.
    command.stdout(Stdio::inherit()).stderr(Stdio::inherit());
    let text = show(BufReader::new(reader))?;
    let status = child.wait()?;
    if status.success() {
        Ok(text)
    } else {
        let why = failed_tests(&text) + &last_lines(&text);
        Err(format!("`{}` failed ({status}):\n{why}", command::shown(command)).into())
    }
}

/// Shows what a program prints, line by line, and gives it.
fn show(mut printed: impl BufRead) -> Result<String> {
    let (mut all, mut line) = (String::new(), Vec::new());
    while printed.read_until(b'\n', &mut line)? > 0 {
        io::stdout().write_all(&line)?;
        all.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
    Ok(all)
}

/// What cargo's tests say of those that failed: much may have been printed since.
fn failed_tests(text: &str) -> String {
    let mut fails = false;
    let told = text.split_inclusive('\n').filter(|line| {
        match line.trim_end() {
            "failures:" => fails = true,
            line if line.starts_with("test result:") => fails = false,
            _ => {}
        }
        fails
    });
    told.collect()
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    lines.iter().skip(lines.len().saturating_sub(LAST_LINES)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_says_why() {
        let mut fails = Command::new("sh");
        let result = succeed(fails.args(["-c", "seq 1000; echo wrong >&2; exit 3"]));
        let error = result.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.ends_with("\n999\n1000\nwrong\n"), "{error}");
        assert_eq!(error.lines().count(), LAST_LINES + 1, "{error}");
    }

    #[test]
    fn a_failed_test_is_told_of_however_much_follows() {
        let one = "test a ... FAILED\nfailures:\n---- a stdout ----\npanicked\ntest result: FAILED.\nmore\n";
        let another = "successes:\n    b\ntest result: ok.\n";
        assert_eq!(failed_tests(&(one.to_owned() + another)), "failures:\n---- a stdout ----\npanicked\n");
    }
}
