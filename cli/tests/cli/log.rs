//! `keyfob log`.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::oathtool::{HOTP, TOTP};
use crate::site::{KEYFOB, Site, USER};

/// After this long without a word the program counts as stuck.
const STUCK: Duration = Duration::from_secs(60);

/// The time aside, which every line starts with.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(|line| line.splitn(3, ' ').nth(2).unwrap()).collect()
}

#[test]
fn acts_and_refusals_are_logged_in_order() {
    let (site, step) = Site::with_associated(TOTP);
    let used = TOTP.code(step);
    assert_eq!(site.verify(&used).code, Some(1));
    site.verify(&TOTP.code(step + 1)).done();
    let log = site.keyfob(&["log"]).done();
    assert_eq!(
        lines(&log),
        [
            "import-device done serial=GAHT12345678 door=command-line",
            "associate done user=daemon serial=GAHT12345678 door=command-line",
            "sign-in refused already-used user=daemon door=command-line",
            "sign-in done user=daemon serial=GAHT12345678 door=command-line",
        ]
    );
    assert!(!log.contains(&used), "a code stands in the log");
}

#[test]
fn it_can_be_narrowed_to_an_account_or_a_device() {
    let (site, _) = Site::with_associated(TOTP);
    site.keyfob(&["user", "add", "bin"]).done();
    let count = |arguments: &[&str]| site.keyfob(arguments).done().lines().count();
    assert_eq!(count(&["log"]), 3);
    assert_eq!(count(&["log", "--user", "bin"]), 1);
    assert_eq!(count(&["log", "--serial", TOTP.serial]), 2);
    assert_eq!(count(&["log", "--user", USER, "--serial", TOTP.serial]), 1);
    assert_eq!(count(&["log", "--serial", HOTP.serial]), 0);
}

#[test]
fn json_is_one_object_a_line_with_stable_names() {
    let (site, _) = Site::with_associated(TOTP);
    let log = site.keyfob(&["log", "--json", "--user", USER]).done();
    let mut events: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(events[0]["id"].take().is_i64());
    assert!(
        events[0]["time"].take().as_str().is_some_and(|time| time.starts_with("20") && time.ends_with('Z'))
    );
    let associated = json!({
        "id": null, "time": null, "act": "associate", "user_name": USER, "serial_number": TOTP.serial, "door": "command-line",
        "remote": null, "outcome": "done", "reason": null,
    });
    assert_eq!(events, [associated]);
}

/// Ends with the test, however that ends.
struct Following(Child);

impl Following {
    /// The exit code.
    #[track_caller]
    fn ends(&mut self) -> Option<i32> {
        let pause = Duration::from_millis(20);
        for _ in 0..STUCK.as_millis() / pause.as_millis() {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status.code();
            }
            thread::sleep(pause);
        }
        panic!("it does not end");
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn following_shows_what_comes() {
    let (site, _) = Site::with_associated(TOTP);
    let mut command = site.command(KEYFOB, &["log", "--follow", "--user", USER]);
    let mut following = Following(command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap());
    let shown = lines_of(following.0.stdout.take().unwrap());
    assert!(shown.recv_timeout(STUCK).unwrap().contains(" associate done "));
    site.keyfob(&["disable", "--user", USER, "--serial", TOTP.serial]).done();
    assert!(shown.recv_timeout(STUCK).unwrap().contains(" deactivate done "));
}

fn lines_of(stdout: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        BufReader::new(stdout).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
    });
    receiver
}

#[test]
fn following_ends_quietly_with_its_reader() {
    let (site, _) = Site::with_associated(TOTP);
    let mut command = site.command(KEYFOB, &["log", "--follow", "--user", USER]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut following = Following(command.spawn().unwrap());
    let mut reader = BufReader::new(following.0.stdout.take().unwrap());
    reader.read_line(&mut String::new()).unwrap();
    // Nothing more is written, so that no write can fail.
    drop(reader);
    assert_eq!(following.ends(), Some(0));
    let mut err = String::new();
    following.0.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!(err, "");
}
