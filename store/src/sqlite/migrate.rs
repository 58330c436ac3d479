use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::error::At;
use crate::StoreError;

/// Names a Keyfob store in the file's header: `Keyf`.
const APPLICATION_ID: u32 = u32::from_be_bytes(*b"Keyf");

/// What makes version n + 1 of version n. A step that has been released is never changed.
const MIGRATIONS: &[&str] = &[include_str!("migrations/0001.sql")];

/// Refuses what is no store, and a store that is newer than this program.
pub(super) fn check_version(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    version(connection, path, MIGRATIONS).map(drop)
}

/// Brings the store to the newest version in one transaction.
pub(super) fn to_newest(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    forward(connection, path, MIGRATIONS)
}

/// Makes an empty file a store of the newest version.
pub(super) fn from_nothing(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    run(connection, 0, MIGRATIONS)
}

fn forward(connection: &Connection, path: &Path, migrations: &[&str]) -> Result<(), StoreError> {
    let version = version(connection, path, migrations)?;
    if version == newest(migrations) {
        return Ok(());
    }
    run(connection, version, migrations).at(path)
}

fn run(connection: &Connection, version: u32, migrations: &[&str]) -> rusqlite::Result<()> {
    let transaction = rusqlite::Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    for (_, step) in (0..).zip(migrations).skip_while(|(from, _)| *from < version) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", newest(migrations))?;
    transaction.commit()
}

fn version(connection: &Connection, path: &Path, migrations: &[&str]) -> Result<u32, StoreError> {
    let read = |pragma| connection.query_row(pragma, (), |row| row.get(0)).at(path);
    let application: u32 = read("PRAGMA application_id")?;
    if application != APPLICATION_ID {
        return Err(StoreError::NotAStore(path.to_owned()));
    }
    let (found, known) = (read("PRAGMA user_version")?, newest(migrations));
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    Ok(found)
}

fn newest(migrations: &[&str]) -> u32 {
    u32::try_from(migrations.len()).unwrap_or(u32::MAX)
}
