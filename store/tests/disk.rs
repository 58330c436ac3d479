//! A disk that is full, and one that can only be read.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::Command;

use keyfob_core::Position;
use keyfob_store::{SqliteStore, Store, StoreError};
use support::{IDENTITY, Scratch, add_account, add_device, associate, beside, child, sign_in};

/// Plays a part of the test on a small disk.
fn on_a_small_disk(test: &str, part: fn(&Path)) {
    if let Some(path) = child::store() {
        part(&path);
        return child::say("done");
    }
    let scratch = Scratch::empty();
    let output = child::again(&child::on_a_small_disk(), test, &scratch.path).output().unwrap();
    assert_eq!(child::said(&output), ["done"], "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(scratch.files(), [] as [&str; 0], "the disk was the part's own");
}

fn create_with_device(path: &Path) {
    let mut store = SqliteStore::create(path, IDENTITY).unwrap();
    let mut act = store.transaction().unwrap();
    let alice = add_account(&mut *act, "alice");
    let device = add_device(&mut *act, "1001", Position::default());
    associate(&mut *act, &device, &alice);
    act.commit().unwrap();
}

fn fill(path: &Path) {
    let mut ballast = File::create(beside(path, ".ballast")).unwrap();
    let written = std::iter::repeat_with(|| ballast.write_all(&[b'x'; 512])).find_map(Result::err).unwrap();
    assert_eq!(written.kind(), ErrorKind::StorageFull);
}

fn make_room(path: &Path) {
    fs::remove_file(beside(path, ".ballast")).unwrap();
}

/// So many devices in one act.
fn import(path: &Path, numbers: std::ops::Range<u32>) -> Result<(), StoreError> {
    let mut store = SqliteStore::open(path)?;
    let mut act = store.transaction()?;
    for number in numbers {
        let id = act.next_device_id()?;
        let new = support::new_device(id, &format!("imported-{number}"), Position::default());
        act.add_device(&new, keyfob_core::UnixTime(1))?;
    }
    act.commit()
}

fn devices(path: &Path) -> usize {
    let mut store = SqliteStore::open(path).unwrap();
    store.transaction().unwrap().devices().unwrap().len()
}

#[test]
fn a_full_disk_refuses_no_sign_in() {
    on_a_small_disk("a_full_disk_refuses_no_sign_in", |path| {
        create_with_device(path);
        fill(path);
        (1..=500).for_each(|counter| sign_in(path, counter).unwrap());
    });
}

#[test]
fn an_import_that_does_not_fit_is_refused_whole_and_sign_in_goes_on() {
    on_a_small_disk("an_import_that_does_not_fit_is_refused_whole_and_sign_in_goes_on", |path| {
        create_with_device(path);
        fill(path);
        let refused = import(path, 0..20_000);
        assert!(matches!(refused, Err(StoreError::Full(_))), "{refused:?}");
        assert_eq!(devices(path), 1);
        (1..=100).for_each(|counter| sign_in(path, counter).unwrap());
        make_room(path);
        import(path, 0..2_000).unwrap();
        assert_eq!(devices(path), 2_001);
    });
}

#[test]
fn a_disk_that_is_full_to_the_end_loses_nothing_acknowledged_and_recovers() {
    on_a_small_disk("a_disk_that_is_full_to_the_end_loses_nothing_acknowledged_and_recovers", |path| {
        create_with_device(path);
        fill(path);
        let imported = import_until_full(path);
        assert!(imported > 1000, "the free pages and the log were used: {imported}");
        let (signed_in, refused) = sign_in_until_refused(path);
        assert!(matches!(refused, StoreError::Full(_)), "{refused:?}");
        make_room(path);
        assert_eq!(devices(path), 1 + usize::try_from(imported).unwrap());
        assert_eq!(accepted(path), signed_in);
        sign_in(path, signed_in + 1).unwrap();
    });
}

fn import_until_full(path: &Path) -> u32 {
    let mut imported = 0;
    for step in [100, 10, 1] {
        let refused = loop {
            match import(path, imported..imported + step) {
                Ok(()) => imported += step,
                Err(error) => break error,
            }
        };
        assert!(matches!(refused, StoreError::Full(_)), "{refused:?}");
    }
    imported
}

fn sign_in_until_refused(path: &Path) -> (u64, StoreError) {
    let mut counter = 0;
    loop {
        match sign_in(path, counter + 1) {
            Ok(()) => counter += 1,
            Err(error) => return (counter, error),
        }
    }
}

fn accepted(path: &Path) -> u64 {
    let mut store = SqliteStore::open(path).unwrap();
    let device = store.transaction().unwrap().device(&support::serial("1001")).unwrap().unwrap();
    device.position.accepted.unwrap_or(0)
}

#[test]
fn a_creation_on_a_full_disk_leaves_nothing() {
    on_a_small_disk("a_creation_on_a_full_disk_leaves_nothing", |path| {
        fill(path);
        let refused = SqliteStore::create(path, IDENTITY);
        assert!(matches!(refused, Err(StoreError::Full(_))), "{refused:?}");
        let left: Vec<_> =
            fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(left, [beside(path, ".ballast")]);
        make_room(path);
        create_with_device(path);
    });
}

#[test]
fn a_disk_that_can_only_be_read_says_so_and_loses_nothing() {
    on_a_small_disk("a_disk_that_can_only_be_read_says_so_and_loses_nothing", |path| {
        create_with_device(path);
        sign_in(path, 1).unwrap();
        remount(path, "remount,bind,ro");
        let refused = SqliteStore::open(path);
        assert!(matches!(refused, Err(StoreError::ReadOnly(_))), "{refused:?}");
        let refused = SqliteStore::create(&beside(path, ".new"), IDENTITY);
        assert!(matches!(refused, Err(StoreError::ReadOnly(_))), "{refused:?}");
        remount(path, "remount,bind,rw");
        sign_in(path, 2).unwrap();
    });
}

fn remount(path: &Path, options: &str) {
    let folder = path.parent().unwrap();
    assert!(Command::new("mount").args(["-o", options]).arg(folder).status().unwrap().success());
}
