//! What a person at a terminal sees: a pseudo-terminal takes their place.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use nix::pty::openpty;

use crate::oathtool::{HOTP, TOTP, Token, csv, now};
use crate::site::{KEYFOB, Site, USER};

/// After this long without a word the program counts as stuck.
const STUCK: Duration = Duration::from_secs(60);

/// Somebody who types at a terminal in which the program runs.
struct Person {
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    seen: String,
    program: Child,
}

impl Person {
    fn runs(site: &Site, arguments: &[&str], terminal_type: &str) -> Self {
        let terminal = openpty(None, None).unwrap();
        let end = || Stdio::from(terminal.slave.try_clone().unwrap());
        let mut command = site.command(KEYFOB, arguments);
        command.env("TERM", terminal_type).stdin(end()).stdout(end()).stderr(end());
        let program = command.spawn().unwrap();
        let screen = shown_by(terminal.master.try_clone().unwrap());
        Self { keyboard: File::from(terminal.master), screen, seen: String::new(), program }
    }

    /// Reads until the text shows, and forgets everything up to it.
    #[track_caller]
    fn sees(&mut self, text: &str) {
        while !self.seen.contains(text) {
            let more = self.screen.recv_timeout(STUCK);
            let more = more.unwrap_or_else(|_| panic!("{text:?} does not show; this does: {:?}", self.seen));
            self.seen.push_str(&String::from_utf8(more).unwrap());
        }
        let end = self.seen.find(text).unwrap() + text.len();
        self.seen.drain(..end);
    }

    fn types(&mut self, line: &str) {
        self.keyboard.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// Reads to the end: the exit code, and what was still shown.
    #[track_caller]
    fn waits(mut self) -> (Option<i32>, String) {
        loop {
            match self.screen.recv_timeout(STUCK) {
                Ok(more) => self.seen.push_str(&String::from_utf8(more).unwrap()),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end; this shows: {:?}", self.seen),
            }
        }
        let status = self.program.wait().unwrap();
        (status.code(), std::mem::take(&mut self.seen))
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// Ends once the program and everybody else has closed the terminal.
fn shown_by(master: OwnedFd) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut master = File::from(master);
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = master.read(&mut buffer) {
            let _ = sender.send(buffer[..length].to_vec());
        }
    });
    receiver
}

/// A token whose time step neither began nor ends within a minute.
fn slow_token() -> Token {
    let now = now();
    let period = (5_000..6_000).find(|period| (60..period - 60).contains(&(now % period))).unwrap();
    Token { period, ..TOTP }
}

const ENABLE: [&str; 5] = ["enable", "--user", USER, "--serial", TOTP.serial];

#[test]
fn both_codes_are_asked_for_with_the_wait_between_them() {
    let quick = Token { period: 2, ..TOTP };
    let site = Site::new(&[quick]);
    let mut person = Person::runs(&site, &ENABLE, "xterm");
    person.sees("Authentication Code 1: ");
    let step = quick.step();
    person.types(&quick.code(step));
    person.sees("The device shows its next code now.");
    person.types(&quick.code(step + 1));
    let (code, shown) = person.waits();
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("Associated device GAHT12345678 with account daemon."), "{shown}");
}

#[test]
fn the_countdown_stands_above_the_question_and_changes_in_place() {
    let slow = slow_token();
    let site = Site::new(&[slow]);
    let mut person = Person::runs(&site, &ENABLE, "xterm");
    let step = slow.step();
    person.sees("Authentication Code 1: ");
    person.types(&slow.code(step));
    person.sees("Wait about ");
    person.sees(" s for the next code.\r\nAuthentication Code 2: ");
    person.sees("\x1b7\x1b[1A\r\x1b[2KWait about ");
    person.sees(" s for the next code.\x1b8");
    person.types(&slow.code(step + 1));
    assert_eq!(person.waits().0, Some(0), "a second code may be typed early");
}

#[test]
fn mistakes_that_show_are_told_and_asked_for_again() {
    let slow = slow_token();
    let site = Site::new(&[slow]);
    let step = slow.step();
    let mut person = Person::runs(&site, &ENABLE, "dumb");
    for mistake in ["", "12345", "1234x6", "12345678"] {
        person.sees("Authentication Code 1: ");
        person.types(mistake);
    }
    person.sees("this device's codes have 6 digits.");
    person.sees("Authentication Code 1: ");
    person.types(&slow.code(step));
    person.sees("Authentication Code 2: ");
    person.types(&slow.code(step));
    person.sees("both codes are the same. Wait for the next code.");
    person.sees("Authentication Code 2: ");
    // Long enough for the countdown to move.
    thread::sleep(Duration::from_millis(2_500));
    person.types(&slow.code(step + 1));
    let (code, shown) = person.waits();
    assert_eq!(code, Some(0), "{shown}");
    assert!(!shown.contains('\x1b'), "a terminal that can't move its cursor: {shown:?}");
}

