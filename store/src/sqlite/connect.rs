//! A connection to SQLite with the settings that keep a store's promises.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::error::{self, At};
use super::paths::{beside, exists};
use crate::StoreError;

/// Set before the file is read for the first time: with the exclusive lock taken then, SQLite keeps the index
/// of its log in its own memory. A shared-memory file would kill the process by SIGBUS on a full disk.
const EXCLUSIVE: &str = "PRAGMA locking_mode = EXCLUSIVE";

/// `synchronous`: an acknowledged commit is on disk. `wal_autocheckpoint`: see [`super::log`].
/// `journal_size_limit`, in bytes: what the log keeps of its length after a large import.
const SETTINGS: &str = "
    PRAGMA trusted_schema = OFF;
    PRAGMA secure_delete = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA cell_size_check = ON;
    PRAGMA mmap_size = 0;
    PRAGMA temp_store = MEMORY;
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 0;
    PRAGMA journal_size_limit = 2097152;
";

/// Prepared statements that are kept: all those of a sign-in, which a daemon then prepares once.
const KEPT_STATEMENTS: usize = 32;

/// Opens the file and reads it for the first time, which takes the lock until the connection is closed.
/// Writes nothing.
pub(super) fn connect(path: &Path) -> Result<Connection, StoreError> {
    let connection = open(path)?;
    connection.execute_batch(SETTINGS).at(path)?;
    Ok(connection)
}

/// SQLite's own answer to a missing, an empty or a linked file would be less clear, and it would drop an
/// empty file's log.
pub(super) fn check_file(path: &Path) -> Result<(), StoreError> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => {
            Err(error::unusable(path, "it is a symbolic link: name the file itself"))
        }
        Ok(found) if !found.is_file() || found.len() == 0 => Err(StoreError::NotAStore(path.to_owned())),
        Ok(_) => refuse_rollback_journal(path),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(StoreError::Missing(path.to_owned())),
        Err(error) => Err(error::from_io(path, &error)),
    }
}

/// A store never has one; SQLite would write what stands in it into the store.
fn refuse_rollback_journal(path: &Path) -> Result<(), StoreError> {
    let journal = beside(path, "-journal");
    if exists(&journal).at(path)? {
        let detail = format!("{}, which no Keyfob made, stands beside it: move it away", journal.display());
        return Err(error::unusable(path, detail));
    }
    Ok(())
}

/// Opens the file without reading it. SQLite refuses a link anywhere in the path.
pub(super) fn open(path: &Path) -> Result<Connection, StoreError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|error| error::from_open(path, &error))?;
    if connection.is_readonly("main").at(path)? {
        return Err(StoreError::ReadOnly(path.to_owned()));
    }
    configure(&connection).at(path)?;
    Ok(connection)
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(KEPT_STATEMENTS);
    // See `super::wait`.
    connection.busy_timeout(Duration::ZERO)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // Or statements whose plan might depend on a parameter are compiled anew each time one is bound, kept or not.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    connection.execute_batch(EXCLUSIVE)
}

/// Journals by a write-ahead log: without effect where the file does so already.
pub(super) fn switch_to_log(connection: &Connection) -> rusqlite::Result<()> {
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", (), |row| row.get(0))?;
    if mode == "wal" { Ok(()) } else { Err(rusqlite::Error::InvalidQuery) }
}
