//! Every system call that writes, killed or failed in its turn.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;

use keyfob_store::{SqliteStore, Store, StoreError};
use support::{IDENTITY, Scratch, accepted, child, sign_in};

/// Sign-ins before the faults, so that the log is nearly long; then some more, in which it is carried over.
const BEFORE: u64 = 25;
const DURING: u64 = 5;

const KILLED: &str = "signal=KILL";

/// Says what was acknowledged, until an act fails.
fn sign_in_until_refused(path: &Path) {
    for counter in BEFORE + 1..=BEFORE + DURING {
        match sign_in(path, counter) {
            Ok(()) => child::say(counter),
            Err(error) => return child::say(error),
        }
    }
}

fn prepared() -> Scratch {
    let scratch = Scratch::with_device(None);
    (1..=BEFORE).for_each(|counter| sign_in(&scratch.path, counter).unwrap());
    scratch
}

/// The store is whole, and everything that was acknowledged is there.
fn check(scratch: &Scratch, said: &[String], fault: &str) {
    let acknowledged = said.iter().filter_map(|line| line.parse().ok()).max().unwrap_or(BEFORE);
    let stands = accepted(scratch).unwrap();
    assert!(stands >= acknowledged, "{fault}: {acknowledged} was acknowledged, {stands} stands");
    for counter in stands + 1..stands + 30 {
        sign_in(&scratch.path, counter).unwrap_or_else(|error| panic!("{fault}: {error}"));
    }
}

/// A system call, what becomes of it, and how many calls there are from one try to the next.
struct Fault(&'static str, &'static str, usize);

/// Runs the test's part under the fault in one such call after the other, until there is none; checks each
/// time. How often.
fn in_turn(
    test: &str,
    fault: &Fault,
    scratch: fn() -> Scratch,
    check: fn(&Scratch, &[String], &str),
) -> usize {
    let Fault(call, effect, stride) = fault;
    let faulty = |turn: &usize| {
        let scratch = scratch();
        let inject = format!("inject={call}:{effect}:when={turn}");
        let said = traced(test, call, &inject, &scratch);
        if let Some(said) = &said {
            check(&scratch, said, &inject);
        }
        said.is_some()
    };
    (1..).step_by(*stride).take_while(faulty).count()
}

/// What the part has said; nothing if it came to no such call.
fn traced(test: &str, call: &str, inject: &str, scratch: &Scratch) -> Option<Vec<String>> {
    let trace = scratch.folder.path().join("trace");
    let calls = format!("trace={call}");
    let under = ["strace", "-f", "-qq", "-o", trace.to_str().unwrap(), "-e", &calls, "-e", inject];
    let output = child::again(&under, test, &scratch.path).output().unwrap();
    let traced = fs::read_to_string(&trace).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    fs::remove_file(trace).unwrap();
    let came = traced.contains("(INJECTED)") || traced.contains("killed by SIGKILL");
    came.then(|| child::lines(&output.stdout))
}

#[test]
fn sign_ins_that_are_killed_lose_nothing_acknowledged() {
    if let Some(path) = child::store() {
        return sign_in_until_refused(&path);
    }
    let test = "sign_ins_that_are_killed_lose_nothing_acknowledged";
    for (fault, least) in [(Fault("pwrite64", KILLED, 1), 30), (Fault("fdatasync", KILLED, 1), 9)] {
        let tries = in_turn(test, &fault, prepared, check);
        assert!(tries >= least, "{tries} calls of {}", fault.0);
    }
}

#[test]
fn sign_ins_on_a_failing_disk_lose_nothing_acknowledged() {
    if let Some(path) = child::store() {
        return sign_in_until_refused(&path);
    }
    let test = "sign_ins_on_a_failing_disk_lose_nothing_acknowledged";
    for (fault, least) in [
        (Fault("pwrite64", "error=EIO", 1), 30),
        (Fault("pwrite64", "error=ENOSPC", 1), 30),
        (Fault("fdatasync", "error=EIO", 1), 9),
    ] {
        let tries = in_turn(test, &fault, prepared, check);
        assert!(tries >= least, "{tries} calls of {}", fault.0);
    }
}

#[test]
fn a_creation_that_is_killed_does_not_stand_in_the_way() {
    if let Some(path) = child::store() {
        SqliteStore::create(&path, IDENTITY).unwrap();
        return;
    }
    let test = "a_creation_that_is_killed_does_not_stand_in_the_way";
    for (fault, least) in [
        (Fault("pwrite64", KILLED, 29), 10),
        (Fault("fdatasync", KILLED, 1), 5),
        (Fault("fsync", KILLED, 1), 3),
        (Fault("linkat", KILLED, 1), 1),
        (Fault("unlink", KILLED, 1), 1),
        (Fault("fchmod", KILLED, 1), 1),
    ] {
        let tries = in_turn(test, &fault, Scratch::empty, opens_or_is_made);
        assert!(tries >= least, "{tries} calls of {}", fault.0);
    }
}

fn opens_or_is_made(scratch: &Scratch, _: &[String], fault: &str) {
    let store = match SqliteStore::open(&scratch.path) {
        Err(StoreError::Missing(_)) => SqliteStore::create(&scratch.path, IDENTITY),
        opened => opened,
    };
    assert_eq!(store.unwrap_or_else(|error| panic!("{fault}: {error}")).identity(), IDENTITY);
}
