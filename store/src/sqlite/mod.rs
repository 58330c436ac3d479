//! The store in one SQLite file.
//!
//! Which promise each setting keeps is told where it is made: [`connect`], [`log`], `.cargo/config.toml`.

mod access_keys;
mod accounts;
mod browser_sessions;
mod callers;
mod columns;
mod connect;
mod create;
mod decoys;
mod devices;
mod drifts;
mod error;
mod events;
mod last_read;
mod log;
mod migrate;
mod notices;
mod paths;
mod recovery;
mod signed_changes;
mod tags;
mod throttles;
mod transaction;
mod wait;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use self::error::At;
use self::last_read::LastRead;
use self::log::Upkeep;
use self::transaction::SqliteTransaction;
use crate::{KeyId, Store, StoreError, StoreId, StoreIdentity, Transaction};

/// The store in one SQLite file, with its log `-wal` beside it. Whoever has it open has it alone: others wait
/// for up to 5 seconds.
///
/// Must not be carried over a fork: the file lock stays with the parent, and both would write.
#[derive(Debug)]
pub struct SqliteStore {
    connection: Connection,
    path: PathBuf,
    identity: StoreIdentity,
    upkeep: Upkeep,
    last_read: LastRead,
}

impl SqliteStore {
    /// Makes a new store at `path`, mode 0600; its folder has to exist.
    ///
    /// # Errors
    /// [`StoreError`], also where there is a file already.
    pub fn create(path: &Path, identity: StoreIdentity) -> Result<Self, StoreError> {
        let path = paths::real(path).at(path)?;
        create::create(&path, identity)?;
        Self::open(&path)
    }

    /// Opens the store at `path` and migrates it forward where it is older. Waits for another process's act
    /// to end.
    ///
    /// # Errors
    /// [`StoreError`] says why it can't be used.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_within(wait::PATIENCE, path)
    }

    /// As [`Self::open`], but waits for nobody.
    ///
    /// # Errors
    /// [`StoreError::Busy`] at once where another process has it open.
    pub fn open_at_once(path: &Path) -> Result<Self, StoreError> {
        Self::open_within(Duration::ZERO, path)
    }

    fn open_within(patience: Duration, path: &Path) -> Result<Self, StoreError> {
        connect::check_file(path)?;
        let path = paths::real(path).at(path)?;
        let (connection, identity) = wait::in_turn(patience, &path, || open(&path))?;
        Ok(Self { connection, path, identity, upkeep: Upkeep::FOR_ONE_ACT, last_read: LastRead::default() })
    }

    /// For a process that keeps the store open: the log is carried over less often, since no next process
    /// waits until it has read it.
    #[must_use]
    pub fn kept_open(self) -> Self {
        Self { upkeep: Upkeep::KEPT_OPEN, ..self }
    }
}

fn open(path: &Path) -> Result<(Connection, StoreIdentity), StoreError> {
    let connection = connect::connect(path)?;
    let version = migrate::check_version(&connection, path)?;
    connect::switch_to_log(&connection).at(path)?;
    log::prepare(&connection, path)?;
    migrate::to_newest(&connection, path, version)?;
    let identity = identity(&connection).at(path)?;
    Ok((connection, identity))
}

impl Store for SqliteStore {
    fn identity(&self) -> StoreIdentity {
        self.identity
    }

    fn transaction(&mut self) -> Result<Box<dyn Transaction + '_>, StoreError> {
        let Self { connection, path, upkeep, last_read, .. } = self;
        Ok(Box::new(SqliteTransaction::new(connection, path, upkeep, last_read)))
    }
}

fn identity(connection: &Connection) -> rusqlite::Result<StoreIdentity> {
    connection.query_row("SELECT id, key_id FROM store", (), |row| {
        Ok(StoreIdentity { store: StoreId(row.get("id")?), key: KeyId(row.get("key_id")?) })
    })
}
