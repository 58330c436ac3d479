//! A program that signs in a thousand times, and loads and unloads the module each time: nothing is left behind.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test; it shows its figures")]

use keyfob_tests::{Enrolled, Record, Site, site::me, token::Kind};

const ROUNDS: usize = 1000;

/// glibc takes what it keeps for the next allocation for used: it has to keep nothing.
const NO_CACHE: &str = "glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0";

/// Each time with the token's next code.
fn rounds(site: &Site, fob: &mut Enrolled) -> Record {
    let sign_in = site.sign_in(&me()).option("--rounds").option(&ROUNDS.to_string());
    let mut running = sign_in.env("GLIBC_TUNABLES", NO_CACHE).start().unwrap();
    for _ in 0..ROUNDS {
        running.wait_for("prompt").unwrap();
        running.give(&fob.code()).unwrap();
    }
    let (record, status) = running.finish().unwrap();
    assert!(status.success(), "{status}");
    assert_eq!(record.outcomes(), ["PAM_SUCCESS"; ROUNDS]);
    record
}

/// After the first and after the last round.
fn held(record: &Record, what: &str) -> (usize, usize) {
    let line = record.0.iter().rev().find_map(|line| line.strip_prefix(what)).unwrap();
    let (first, last) = line.trim().split_once(' ').unwrap();
    (first.parse().unwrap(), last.parse().unwrap())
}

fn assert_nothing_is_left(record: &Record, door: &str) {
    for what in ["descriptors", "heap", "mapped"] {
        let (first, last) = held(record, what);
        println!("{door}: {what} {first} after the first, {last} after {ROUNDS} sign-ins");
        assert_eq!(first, last, "{door}: {what}");
    }
}

#[test]
fn sign_ins_through_the_daemon_leave_nothing_behind() {
    let site = Site::new();
    let mut fob = site.enroll(&me(), "T1", Kind::Hotp);
    let _daemon = site.start_daemon(&[]);
    assert_nothing_is_left(&rounds(&site, &mut fob), "the daemon");
}

#[test]
fn sign_ins_that_open_the_store_leave_nothing_behind() {
    let site = Site::new();
    let mut fob = site.enroll(&me(), "T1", Kind::Hotp);
    assert_nothing_is_left(&rounds(&site, &mut fob), "the store");
}
