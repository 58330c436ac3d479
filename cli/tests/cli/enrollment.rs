//! `keyfob enable`, `resync` and `disable`, without a terminal.

use crate::oathtool::{HOTP, LONG, TOTP, Token};
use crate::site::{OTHER_USER, Site, USER};

const WRONG_PAIR: &str =
    "wrong codes: check the serial number, and type two codes as the device shows them in a row";
const NOT_CONSECUTIVE: &str = "the codes are not consecutive: type two as the device shows them in a row";
const TOO_FAR_OFF: &str =
    "the device's clock or counter is too far off: check this machine's clock, or widen the policy's range";

fn enable_with(site: &Site, token: Token, code1: &str, code2: &str) -> crate::site::Answer {
    site.keyfob(&["enable", "--user", USER, "--serial", token.serial, "--code1", code1, "--code2", code2])
}

fn owner(site: &Site, serial: &str) -> serde_json::Value {
    site.json(&["device", "show", serial, "--json"])["user_name"].take()
}

#[test]
fn a_device_is_associated_and_its_next_code_signs_in() {
    for token in [TOTP, LONG, HOTP] {
        let site = Site::new(&[token]);
        let step = if token.kind == "HOTP" { 5 } else { token.step() };
        let done = site.enable(USER, token, step - 1, step).done();
        assert_eq!(
            done,
            format!("Associated device {} with account daemon. Its next code signs in.\n", token.serial)
        );
        assert_eq!(owner(&site, token.serial), USER);
        for spent in [step - 1, step] {
            site.verify(&token.code(spent)).refused("that code was already used: wait for the next one");
        }
        assert_eq!(site.verify(&token.code(step + 1)).done(), format!("Accepted: device {}\n", token.serial));
    }
}

#[test]
fn codes_come_from_standard_input_too() {
    let step = TOTP.step();
    let input = format!("{}\n  {} \r\n", TOTP.code(step - 1), TOTP.code(step));
    let base = ["enable", "--user", USER, "--serial", TOTP.serial];
    for codes in [&[][..], &["--code1", "-", "--code2", "-"], &["--code1=-", "--code2=-"]] {
        let site = Site::new(&[TOTP]);
        site.keyfob_fed(&input, &[&base, codes].concat()).done();
    }
    let site = Site::new(&[TOTP]);
    let (first, second) = (TOTP.code(step - 1), format!("{}\n", TOTP.code(step)));
    let mixed = [&base[..], &["--code1", &first, "--code2", "-"]].concat();
    site.keyfob_fed(&second, &mixed).done();
}

#[test]
fn input_that_ends_too_early_is_refused() {
    let site = Site::new(&[TOTP]);
    let ended = "standard input ended before there was an answer: type it, or write it one line for each";
    for input in ["", "123456\n"] {
        site.keyfob_fed(input, &["enable", "--user", USER, "--serial", TOTP.serial]).refused(ended);
    }
}

#[test]
fn malformed_codes_are_refused_and_change_nothing() {
    let site = Site::new(&[TOTP]);
    let stray = "a code has only the digits 0 to 9: type the digits that the device shows";
    let length = "a code has 6 to 10 digits: type the digits that the device shows";
    let good = TOTP.code(TOTP.step());
    for (code, message) in [
        ("", "no code was given: type the digits that the device shows"),
        ("12345", length),
        ("12345678901", length),
        ("12345x", stray),
        ("\u{661}\u{662}\u{663}\u{664}\u{665}\u{666}", stray),
        ("\u{1b}[2J12", stray),
    ] {
        enable_with(&site, TOTP, code, &good).refused(message);
        enable_with(&site, TOTP, &good, code).refused(message);
    }
    let other_length = "the device's codes have another length: type both as the device shows them";
    enable_with(&site, TOTP, "12345678", "87654321").refused(other_length);
    assert_eq!(owner(&site, TOTP.serial), serde_json::Value::Null);
    assert_eq!(site.json(&["user", "show", USER, "--json"])["association"]["failures"], 0);
}

#[test]
fn the_refusals_of_a_pair_are_told_apart() {
    let site = Site::new(&[TOTP]);
    let step = TOTP.step();
    let twice = "that is the same code twice: wait for the one that the device shows next";
    site.enable(USER, TOTP, step, step).refused(twice);
    site.enable(USER, TOTP, step, step - 1).refused(NOT_CONSECUTIVE);
    site.enable(USER, TOTP, step - 2, step).refused(NOT_CONSECUTIVE);
    enable_with(&site, TOTP, &TOTP.code(step), &TOTP.wrong_code(step)).refused(WRONG_PAIR);
    assert_eq!(owner(&site, TOTP.serial), serde_json::Value::Null);
    let three = site.json(&["user", "show", USER, "--json"])["association"]["failures"].take();
    assert_eq!(three, 3, "the same code twice is not counted");
}

#[test]
fn a_pair_from_too_long_ago_is_too_far_off() {
    let site = Site::new(&[TOTP, HOTP]);
    let thirteen_hours_ago = TOTP.step() - 13 * 60;
    site.enable(USER, TOTP, thirteen_hours_ago - 1, thirteen_hours_ago).refused(TOO_FAR_OFF);
    site.enable(USER, HOTP, 1_500, 1_501).refused(TOO_FAR_OFF);
    assert_eq!(owner(&site, TOTP.serial), serde_json::Value::Null);
}

