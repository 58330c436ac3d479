//! How often the disk is waited for.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod support;

use std::fs;
use std::path::Path;

use keyfob_store::SqliteStore;
use support::{Scratch, accepted, child, sign_in_on};

const SIGN_INS: u64 = 500;

fn sign_in_on_a_store_that_is_kept_open(path: &Path) {
    let mut store = SqliteStore::open(path).unwrap().kept_open();
    (1..=SIGN_INS).for_each(|counter| sign_in_on(&mut store, counter).unwrap());
}

#[test]
fn a_sign_in_on_a_store_that_is_kept_open_waits_for_the_disk_once() {
    if let Some(path) = child::store() {
        return sign_in_on_a_store_that_is_kept_open(&path);
    }
    let scratch = Scratch::with_clock();
    let trace = scratch.folder.path().join("trace");
    let under = ["strace", "-f", "-qq", "-o", trace.to_str().unwrap(), "-e", "trace=fdatasync,fsync"];
    let test = "a_sign_in_on_a_store_that_is_kept_open_waits_for_the_disk_once";
    let output = child::again(&under, test, &scratch.path).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(accepted(&scratch), Some(SIGN_INS));
    let flushes = fs::read_to_string(&trace).unwrap().lines().filter(|line| line.contains("sync(")).count();
    println!("{flushes} flushes for {SIGN_INS} sign-ins");
    // One each, and those of carrying the log over now and then.
    assert!((500..=550).contains(&flushes), "{flushes} flushes for {SIGN_INS} sign-ins");
}
