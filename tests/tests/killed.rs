//! Processes killed (SIGKILL) in the middle of a sign-in: the store opens, no code is let in twice, nobody is locked out.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test; it shows its figures"
)]

use std::{thread, time::Duration};

use keyfob_tests::{Enrolled, Site, aftermath::Aftermath, site::me, token::Kind};

const TRIALS: u64 = 200;

fn with_fob() -> (Site, Enrolled) {
    let site = Site::new();
    let fob = site.enroll(&me(), "T1", Kind::Hotp);
    (site, fob)
}

/// Spread evenly, without an order.
fn moment(trial: u64, within: u64) -> Duration {
    Duration::from_micros(trial * 7919 % within)
}

/// Up to 4 ms after the answer: before, within and after the 1 to 2 ms that it is decided on.
#[test]
fn killed_at_any_moment_after_the_answer() {
    let (site, mut fob) = with_fob();
    let mut aftermath = Aftermath::default();
    for trial in 0..TRIALS {
        let code = fob.code();
        let mut running = site.sign_in(&me()).start().unwrap();
        running.wait_for("prompt").unwrap();
        running.give(&code).unwrap();
        thread::sleep(moment(trial, 4000));
        running.kill().unwrap();
        let (record, _) = running.finish().unwrap();
        aftermath.add(&site, &mut fob, &code, &record).unwrap();
    }
    println!("of {TRIALS} sign-ins killed after the answer, {aftermath}");
    assert_eq!(site.failures(&me()), 0);
}

/// From the start of the process on, so that some are killed while the store is opened to ask.
#[test]
fn killed_at_any_moment_of_the_process() {
    let (site, mut fob) = with_fob();
    let mut aftermath = Aftermath::default();
    for trial in 0..TRIALS {
        let code = fob.code();
        let mut running = site.sign_in(&me()).answer(&code).start().unwrap();
        thread::sleep(moment(trial, 8000));
        running.kill().unwrap();
        let (record, _) = running.finish().unwrap();
        aftermath.add(&site, &mut fob, &code, &record).unwrap();
    }
    println!("of {TRIALS} sign-ins killed at any moment, {aftermath}");
    assert_eq!(site.failures(&me()), 0);
}
