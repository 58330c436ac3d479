//! `keyfob verify`.

use crate::oathtool::{HOTP, TOTP};
use crate::site::{OTHER_USER, Site, USER};

const WRONG: &str = "wrong code: type the code the device shows now";
const USED: &str = "that code was already used: wait for the next one";
const MALFORMED: &str = "that is not a code: type the digits the device shows";

#[test]
fn a_code_is_accepted_once() {
    let (site, step) = Site::with_associated(TOTP);
    let code = TOTP.code(step + 1);
    assert_eq!(site.verify(&code).done(), "Accepted: device GAHT12345678\n");
    site.verify(&code).refused(USED);
}

#[test]
fn a_code_comes_from_standard_input_too() {
    let (site, counter) = Site::with_associated(HOTP);
    let fed =
        |counter, arguments: &[&str]| site.keyfob_fed(&format!("{}\n", HOTP.code(counter)), arguments).done();
    fed(counter + 1, &["verify", "--user", USER]);
    fed(counter + 2, &["verify", "--user", USER, "--code", "-"]);
    let ended = "standard input ended before there was an answer: type it, or write it one line for each";
    site.keyfob(&["verify", "--user", USER]).refused(ended);
}

#[test]
fn wrong_and_malformed_codes_are_told_apart() {
    let (site, step) = Site::with_associated(TOTP);
    site.verify(&TOTP.wrong_code(step)).refused(WRONG);
    for malformed in
        ["", "12345", "12345678901", "12345x", "123 456", "\u{ff11}\u{ff12}\u{ff13}\u{ff14}\u{ff15}\u{ff16}"]
    {
        site.verify(malformed).refused(MALFORMED);
    }
    site.verify("12345678").refused(MALFORMED);
    assert_eq!(site.json(&["user", "show", USER, "--json"])["sign_in"]["failures"], 1);
    site.verify(&TOTP.code(step + 1)).done();
    assert_eq!(site.json(&["user", "show", USER, "--json"])["sign_in"]["failures"], 0);
}

#[test]
fn an_account_without_a_device_is_refused() {
    let (site, _) = Site::with_associated(TOTP);
    let none = "bin has no associated device: associate one with `keyfob enable`";
    site.keyfob(&["verify", "--user", OTHER_USER, "--code", "123456"]).refused(none);
}

#[test]
fn too_many_wrong_codes_have_to_wait() {
    let (site, step) = Site::with_associated(TOTP);
    let wrong = TOTP.wrong_code(step);
    for _ in 0..3 {
        site.verify(&wrong).refused(WRONG);
    }
    let answer = site.verify(&TOTP.code(step + 1));
    assert_eq!((answer.code, answer.out.as_str()), (Some(1), ""));
    let (wait, until) = answer
        .err
        .strip_prefix("keyfob: too many wrong codes: wait ")
        .unwrap()
        .split_once(" (until ")
        .unwrap();
    let (seconds, unit) = wait.split_once(' ').unwrap();
    assert!((1..=15).contains(&seconds.parse::<u32>().unwrap()) && unit.starts_with("second"), "{answer:?}");
    assert!(is_time_of_day(until.strip_suffix(")\n").unwrap()), "{answer:?}");
}

fn is_time_of_day(text: &str) -> bool {
    let parts: Vec<_> = text.split(':').collect();
    parts.len() == 3 && parts.iter().all(|part| part.len() == 2 && part.parse::<u8>().is_ok())
}

#[test]
fn a_throttled_try_spends_no_code_and_an_administrator_unlocks() {
    let (site, step) = Site::with_associated(TOTP);
    for _ in 0..3 {
        site.verify(&TOTP.wrong_code(step)).refused(WRONG);
    }
    let code = TOTP.code(step + 1);
    assert_eq!(site.verify(&code).code, Some(1));
    assert_eq!(
        site.keyfob(&["user", "unlock", USER]).done(),
        "Unlocked account daemon: its wrong codes are forgiven.\n"
    );
    site.verify(&code).done();
}

#[test]
fn the_hard_stop_names_the_command_that_ends_it() {
    let (site, step) = Site::with_associated(TOTP);
    site.write("keyfob.toml", "[throttle]\nfree_failures = 1\nmax_failures = 2\ndelay_seconds = 0\n");
    for _ in 0..2 {
        site.verify(&TOTP.wrong_code(step)).refused(WRONG);
    }
    let code = TOTP.code(step + 1);
    site.verify(&code).refused("too many wrong codes: unlock the account with `keyfob user unlock`");
    assert_eq!(site.json(&["user", "show", USER, "--json"])["sign_in"]["locked"], true);
    site.keyfob(&["user", "unlock", USER]).done();
    site.verify(&code).done();
}
