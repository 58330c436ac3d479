use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::error::{self, At};
use crate::StoreError;

/// How often a lock that another process holds is tried: 5 seconds in all, see [`pause`].
const MOST_TRIES: i32 = 2600;

/// Set before the file is read for the first time: with the exclusive lock taken then, SQLite keeps the index of its log in its own
/// memory. A shared-memory file would kill the process by SIGBUS on a full disk.
const EXCLUSIVE: &str = "PRAGMA locking_mode = EXCLUSIVE";

/// `synchronous`: an acknowledged commit is on disk. `wal_autocheckpoint`: see [`super::log`]. `journal_size_limit`, in bytes: what the
/// log keeps of its length after a large import.
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

/// Opens the file and takes the lock, which is kept until the connection is closed.
pub(super) fn connect(path: &Path) -> Result<Connection, StoreError> {
    check_file(path)?;
    let connection = open(path)?;
    take_lock(&connection).at(path)?;
    Ok(connection)
}

/// Opens the file with every setting but those that need the lock.
pub(super) fn open(path: &Path) -> Result<Connection, StoreError> {
    let real = real_path(path)?;
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let mut connection =
        Connection::open_with_flags(real, flags).map_err(|error| error::from_open(path, &error))?;
    configure(&mut connection).at(path)?;
    if connection.is_readonly("main").at(path)? {
        return Err(StoreError::ReadOnly(path.to_owned()));
    }
    Ok(connection)
}

/// SQLite's own answer to a missing, an empty or a linked file would be less clear, and it would drop an empty file's log.
fn check_file(path: &Path) -> Result<(), StoreError> {
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

/// Whether anything has that name, be it a link that leads nowhere.
pub(super) fn exists(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// The path with the links of its folder resolved: SQLite refuses a link anywhere in a path, and a folder may be reached through one.
fn real_path(path: &Path) -> Result<PathBuf, StoreError> {
    let name = path.file_name().ok_or_else(|| StoreError::NotAStore(path.to_owned()))?;
    let folder = folder(path).canonicalize().at(path)?;
    Ok(folder.join(name))
}

/// The folder the file stands in.
pub(super) fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The path of a file that SQLite keeps beside its own.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn configure(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.busy_handler(Some(pause))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    connection.execute_batch(EXCLUSIVE)
}

fn take_lock(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(SETTINGS)?;
    switch_to_log(connection)
}

/// Journals by a write-ahead log: without effect where the file does so already.
pub(super) fn switch_to_log(connection: &Connection) -> rusqlite::Result<()> {
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", (), |row| row.get(0))?;
    if mode == "wal" { Ok(()) } else { Err(rusqlite::Error::InvalidQuery) }
}

/// Waits 0.2 to 1 ms, slowly growing to 4 ms, before the next try. At random, so that processes that wait together don't wake together.
fn pause(tries: i32) -> bool {
    let spread = 800 + u64::from(tries.unsigned_abs());
    let random = getrandom::u32().map_or(spread / 2, |random| u64::from(random) % spread);
    std::thread::sleep(Duration::from_micros(200 + random));
    tries < MOST_TRIES
}
