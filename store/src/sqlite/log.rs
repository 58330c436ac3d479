//! The write-ahead log: kept for good, grown ahead of need, short, and bound to its store.
//!
//! Kept and grown ahead: a full disk refuses no sign-in for a while, and a commit flushes data alone.
//!
//! Short: whoever opens the store reads the log whole, so it is carried over into the store's file when it
//! gets long. A fresh process does not see that this has been done, and would append for ever; so one more
//! commit follows at once, which starts the log anew.
//!
//! Bound: SQLite takes any valid log beside a file as this file's own, and would mix a store restored from a
//! backup with the log of its later self. Each new start of a log counts the salt in its header up by one.
//! The row `log` holds the salt of the log that was carried over last, so that only this one and the next
//! belong to the file. The row is written at the end of a log and never at the beginning of one, so that what
//! is read beside a foreign log is the file's own.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;
use std::path::Path;

use rusqlite::Connection;

use super::error::{self, At};
use super::paths::{beside, folder, open_log};
use crate::StoreError;

/// When a log is carried over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Upkeep {
    /// Frames that make it long.
    long: i64,
    /// Changed rows after which its length is looked at again, which takes SQLite as long as a statement that is not kept.
    looked_at_after: u64,
    /// Rows that were changed since.
    changed: u64,
}

impl Upkeep {
    /// By a process that opens the store for one act. A sign-in takes two frames of one page each; some thirty
    /// then share the five flushes of carrying over, and opening reads half as many frames on average, which
    /// costs a tenth of a flush.
    pub(super) const FOR_ONE_ACT: Self = Self { long: 64, looked_at_after: 0, changed: 0 };

    /// By one that keeps it open, where nobody reads the log: well inside the room that is grown ahead, with what
    /// comes between two looks.
    pub(super) const KEPT_OPEN: Self = Self { long: 180, looked_at_after: 10, changed: 0 };

    /// After a commit that changed so many rows: carries the log over if it is long. Where that fails the commit
    /// stands all the same, and a later one tries again.
    pub(super) fn after_commit(&mut self, changed: u64, connection: &Connection, path: &Path) {
        self.changed += changed;
        if self.changed <= self.looked_at_after {
            return;
        }
        self.changed = 0;
        if frames(connection, path).is_ok_and(|frames| frames >= self.long) {
            drop(carry_over(connection, path));
        }
    }
}

/// How far the log, and with it the store's free pages, are grown ahead: some 250 pages, a thousand sign-ins
/// on a full disk.
const ROOM_BYTES: u32 = 1024 * 1024;

/// Where a log's header has the salt that counts its starts (SQLite's file format, §4.1).
const SALT_OFFSET: u64 = 16;

/// What the store's file says of its log.
struct Expected {
    /// The salt of the log that was carried over last; `None` while the first one is being started.
    salt: Option<u32>,
    /// The length of the store's file since then.
    bytes: i64,
}

/// Makes sure that the log belongs to the store; starts one where there is none.
pub(super) fn prepare(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let expected = expected(connection).at(path)?;
    match (expected.salt, salt(path)?) {
        (Some(last), Some(found)) if found == last => Ok(()),
        (Some(last), Some(found)) if found == last.wrapping_add(1) => check_length(path, expected.bytes),
        (None, _) => start(connection, path),
        _ if frames(connection, path)? == 0 => start(connection, path),
        _ => Err(error::unusable(path, foreign(path))),
    }
}

fn foreign(path: &Path) -> String {
    let log = beside(path, "-wal");
    format!(
        "the log {} is not its own: restore both from the same backup, or move the log away",
        log.display()
    )
}

fn check_length(path: &Path, bytes: i64) -> Result<(), StoreError> {
    let found = fs::metadata(path).at(path)?.len();
    if i64::try_from(found).is_ok_and(|found| found < bytes) {
        return Err(error::corrupt(path, format!("{found} of {bytes} bytes are left")));
    }
    Ok(())
}

/// For a new store: no log belongs to it.
pub(super) fn expect_none(connection: &Connection) -> rusqlite::Result<()> {
    let nobodys = getrandom::u32().map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    connection.execute("INSERT INTO log VALUES (1, ?1, 0)", [nobodys]).map(drop)
}

/// Grows a log and binds it. SQLite has made its file when the store was opened.
fn start(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    sync_folder(path)?;
    grow(connection).at(path)?;
    carry_over(connection, path)
}

/// SQLite is built to leave this to us, since it would do so in every process.
fn sync_folder(path: &Path) -> Result<(), StoreError> {
    File::open(folder(path)).and_then(|folder| folder.sync_all()).at(path)
}

fn grow(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(&format!(
        "BEGIN IMMEDIATE;
        UPDATE log SET salt = NULL;
        CREATE TABLE room (bytes BLOB) STRICT;
        INSERT INTO room VALUES (zeroblob({ROOM_BYTES}));
        DROP TABLE room;
        COMMIT;"
    ))
}

fn carry_over(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let Some(salt) = salt(path)? else {
        return Err(error::corrupt(path, "its log has gone"));
    };
    checkpoint(connection, salt).at(path)
}

fn checkpoint(connection: &Connection, salt: u32) -> rusqlite::Result<()> {
    let pages: i64 = connection.query_row("PRAGMA page_count", (), |row| row.get(0))?;
    let page_bytes: i64 = connection.query_row("PRAGMA page_size", (), |row| row.get(0))?;
    connection.execute("UPDATE log SET salt = ?1, bytes = ?2", (salt, pages * page_bytes))?;
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |_| Ok(()))?;
    connection.execute("UPDATE log_start SET number = number + 1", ()).map(drop)
}

/// The number of the log's frames that count.
fn frames(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    connection
        .prepare_cached("PRAGMA wal_checkpoint(NOOP)")
        .and_then(|mut noop| noop.query_row((), |row| row.get(1)))
        .at(path)
}

/// The salt in the log's header, if it has one.
fn salt(path: &Path) -> Result<Option<u32>, StoreError> {
    match read_salt(path) {
        Ok(salt) => Ok(Some(salt)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::UnexpectedEof) => Ok(None),
        Err(error) => Err(error::from_io(path, &error)),
    }
}

fn read_salt(path: &Path) -> io::Result<u32> {
    let mut salt = [0; 4];
    open_log(path)?.read_exact_at(&mut salt, SALT_OFFSET)?;
    Ok(u32::from_be_bytes(salt))
}

fn expected(connection: &Connection) -> rusqlite::Result<Expected> {
    connection.query_row("SELECT salt, bytes FROM log", (), |row| {
        Ok(Expected { salt: row.get("salt")?, bytes: row.get("bytes")? })
    })
}