#[test]
fn for_root_the_serial_number_is_asked_twice() {
    let site = Site::new(&[HOTP]);
    let mut person = Person::runs(&site, &["enable", "--user", "root"], "dumb");
    person.sees("Serial Number: ");
    person.types("not*a*number");
    person.sees("a serial number has only letters");
    person.sees("Serial Number: ");
    person.types(HOTP.serial);
    person.sees("Re-Enter Serial Number: ");
    person.types("UBHE0000002");
    person.sees("the serial numbers differ");
    person.sees("Re-Enter Serial Number: ");
    person.types(HOTP.serial);
    person.sees("Authentication Code 1: ");
    person.types(&HOTP.code(0));
    person.sees("Press the device's button once more.");
    person.types(&HOTP.code(1));
    let (code, shown) = person.waits();
    assert_eq!(code, Some(0), "{shown}");
}

#[test]
fn for_root_a_given_serial_number_is_asked_for_once_more() {
    let site = Site::new(&[HOTP]);
    let mut person = Person::runs(&site, &["enable", "--user", "root", "--serial", HOTP.serial], "dumb");
    person.sees("Re-Enter Serial Number: ");
    person.types(HOTP.serial);
    person.sees("Authentication Code 1: ");
    person.types("\x04");
    let (code, shown) = person.waits();
    assert_eq!(code, Some(1));
    assert!(shown.contains("keyfob: standard input ended before there was an answer"), "{shown}");
}

#[test]
fn resync_asks_as_enable_does() {
    let (site, counter) = Site::with_associated(HOTP);
    let mut person = Person::runs(&site, &["resync", "--user", USER, "--serial", HOTP.serial], "dumb");
    person.sees("Authentication Code 1: ");
    person.types(&HOTP.code(counter + 100));
    person.sees("Authentication Code 2: ");
    person.types(&HOTP.code(counter + 101));
    let (code, shown) = person.waits();
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("Resynchronised device UBHE0000001"), "{shown}");
}

/// Refused with this message before any code was asked for.
fn refused_at_once(site: &Site, arguments: &[&str], message: &str) {
    let (code, shown) = Person::runs(site, arguments, "dumb").waits();
    assert_eq!(code, Some(1), "{shown}");
    assert!(shown.contains(message) && !shown.contains("Code"), "{shown}");
}

#[test]
fn what_no_code_could_change_is_refused_before_one_is_asked_for() {
    let (site, step) = Site::with_associated(TOTP);
    refused_at_once(&site, &ENABLE, "the device GAHT12345678 is associated with daemon");
    let resync = |user| ["resync", "--user", user, "--serial", TOTP.serial];
    refused_at_once(&site, &resync("bin"), "the device GAHT12345678 is not associated with bin");
    refused_at_once(&site, &resync("no-such-account"), "the account no-such-account is not known");
    refused_at_once(
        &site,
        &["enable", "--user", USER, "--serial", "FT-8"],
        "no device has the serial number FT-8",
    );
    refused_at_once(&site, &["verify", "--user", "bin"], "bin has no associated device");
    for _ in 0..3 {
        assert_eq!(site.pair("resync", USER, TOTP, step + 2, step + 1).code, Some(1));
        assert_eq!(site.verify(&TOTP.wrong_code(step)).code, Some(1));
    }
    refused_at_once(&site, &resync(USER), "too many wrong codes: wait ");
    refused_at_once(&site, &["verify", "--user", USER], "too many wrong codes: wait ");
}

#[test]
fn verify_asks_for_the_code() {
    let (site, step) = Site::with_associated(TOTP);
    let mut person = Person::runs(&site, &["verify", "--user", USER], "dumb");
    person.sees("Authentication Code: ");
    person.types(&TOTP.code(step + 1));
    let (code, shown) = person.waits();
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("Accepted: device GAHT12345678"), "{shown}");
}

#[test]
fn recovery_codes_come_with_a_word_on_how_to_keep_them() {
    let (site, _) = Site::with_associated(TOTP);
    let (code, shown) = Person::runs(&site, &["recovery-codes", "--user", USER], "dumb").waits();
    assert_eq!(code, Some(0), "{shown}");
    let codes: Vec<_> = shown.lines().filter_map(|line| line.strip_prefix("    ")).collect();
    assert_eq!(codes.len(), 10, "{shown}");
    assert!(shown.contains("They are not shown again"), "{shown}");
    assert_eq!(site.verify(codes[9].trim_end()).done(), "Accepted: recovery code, 9 left\n");
}

#[test]
fn a_long_import_shows_its_progress_and_a_short_one_none() {
    let site = Site::new(&[]);
    let lines: String = (0..600)
        .map(|number| {
            csv(&[TOTP]).lines().nth(1).unwrap().replace("GAHT12345678", &format!("T-{number}")) + "\n"
        })
        .collect();
    let header = csv(&[]);
    let long = site.write("long.csv", &format!("{header}{lines}"));
    let (code, shown) = Person::runs(&site, &["device", "import", &long], "xterm").waits();
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("0/600 devices") && shown.contains("Imported 600 devices."), "{shown}");
    let short = site.write("short.csv", &csv(&[TOTP]));
    let (code, shown) = Person::runs(&site, &["device", "import", &short], "xterm").waits();
    assert_eq!((code, shown.trim_end()), (Some(0), "Imported 1 device."));
}
