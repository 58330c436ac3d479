//! Files that are no store, or one that can't be used: each is told apart, and none is changed.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use keyfob_store::{SqliteStore, Store, StoreError};
use rusqlite::Connection;
use support::{IDENTITY, Scratch, add_account, child};

/// Opens the file, which must fail, and looks whether it stayed as it was.
fn refused(path: &Path) -> StoreError {
    let before = fs::read(path).ok();
    let error = SqliteStore::open(path).unwrap_err();
    assert!(fs::read(path).ok() == before, "a file that is refused is not changed");
    error
}

/// Changes a closed store as no Keyfob would.
fn tamper(scratch: &Scratch, sql: &str) {
    Connection::open(&scratch.path).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn a_new_store_is_there_alone_with_its_log_and_private() {
    let scratch = Scratch::with_store();
    assert_eq!(scratch.files(), ["keyfob.db", "keyfob.db-wal"]);
    for path in [&scratch.path, &scratch.log()] {
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o7777, 0o600);
    }
    assert_eq!(scratch.open().identity(), IDENTITY);
}

#[test]
fn a_store_is_not_made_over_a_file() {
    let scratch = Scratch::empty();
    for suffix in ["", "-wal"] {
        let path = support::beside(&scratch.path, suffix);
        fs::write(&path, "precious").unwrap();
        let error = SqliteStore::create(&scratch.path, IDENTITY).unwrap_err();
        assert!(error.to_string().contains("already"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"precious");
        fs::remove_file(path).unwrap();
    }
    symlink("nowhere", &scratch.path).unwrap();
    assert!(SqliteStore::create(&scratch.path, IDENTITY).is_err());
    assert_eq!(scratch.files(), ["keyfob.db"]);
}

#[test]
fn a_store_is_made_beside_what_an_interrupted_creation_left() {
    let scratch = Scratch::empty();
    for leftover in [".0011223344556677.new", ".0011223344556677.new-wal", ".0011223344556677.new-journal"] {
        fs::write(support::beside(&scratch.path, leftover), "unfinished").unwrap();
    }
    SqliteStore::create(&scratch.path, IDENTITY).unwrap();
    scratch.act(|act| add_account(act, "alice"));
}

#[test]
fn a_store_needs_a_folder() {
    let scratch = Scratch::empty();
    let error = SqliteStore::create(&scratch.path.join("keyfob.db"), IDENTITY).unwrap_err();
    assert!(matches!(error, StoreError::Unusable { .. }), "{error:?}");
}

#[test]
fn a_missing_file_is_missing() {
    let scratch = Scratch::empty();
    assert!(matches!(refused(&scratch.path), StoreError::Missing(_)));
    assert!(matches!(refused(&scratch.path.join("deeper")), StoreError::Missing(_)));
    assert_eq!(scratch.files(), [] as [&str; 0]);
}

#[test]
fn what_is_no_store_is_told() {
    let scratch = Scratch::empty();
    fs::create_dir(&scratch.path).unwrap();
    assert!(matches!(SqliteStore::open(&scratch.path), Err(StoreError::NotAStore(_))));
    fs::remove_dir(&scratch.path).unwrap();
    for content in [&b""[..], b"x", &vec![b'x'; 100_000]] {
        fs::write(&scratch.path, content).unwrap();
        let error = refused(&scratch.path);
        assert!(matches!(error, StoreError::NotAStore(_)), "{} bytes: {error:?}", content.len());
    }
    assert!(matches!(SqliteStore::open(Path::new("/")), Err(StoreError::NotAStore(_))));
}

#[test]
fn a_path_is_a_path() {
    let scratch = Scratch::empty();
    let path = scratch.folder.path().join("file:x?mode=memory");
    SqliteStore::create(&path, IDENTITY).unwrap();
    assert!(path.is_file());
    let relative = Path::new("file::memory:");
    assert!(matches!(SqliteStore::open(relative), Err(StoreError::Missing(_))));
}

#[test]
fn another_programs_database_is_no_store() {
    for mode in ["DELETE", "WAL"] {
        let scratch = Scratch::empty();
        tamper(
            &scratch,
            &format!("PRAGMA journal_mode = {mode}; CREATE TABLE t (x); PRAGMA user_version = 1"),
        );
        assert!(matches!(refused(&scratch.path), StoreError::NotAStore(_)));
        tamper(&scratch, "PRAGMA application_id = 7");
        assert!(matches!(refused(&scratch.path), StoreError::NotAStore(_)));
    }
}

#[test]
fn a_link_is_not_followed() {
    let scratch = Scratch::with_store();
    let link = scratch.folder.path().join("link.db");
    symlink(&scratch.path, &link).unwrap();
    let error = SqliteStore::open(&link).unwrap_err();
    assert!(error.to_string().contains("symbolic link"), "{error}");
}

#[test]
fn a_log_that_is_a_link_is_not_followed() {
    let scratch = Scratch::with_store();
    let elsewhere = scratch.folder.path().join("elsewhere");
    fs::rename(scratch.log(), &elsewhere).unwrap();
    symlink(&elsewhere, scratch.log()).unwrap();
    assert!(matches!(refused(&scratch.path), StoreError::Unusable { .. }));
}

#[test]
fn a_folder_may_be_reached_through_a_link() {
    let scratch = Scratch::with_store();
    let other = tempfile::tempdir().unwrap();
    let link = other.path().join("link");
    symlink(scratch.folder.path(), &link).unwrap();
    assert_eq!(SqliteStore::open(&link.join("keyfob.db")).unwrap().identity(), IDENTITY);
}

#[test]
fn a_newer_store_is_refused_by_its_version() {
    let scratch = Scratch::with_store();
    for version in [11, 4_000_000_000_u32] {
        tamper(&scratch, &format!("PRAGMA user_version = {}", version.cast_signed()));
        match refused(&scratch.path) {
            StoreError::Newer { found, known, .. } => assert_eq!((found, known), (version, 10)),
            error => panic!("{error:?}"),
        }
    }
}

#[test]
fn a_store_without_a_version_is_damaged() {
    let scratch = Scratch::with_store();
    tamper(&scratch, "PRAGMA user_version = 0");
    assert!(matches!(refused(&scratch.path), StoreError::Corrupt { .. }));
}

#[test]
fn a_store_without_a_table_or_row_is_damaged() {
    for damage in ["DROP TABLE log", "DELETE FROM log", "DROP TABLE store", "DELETE FROM store"] {
        let scratch = Scratch::with_store();
        tamper(&scratch, damage);
        let error = SqliteStore::open(&scratch.path).unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { .. }), "{damage}: {error:?}");
    }
}

