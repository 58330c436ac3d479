//! The write-ahead log: short, kept, and the store's own.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use keyfob_core::Position;
use keyfob_store::{SqliteStore, Store, StoreError};
use rusqlite::Connection;
use support::{Scratch, accepted, add_device, advance, sign_in, sign_in_on};

/// So many acts that the log is carried over and started anew several times.
fn sign_in_often(scratch: &Scratch, from: u64) -> u64 {
    let last = from + 100;
    (from..=last).for_each(|counter| sign_in(&scratch.path, counter).unwrap());
    last
}

fn refused_as_foreign(scratch: &Scratch) {
    let (store, log) = (fs::read(&scratch.path).unwrap(), fs::read(scratch.log()).unwrap());
    let error = SqliteStore::open(&scratch.path).unwrap_err();
    assert!(matches!(error, StoreError::Unusable { .. }), "{error:?}");
    assert!(error.to_string().contains("is not its own"), "{error}");
    assert!(fs::read(&scratch.path).unwrap() == store, "the store is not changed");
    assert!(fs::read(scratch.log()).unwrap() == log, "the log is not changed");
}

#[test]
fn five_thousand_acts_leave_the_files_as_long_as_they_were() {
    let scratch = Scratch::with_device(None);
    let lengths = || [&scratch.path, &scratch.log()].map(|path| fs::metadata(path).unwrap().len());
    let before = lengths();
    for counter in 1..=5000 {
        sign_in(&scratch.path, counter).unwrap();
        assert_eq!(lengths(), before, "after {counter} acts");
    }
    assert_eq!(accepted(&scratch), Some(5000));
}

#[test]
fn acts_on_one_open_store_leave_the_log_as_long_as_it_was() {
    for long_kept in [false, true] {
        let scratch = Scratch::with_device(None);
        let before = fs::metadata(scratch.log()).unwrap().len();
        let opened = scratch.open();
        let mut store = if long_kept { opened.kept_open() } else { opened };
        (1..=1000).for_each(|counter| sign_in_on(&mut store, counter).unwrap());
        assert_eq!(fs::metadata(scratch.log()).unwrap().len(), before, "kept open: {long_kept}");
    }
}

#[test]
fn there_is_never_a_file_of_shared_memory() {
    let scratch = Scratch::with_device(None);
    let alone = ["keyfob.db", "keyfob.db-wal"];
    let mut store = scratch.open();
    let mut act = store.transaction().unwrap();
    assert!(advance(&mut *act, 1));
    assert_eq!(scratch.files(), alone);
    act.commit().unwrap();
    assert_eq!(scratch.files(), alone);
    drop(store);
    assert_eq!(scratch.files(), alone);
}

#[test]
fn the_log_of_a_large_import_is_cut_back() {
    let scratch = Scratch::with_device(None);
    scratch.act(|act| {
        for number in 0..20_000 {
            add_device(act, &format!("imported-{number}"), Position::default());
        }
    });
    sign_in_often(&scratch, 1);
    assert!(fs::metadata(scratch.log()).unwrap().len() <= 2 * 1024 * 1024);
}

#[test]
fn both_files_of_a_backup_are_the_store() {
    let (scratch, copy) = (Scratch::with_device(None), Scratch::empty());
    let last = sign_in_often(&scratch, 1);
    fs::copy(&scratch.path, &copy.path).unwrap();
    fs::copy(scratch.log(), copy.log()).unwrap();
    assert_eq!(accepted(&copy), Some(last));
}

#[test]
fn an_older_store_beside_a_later_log_is_refused() {
    let scratch = Scratch::with_device(None);
    let backup = scratch.folder.path().join("backup");
    sign_in_often(&scratch, 1);
    fs::copy(&scratch.path, &backup).unwrap();
    sign_in_often(&scratch, 1000);
    fs::rename(&backup, &scratch.path).unwrap();
    refused_as_foreign(&scratch);
    fs::remove_file(scratch.log()).unwrap();
    let older = accepted(&scratch).unwrap();
    assert!((1..=101).contains(&older), "{older}");
    sign_in_often(&scratch, 1000);
}

#[test]
fn a_store_put_back_beside_the_log_that_followed_it_is_whole() {
    let scratch = Scratch::with_device(None);
    sign_in(&scratch.path, 1).unwrap();
    let copy = fs::read(&scratch.path).unwrap();
    sign_in(&scratch.path, 2).unwrap();
    fs::write(&scratch.path, copy).unwrap();
    assert_eq!(accepted(&scratch), Some(2));
}

#[test]
fn another_stores_log_is_refused() {
    let (scratch, other) = (Scratch::with_device(None), Scratch::with_device(None));
    sign_in(&other.path, 9).unwrap();
    fs::copy(other.log(), scratch.log()).unwrap();
    refused_as_foreign(&scratch);
}

#[test]
fn a_new_store_takes_no_log_that_was_left() {
    let scratch = Scratch::with_device(None);
    sign_in(&scratch.path, 9).unwrap();
    fs::remove_file(&scratch.path).unwrap();
    let error = SqliteStore::create(&scratch.path, support::IDENTITY).unwrap_err();
    assert!(error.to_string().contains("keyfob.db-wal already"), "{error}");
    assert_eq!(scratch.files(), ["keyfob.db-wal"]);
}

#[test]
fn what_is_no_log_is_harmless() {
    let scratch = Scratch::with_device(Some(3));
    carry_over_by_another_program(&scratch);
    for planted in [&b""[..], b"x", &[0; 32], &vec![0xA5; 100_000]] {
        fs::write(scratch.log(), planted).unwrap();
        assert_eq!(accepted(&scratch), Some(3), "{} bytes", planted.len());
        fs::remove_file(scratch.log()).unwrap();
    }
    sign_in_often(&scratch, 4);
}

#[test]
fn a_log_that_has_gone_is_made_again() {
    let scratch = Scratch::with_device(Some(3));
    carry_over_by_another_program(&scratch);
    assert_eq!(scratch.files(), ["keyfob.db"]);
    assert_eq!(accepted(&scratch), Some(3));
    let log = fs::metadata(scratch.log()).unwrap();
    assert_eq!(log.permissions().mode() & 0o7777, 0o600);
    assert!(log.len() > 1024 * 1024, "{} bytes are grown ahead", log.len());
    sign_in_often(&scratch, 4);
}

/// As `sqlite3` does on the command line: the last to close a file carries its log over and removes it.
fn carry_over_by_another_program(scratch: &Scratch) {
    let connection = Connection::open(&scratch.path).unwrap();
    connection.query_row("SELECT count(*) FROM device", (), |row| row.get::<_, i64>(0)).unwrap();
}

#[test]
fn an_act_that_only_reads_writes_nothing() {
    let scratch = Scratch::with_device(None);
    let mut store = scratch.open();
    let before = fs::read(scratch.log()).unwrap();
    let act = store.transaction().unwrap();
    drop(act);
    drop(store);
    assert!(fs::read(scratch.log()).unwrap() == before, "neither the act nor closing wrote");
}
