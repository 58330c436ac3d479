//! Sign-ins disturbed at a system call on the store.
#![allow(clippy::expect_used, clippy::missing_panics_doc, reason = "without strace the test has failed")]

use std::{collections::BTreeMap, fs};

use crate::{SignIn, Site, site::SERVICE};

/// A sign-in under strace, with what is to happen at which system call on the store, its log or their folder
/// (`inject=fdatasync:error=EIO:when=1`). The calls are written down in the site's file `trace`.
#[must_use]
pub fn sign_in(site: &Site, user: &str, happening: &str) -> SignIn {
    let mut words =
        vec!["strace".to_owned(), "-y".to_owned(), "-o".to_owned(), site.path("trace").display().to_string()];
    for path in [site.path("state"), site.store(), site.write_ahead_log()] {
        words.extend(["-P".to_owned(), path.display().to_string()]);
    }
    words.extend(["-e".to_owned(), happening.to_owned()]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    site.sign_in_under(&words, SERVICE, user)
}

/// A sign-in that is only looked at.
#[must_use]
pub fn watched_sign_in(site: &Site, user: &str) -> SignIn {
    sign_in(site, user, "trace=all")
}

/// How often the sign-in made each system call.
#[must_use]
pub fn calls(site: &Site) -> BTreeMap<String, u32> {
    let mut calls = BTreeMap::new();
    for line in trace(site).lines() {
        if let Some((name, _)) = line.split_once('(') {
            *calls.entry(name.to_owned()).or_default() += 1;
        }
    }
    calls
}

/// The system calls that the sign-in made.
#[must_use]
pub fn trace(site: &Site) -> String {
    fs::read_to_string(site.path("trace")).expect("a trace")
}

/// Was the sign-in disturbed as it was to be?
#[must_use]
pub fn happened(site: &Site) -> bool {
    let trace = trace(site);
    trace.contains("(INJECTED)") || trace.contains("+++ killed by")
}