#[test]
fn a_value_that_is_none_of_its_type_is_damage() {
    for damage in [
        "UPDATE device SET accepted = x'01'",
        "UPDATE device SET generation = x''",
        "UPDATE device SET digits = 11",
        "UPDATE device SET algorithm = 'MD5'",
        "UPDATE device SET moving_factor = 'TOTP'",
        "UPDATE device SET entry_delay = -1",
        "UPDATE device SET serial = 'a b'",
        "UPDATE device SET associated = NULL",
        "UPDATE account SET name = ''",
        "UPDATE account SET uid = 4294967296",
        "UPDATE account SET created = x'00'",
        "INSERT INTO throttle VALUES (1, 'sign-in', -1, zeroblob(8))",
        "INSERT INTO recovery VALUES (1, x'00')",
        "INSERT INTO event VALUES (1, zeroblob(8), 'dance', NULL, NULL, '', NULL, 'done', NULL)",
    ] {
        let scratch = Scratch::with_device(Some(1));
        tamper(&scratch, &format!("PRAGMA ignore_check_constraints = 1; {damage}"));
        let error = read_everything(&scratch).unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { .. }), "{damage}: {error:?}");
    }
}

fn read_everything(scratch: &Scratch) -> Result<(), StoreError> {
    let mut store = SqliteStore::open(&scratch.path)?;
    let mut act = store.transaction()?;
    act.devices()?;
    for account in act.accounts()? {
        act.devices_of(account.id)?;
        act.throttle(account.id, keyfob_store::Purpose::SignIn)?;
        act.recovery_codes(account.id)?;
    }
    act.events(&keyfob_store::EventFilter::default()).map(drop)
}

#[test]
fn a_store_cut_short_is_damaged() {
    let whole = fs::metadata(Scratch::with_store().path).unwrap().len();
    for left in [100, 512, 4096, 8192, 3 * 4096 + 17, whole / 2, whole - 1] {
        let scratch = Scratch::with_store();
        File::options().write(true).open(&scratch.path).unwrap().set_len(left).unwrap();
        let error = refused(&scratch.path);
        assert!(matches!(error, StoreError::Corrupt { .. }), "{left} bytes: {error:?}");
    }
}

