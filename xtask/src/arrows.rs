//! Which room may use which, checked against what cargo resolves.

use std::process::Command;

use keyfob_tests::{Result, command};

/// Every room, and the rooms it may depend on directly.
const ROOMS: [(&str, &[&str]); 13] = [
    ("keyfob-core", &[]),
    ("keyfob-tokens", &["keyfob-core"]),
    ("keyfob-store", &["keyfob-core"]),
    ("keyfob-authority", &["keyfob-core", "keyfob-store"]),
    ("keyfob-daemon", &["keyfob-authority", "keyfob-core"]),
    ("pam-keyfob", &["keyfob-authority", "keyfob-core", "keyfob-daemon"]),
    ("keyfob-service", &["keyfob-authority", "keyfob-core", "keyfob-daemon", "keyfob-tokens"]),
    ("keyfob", &["keyfob-authority", "keyfob-core", "keyfob-daemon", "keyfob-service", "keyfob-tokens"]),
    ("keyfob-wasm", &["keyfob-core"]),
    ("keyfob-wasm-tokens", &["keyfob-core", "keyfob-tokens"]),
    ("keyfob-tests", &[]),
    ("keyfob-bench", &["keyfob-tests"]),
    ("xtask", &["keyfob-tests"]),
];

/// Crates that may not even come in through others: core knows no clock, file, environment or randomness; the module runs inside other
/// programs, and brings no runtime, network, argument parser or log subscriber into them.
const BANNED: [(&str, &[&str]); 3] = [
    ("keyfob-core", &["getrandom", "rand", "nix", "rusqlite", "chrono", "time", "jiff", "web-time"]),
    // It would double the module's size.
    ("keyfob-wasm", &["serde"]),
    (
        "pam-keyfob",
        &[
            "tokio",
            "async-std",
            "smol",
            "futures-executor",
            "mio",
            "hyper",
            "http",
            "h2",
            "reqwest",
            "ureq",
            "rustls",
            "openssl",
            "native-tls",
            "clap",
            "tracing",
            "tracing-subscriber",
            "env_logger",
            "simplelog",
            "fern",
            "log4rs",
            "syslog",
        ],
    ),
];

/// Checks all rooms.
///
/// # Errors
/// Every arrow that is forbidden.
pub fn check() -> Result<()> {
    let mut mistakes = unknown_rooms(&tree(&["--workspace", "--depth", "0"])?);
    for (room, allowed) in ROOMS {
        mistakes.extend(forbidden_rooms(&tree(&["--package", room, "--depth", "1"])?, allowed));
    }
    for (room, banned) in BANNED {
        mistakes.extend(banned_crates(&tree(&["--package", room])?, banned));
    }
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes.join("; ").into()) }
}

/// One package a line; the first is the one that was asked for.
fn tree(arguments: &[&str]) -> Result<String> {
    let mut cargo = Command::new("cargo");
    cargo
        .args(["tree", "--locked", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"])
        .args(arguments);
    command::run(&mut cargo)
}

fn unknown_rooms(tree: &str) -> Vec<String> {
    let unknown = |name: &&str| !is_room(name);
    names(tree)
        .filter(unknown)
        .map(|name| format!("{name} is a room without rules: add it to xtask/src/arrows.rs"))
        .collect()
}

fn forbidden_rooms(tree: &str, allowed: &[&str]) -> Vec<String> {
    uses(tree, |name| is_room(name) && !allowed.contains(&name))
}

fn banned_crates(tree: &str, banned: &[&str]) -> Vec<String> {
    uses(tree, |name| banned.contains(&name))
}

fn uses(tree: &str, forbidden: impl Fn(&str) -> bool) -> Vec<String> {
    let mut names = names(tree);
    let room = names.next().unwrap_or_default();
    names.filter(|name| forbidden(name)).map(|name| format!("{room} may not use {name}")).collect()
}

fn is_room(name: &str) -> bool {
    ROOMS.iter().any(|(room, _)| *room == name)
}

/// `keyfob-core v0.1.0 (/checkout/core)` on each line.
fn names(tree: &str) -> impl Iterator<Item = &str> {
    tree.lines().filter_map(|line| line.split_whitespace().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORE: &str = "keyfob-store v0.1.0 (/x/store)\nkeyfob-core v0.1.0 (/x/core)\nrusqlite v0.43.0\n";

    #[test]
    fn an_allowed_arrow_passes() {
        assert!(forbidden_rooms(STORE, &["keyfob-core"]).is_empty());
        assert!(banned_crates(STORE, &["tokio"]).is_empty());
    }

    #[test]
    fn a_forbidden_arrow_is_named() {
        assert_eq!(forbidden_rooms(STORE, &[]), ["keyfob-store may not use keyfob-core"]);
    }

    #[test]
    fn a_banned_crate_is_named_at_any_depth() {
        let tree = "pam-keyfob v0.1.0 (/x)\nkeyfob-authority v0.1.0 (/y)\ntokio v1.0.0\nclap v4.0.0 (*)\n";
        assert_eq!(
            banned_crates(tree, &["tokio", "clap"]),
            ["pam-keyfob may not use tokio", "pam-keyfob may not use clap"]
        );
    }

    #[test]
    fn a_room_without_rules_is_named() {
        let mistakes = unknown_rooms("keyfob-core v0.1.0 (/x)\n\nkeyfob-attic v0.1.0 (/y)\n");
        assert_eq!(mistakes, ["keyfob-attic is a room without rules: add it to xtask/src/arrows.rs"]);
    }
}
