//! What may not stand in which room's sources.

use std::{
    fs,
    path::{Path, PathBuf},
};

use keyfob_tests::{Result, build};

const ROOMS: [&str; 12] = [
    "core",
    "tokens",
    "store",
    "authority",
    "daemon",
    "pam-module",
    "service",
    "cli",
    "wasm",
    "tests",
    "bench",
    "xtask",
];

/// The one file with unsafe of its own; its tests stand in the folder of its name.
const MEETS_LIBPAM: &str = "pam-module/src/ffi";

/// Words that may not stand in a room's sources; the unit tests of a room may use them.
const BANNED: [(&str, &[&str]); 2] = [
    ("core", &["extern crate std"]),
    ("tokens", &["std::fs", "std::net", "std::env", "std::process", "std::time", "std::thread"]),
];

/// Checks all rooms.
///
/// # Errors
/// Every mistake.
pub fn check() -> Result<()> {
    let checkout = build::checkout();
    let mut mistakes = Vec::new();
    for room in ROOMS {
        for path in rust_files(&checkout.join(room))? {
            let text = fs::read_to_string(&path)?;
            let name = path.strip_prefix(&checkout)?.display().to_string();
            mistakes.extend(unsafe_mistakes(&name, &text));
            mistakes.extend(banned_words(room, &name, &text));
        }
    }
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes.join("; ").into()) }
}

/// All crates but the module's forbid unsafe; there, one file has it.
fn unsafe_mistakes(name: &str, text: &str) -> Option<String> {
    let in_module = name.starts_with("pam-module/");
    let is_root = name.ends_with("src/lib.rs") || name.ends_with("src/main.rs");
    if is_root && !in_module && !text.contains("#![forbid(unsafe_code)]") {
        return Some(format!("{name} has to say #![forbid(unsafe_code)]"));
    }
    let has_unsafe = text.lines().map(without_comment).any(|line| words(line).any(|word| word == "unsafe"));
    (has_unsafe && in_module && !name.starts_with(MEETS_LIBPAM)).then(|| format!("{name} may not be unsafe"))
}

fn banned_words(room: &str, name: &str, text: &str) -> Vec<String> {
    let banned = BANNED.iter().find(|(banned, _)| *banned == room).map_or(&[][..], |(_, words)| words);
    let product = if is_test(name) { "" } else { text.split("#[cfg(test)]").next().unwrap_or_default() };
    let found =
        banned.iter().filter(|word| product.lines().any(|line| without_comment(line).contains(**word)));
    found.map(|word| format!("{name} may not use {word}")).collect()
}

fn is_test(name: &str) -> bool {
    name.ends_with("tests.rs") || name.contains("/tests/")
}

fn without_comment(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_has_to_forbid_unsafe() {
        assert_eq!(
            unsafe_mistakes("store/src/lib.rs", "mod sqlite;").as_deref(),
            Some("store/src/lib.rs has to say #![forbid(unsafe_code)]")
        );
        assert_eq!(unsafe_mistakes("store/src/lib.rs", "#![forbid(unsafe_code)]\nmod sqlite;"), None);
        assert_eq!(unsafe_mistakes("store/src/sqlite.rs", ""), None);
    }

    #[test]
    fn only_one_file_of_the_module_is_unsafe() {
        let text = "let x = unsafe { read(y) };";
        assert_eq!(unsafe_mistakes("pam-module/src/ffi.rs", text), None);
        assert_eq!(unsafe_mistakes("pam-module/src/ffi/tests.rs", text), None);
        assert_eq!(
            unsafe_mistakes("pam-module/src/lib.rs", text).as_deref(),
            Some("pam-module/src/lib.rs may not be unsafe")
        );
        assert_eq!(unsafe_mistakes("pam-module/src/lib.rs", "#![deny(unsafe_code)] // no unsafe"), None);
    }

    #[test]
    fn core_and_tokens_know_no_machine() {
        assert_eq!(
            banned_words("tokens", "tokens/src/csv.rs", "use std::fs;\n"),
            ["tokens/src/csv.rs may not use std::fs"]
        );
        assert_eq!(
            banned_words("core", "core/src/lib.rs", "extern crate std;"),
            ["core/src/lib.rs may not use extern crate std"]
        );
        assert!(banned_words("tokens", "tokens/src/csv.rs", "mod a;\n#[cfg(test)]\nuse std::fs;").is_empty());
        assert!(banned_words("tokens", "tokens/tests/csv.rs", "use std::fs;").is_empty());
        assert!(banned_words("store", "store/src/lib.rs", "use std::fs;").is_empty());
    }
}