#[test]
fn a_garbled_store_is_damaged() {
    let scratch = Scratch::with_store();
    let mut bytes = fs::read(&scratch.path).unwrap();
    bytes[100..20 * 4096].fill(0xA5);
    fs::write(&scratch.path, bytes).unwrap();
    fs::remove_file(scratch.log()).unwrap();
    assert!(matches!(refused(&scratch.path), StoreError::Corrupt { .. }));
}

#[test]
fn a_rollback_journal_from_nowhere_is_not_played_back() {
    let scratch = Scratch::with_store();
    let journal = support::beside(&scratch.path, "-journal");
    for content in ["", "from nowhere"] {
        fs::write(&journal, content).unwrap();
        let error = refused(&scratch.path);
        assert!(error.to_string().contains("-journal"), "{error}");
        assert!(journal.exists());
    }
    fs::remove_file(journal).unwrap();
    scratch.act(|act| add_account(act, "alice"));
}

#[test]
fn another_mode_of_journal_is_changed_back() {
    let scratch = Scratch::with_store();
    tamper(&scratch, "PRAGMA journal_mode = DELETE");
    scratch.act(|act| add_account(act, "alice"));
    assert_eq!(scratch.files(), ["keyfob.db", "keyfob.db-wal"]);
    scratch.act(|act| assert_eq!(act.accounts().unwrap().len(), 1));
}

#[test]
fn an_unreadable_file_or_folder_says_so() {
    if let Some(path) = child::store() {
        return child::say(SqliteStore::open(&path).unwrap_err());
    }
    let scratch = Scratch::with_store();
    for path in [&*scratch.path, scratch.folder.path()] {
        fs::set_permissions(path, Permissions::from_mode(0o000)).unwrap();
        let test = "an_unreadable_file_or_folder_says_so";
        let output = child::again(child::held_to_modes(), test, &scratch.path).output().unwrap();
        fs::set_permissions(path, Permissions::from_mode(0o700)).unwrap();
        let [said] = &child::said(&output)[..] else { panic!("{output:?}") };
        assert!(said.contains("permission denied"), "{said}");
    }
}

#[test]
fn a_store_that_may_only_be_read_says_so() {
    if let Some(path) = child::store() {
        return child::say(SqliteStore::open(&path).unwrap_err());
    }
    let scratch = Scratch::with_store();
    fs::set_permissions(&scratch.path, Permissions::from_mode(0o400)).unwrap();
    let test = "a_store_that_may_only_be_read_says_so";
    let output = child::again(child::held_to_modes(), test, &scratch.path).output().unwrap();
    let [said] = &child::said(&output)[..] else { panic!("{output:?}") };
    assert!(said.contains("can't be written"), "{said}");
}

#[test]
fn a_store_of_version_1_comes_forward_with_what_it_holds() {
    let scratch = Scratch::with_device(Some(7));
    let before = scratch.act(|act| act.devices().unwrap());
    // What versions 2 to 10 changed is taken back, and the tables that are left are those of version 1.
    let old = Connection::open_in_memory().unwrap();
    old.execute_batch(include_str!("../src/sqlite/migrations/0001.sql")).unwrap();
    let current = Connection::open(&scratch.path).unwrap();
    current
        .execute_batch(
            "DROP TABLE notice; DROP TABLE caller; DROP TABLE decoy; DROP TABLE access_key; DROP TABLE device_tag;
            DROP TABLE browser_session; DROP TABLE signed_change; DROP TABLE device_drift; ALTER TABLE recovery_code DROP COLUMN expires; DROP INDEX device_typed_serial;
            ALTER TABLE device DROP COLUMN expires; ALTER TABLE device DROP COLUMN last_used;
            DROP INDEX device_creator; ALTER TABLE device DROP COLUMN creator;
            ALTER TABLE device DROP COLUMN is_software; CREATE INDEX event_time ON event (time); PRAGMA user_version = 1",
        )
        .unwrap();
    assert_eq!(schema(&current), schema(&old));
    drop(current);

    assert_eq!(scratch.act(|act| act.devices().unwrap()), before);
    assert_eq!(scratch.act(|act| act.caller_failures(1000).unwrap().failures), 0);
    let fresh = Scratch::with_store();
    let [migrated, newest] =
        [scratch, fresh].map(|scratch| schema(&Connection::open(&scratch.path).unwrap()));
    assert_eq!(migrated, newest);
}

/// What makes the tables, in the order in which they were made.
fn schema(connection: &Connection) -> Vec<Option<String>> {
    let mut select = connection.prepare("SELECT sql FROM sqlite_schema ORDER BY name").unwrap();
    select.query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}
