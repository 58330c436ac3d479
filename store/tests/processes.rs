//! Several processes at once, and processes that are killed.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use keyfob_store::{EventFilter, SqliteStore, Store, StoreError};
use support::{Scratch, accepted, advance, child, event};

const ACTS: u64 = 50;

#[test]
fn of_eight_processes_none_is_refused_and_one_wins_each_counter() {
    if let Some(path) = child::store() {
        return race(&path);
    }
    let scratch = Scratch::with_device(None);
    let test = "of_eight_processes_none_is_refused_and_one_wins_each_counter";
    let start = || child::again(&[], test, &scratch.path).stdout(Stdio::piped()).spawn().unwrap();
    let racing: Vec<Child> = (0..8).map(|_| start()).collect();
    let mut winners: BTreeMap<String, u32> = BTreeMap::new();
    for process in racing {
        let said = child::said(&process.wait_with_output().unwrap());
        assert_eq!(said.len(), usize::try_from(ACTS).unwrap(), "{said:?}");
        for line in said {
            let (counter, won) = line.split_once(' ').unwrap();
            *winners.entry(counter.to_owned()).or_default() += u32::from(won == "true");
        }
    }
    assert_eq!(winners.len(), usize::try_from(ACTS).unwrap());
    assert!(winners.values().all(|winners| *winners == 1), "{winners:?}");
    assert_eq!(accepted(&scratch), Some(ACTS));
}

fn race(path: &std::path::Path) {
    for counter in 1..=ACTS {
        let mut store = SqliteStore::open(path).unwrap();
        let mut act = store.transaction().unwrap();
        let won = advance(&mut *act, counter);
        act.append_event(&event(counter), support::KEEP_ALL).unwrap();
        act.commit().unwrap();
        child::say(format_args!("{counter} {won}"));
    }
}

#[test]
fn a_crowd_of_processes_is_served_to_the_last() {
    if let Some(path) = child::store() {
        let mut store = SqliteStore::open(&path).unwrap();
        let mut act = store.transaction().unwrap();
        act.append_event(&event(1), support::KEEP_ALL).unwrap();
        return act.commit().unwrap();
    }
    let scratch = Scratch::with_device(None);
    let test = "a_crowd_of_processes_is_served_to_the_last";
    let start = || child::again(&[], test, &scratch.path).stdout(Stdio::null()).spawn().unwrap();
    let crowd: Vec<Child> = (0..64).map(|_| start()).collect();
    for mut process in crowd {
        assert!(process.wait().unwrap().success());
    }
    assert_eq!(scratch.act(|act| act.events(&EventFilter::default()).unwrap().len()), 64);
}

#[test]
fn threads_of_one_process_wait_for_each_other_too() {
    let scratch = Scratch::with_device(None);
    let wins = |_| (1..=ACTS).filter(|counter| scratch.act(|act| advance(act, *counter))).count();
    let total: usize = thread::scope(|scope| {
        let running: Vec<_> = (0..4).map(|number| scope.spawn(move || wins(number))).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(total, usize::try_from(ACTS).unwrap());
}

#[test]
fn a_store_that_is_held_is_busy() {
    let scratch = Scratch::with_device(None);
    let held = scratch.open();
    let error = SqliteStore::open(&scratch.path).unwrap_err();
    assert!(matches!(error, StoreError::Busy(_)), "{error:?}");
    let error = SqliteStore::open_at_once(&scratch.path).unwrap_err();
    assert!(matches!(error, StoreError::Busy(_)), "{error:?}");
    drop(held);
    SqliteStore::open_at_once(&scratch.path).unwrap();
    assert_eq!(accepted(&scratch), None);
}

#[test]
fn a_killed_process_loses_nothing_it_has_acknowledged() {
    if let Some(path) = child::store() {
        return sign_in_for_ever(&path);
    }
    let scratch = Scratch::with_device(Some(0));
    for round in 0..100 {
        let acknowledged = sign_in_until_killed(&scratch, Duration::from_micros(10_000 + 331 * round));
        let stands = accepted(&scratch).unwrap();
        assert!(stands >= acknowledged, "round {round}: {acknowledged} was acknowledged, {stands} stands");
    }
    assert!(accepted(&scratch).unwrap() > 100, "the processes came to their acts");
}

/// Kills the process in the middle of its acts; what it acknowledged last.
fn sign_in_until_killed(scratch: &Scratch, after: Duration) -> u64 {
    let test = "a_killed_process_loses_nothing_it_has_acknowledged";
    let mut process = child::again(&[], test, &scratch.path).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    thread::sleep(after);
    process.kill().unwrap();
    process.wait().unwrap();
    let said = lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("said: ")?.parse().ok());
    said.last().unwrap_or(0)
}

fn sign_in_for_ever(path: &std::path::Path) {
    loop {
        let mut store = SqliteStore::open(path).unwrap();
        let mut act = store.transaction().unwrap();
        let device = act.device(&support::serial("1001")).unwrap().unwrap();
        let counter = device.position.accepted.unwrap() + 1;
        assert!(advance(&mut *act, counter));
        act.append_event(&event(counter), support::KEEP_ALL).unwrap();
        act.commit().unwrap();
        child::say(counter);
    }
}
