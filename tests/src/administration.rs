//! What an administrator does by `keyfob`, wherever it runs.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test whose tools fail has failed"
)]

use crate::{Enrolled, Token, token::Kind};

/// Associates a token with an account, by its codes at counters 0 and 1, or of the last step and this one.
#[must_use]
pub fn enable(keyfob: impl Fn(&[&str]) -> String, user: &str, token: &Token) -> Enrolled {
    let first = token.step_now().expect("a clock").saturating_sub(1);
    let codes = token.codes(first, 2).expect("oathtool");
    let codes = ["--code1", &codes[0], "--code2", &codes[1]];
    keyfob(&[&["enable", "--user", user, "--serial", &token.serial], &codes[..]].concat());
    Enrolled { user: user.to_owned(), token: token.clone(), next: first + 2 }
}

/// The account's wrong codes at sign-in since the last accepted one.
#[must_use]
pub fn failures(keyfob: impl Fn(&[&str]) -> String, user: &str) -> u32 {
    let account = keyfob(&["user", "show", user, "--json"]);
    let (_, sign_in) = account.split_once(r#""sign_in""#).expect("how often sign-in failed");
    after(sign_in, r#""failures": "#).parse().expect("a number")
}

/// How the account's sign-ins ended, as the audit log has it: `accepted`, or why not.
#[must_use]
pub fn sign_ins(keyfob: impl Fn(&[&str]) -> String, user: &str) -> Vec<String> {
    let log = keyfob(&["log", "--json", "--user", user]);
    let sign_ins = log.lines().filter(|line| line.contains(r#""act":"sign-in""#));
    let done = |line: &str| line.contains(r#""outcome":"done""#);
    sign_ins
        .map(|line| if done(line) { "accepted" } else { after(line, r#""reason":""#) }.to_owned())
        .collect()
}

/// A seed file of tokens.
#[must_use]
pub fn seed_file(tokens: &[Token]) -> String {
    let lines: String = tokens.iter().map(csv_line).collect();
    format!("serial,secret,type,algorithm,digits,period,counter\n{lines}")
}

fn csv_line(token: &Token) -> String {
    let Token { serial, key, digits, .. } = token;
    match token.kind {
        Kind::Hotp => format!("{serial},{key},HOTP,SHA1,{digits},,0\n"),
        Kind::Totp { period } => format!("{serial},{key},TOTP,SHA1,{digits},{period},\n"),
    }
}

/// The word that follows a mark.
pub(crate) fn after<'a>(text: &'a str, mark: &str) -> &'a str {
    let rest = text.split_once(mark).map_or("", |(_, rest)| rest);
    rest.split(['"', ',']).next().unwrap_or_default()
}