#[test]
fn a_clock_that_is_far_off_is_allowed_for_and_told() {
    for (minutes, direction) in [(-20i64, "behind"), (20, "ahead")] {
        let site = Site::new(&[TOTP]);
        let step = TOTP.step().checked_add_signed(minutes).unwrap();
        let done = site.enable(USER, TOTP, step - 1, step).done();
        let told = done.lines().nth(1).unwrap().strip_prefix("The device's clock is about ").unwrap();
        let off = told.strip_suffix(&format!(" minutes {direction}; Keyfob allows for it.")).unwrap();
        assert!((19..=21).contains(&off.parse::<u32>().unwrap()), "a step is seen from its middle: {done}");
        site.verify(&TOTP.code(step + 1)).done();
    }
}

#[test]
fn codes_typed_late_are_not_called_a_slow_clock() {
    let site = Site::new(&[TOTP]);
    let step = TOTP.step() - 4;
    assert_eq!(site.enable(USER, TOTP, step - 1, step).done().lines().count(), 1);
}

#[test]
fn too_many_wrong_pairs_have_to_wait() {
    let site = Site::new(&[TOTP]);
    let step = TOTP.step();
    for _ in 0..3 {
        enable_with(&site, TOTP, &TOTP.code(step), &TOTP.wrong_code(step)).refused(WRONG_PAIR);
    }
    let answer = site.enable(USER, TOTP, step - 1, step);
    assert_eq!((answer.code, answer.out.as_str()), (Some(1), ""));
    assert!(answer.err.starts_with("keyfob: too many wrong codes: wait "), "{answer:?}");
    site.keyfob(&["user", "unlock", USER]).done();
    site.enable(USER, TOTP, step - 1, step).done();
}

#[test]
fn a_serial_number_belongs_to_one_account_at_a_time() {
    let (site, step) = Site::with_associated(TOTP);
    let taken =
        "the device GAHT12345678 is associated with daemon: deactivate it first with `keyfob disable`";
    for user in [USER, OTHER_USER] {
        site.enable(user, TOTP, step - 1, step).refused(taken);
    }
    let disabled = site.keyfob(&["disable", "--user", USER, "--serial", TOTP.serial]).done();
    assert_eq!(disabled, "Deactivated device GAHT12345678 of account daemon. It can be associated again.\n");
    let spent = "these codes were already used: wait for the next ones";
    site.enable(OTHER_USER, TOTP, step - 1, step).refused(spent);
    site.enable(OTHER_USER, TOTP, step + 1, step + 2).done();
    let not_theirs =
        "the device GAHT12345678 is not associated with daemon: `keyfob user show daemon` lists its devices";
    site.keyfob(&["disable", "--user", USER, "--serial", TOTP.serial]).refused(not_theirs);
}

#[test]
fn an_account_has_eight_devices_at_most() {
    const SERIALS: [&str; 9] = ["T-1", "T-2", "T-3", "T-4", "T-5", "T-6", "T-7", "T-8", "T-9"];
    let tokens = SERIALS.map(|serial| Token { serial, ..TOTP });
    let site = Site::new(&tokens);
    let step = TOTP.step();
    let (ninth, eight) = tokens.split_last().unwrap();
    for token in eight {
        site.enable(USER, *token, step - 1, step).done();
    }
    let full =
        "daemon has 8 devices, the most an account may have: deactivate one first with `keyfob disable`";
    site.enable(USER, *ninth, step - 1, step).refused(full);
    site.enable(OTHER_USER, *ninth, step - 1, step).done();
}

#[test]
fn unknown_accounts_and_serial_numbers_are_named() {
    let (site, _) = Site::with_associated(TOTP);
    let nobody =
        "the account no-such-account is not known: check the name, or make it known with `keyfob user add`";
    site.enable("no-such-account", TOTP, 1, 2).refused(nobody);
    let none = "no device has the serial number FT-8: import its seed file with `keyfob device import`";
    site.enable(USER, LONG, 1, 2).refused(none);
    site.pair("resync", USER, LONG, 1, 2).refused(none);
    site.keyfob(&["disable", "--user", USER, "--serial", LONG.serial]).refused(none);
}

#[test]
fn a_device_that_went_astray_is_found_again() {
    let (site, step) = Site::with_associated(HOTP);
    let astray = step + 200;
    site.verify(&HOTP.code(astray)).refused("wrong code: type the code the device shows now");
    let done = site.pair("resync", USER, HOTP, astray, astray + 1).done();
    assert_eq!(done, "Resynchronised device UBHE0000001 of account daemon. Its next code signs in.\n");
    site.verify(&HOTP.code(astray + 1)).refused("that code was already used: wait for the next one");
    site.verify(&HOTP.code(astray + 2)).done();
}

#[test]
fn resync_refuses_as_enable_does() {
    let (site, step) = Site::with_associated(TOTP);
    let resync = |user, first, second| site.pair("resync", user, TOTP, first, second);
    resync(USER, step - 1, step).refused("these codes were already used: wait for the next ones");
    resync(USER, step + 2, step + 1).refused(NOT_CONSECUTIVE);
    resync(USER, step + 900, step + 901).refused(TOO_FAR_OFF);
    let not_theirs =
        "the device GAHT12345678 is not associated with bin: `keyfob user show bin` lists its devices";
    resync(OTHER_USER, step + 1, step + 2).refused(not_theirs);
    site.verify(&TOTP.code(step + 1)).done();
}
