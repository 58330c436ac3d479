use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::error::{self, At};
use crate::StoreError;

/// Names a Keyfob store in the file's header: `Keyf`.
const APPLICATION_ID: u32 = u32::from_be_bytes(*b"Keyf");

/// What makes version n + 1 of version n. A step that has been released is never changed.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
    include_str!("migrations/0005.sql"),
    include_str!("migrations/0006.sql"),
    include_str!("migrations/0007.sql"),
    include_str!("migrations/0008.sql"),
    include_str!("migrations/0009.sql"),
    include_str!("migrations/0010.sql"),
];

/// The store's version. Refuses what is no store, and a store that is newer than this program.
pub(super) fn check_version(connection: &Connection, path: &Path) -> Result<u32, StoreError> {
    version(connection, path, MIGRATIONS)
}

/// Brings a store of that version to the newest one in one transaction.
pub(super) fn to_newest(connection: &Connection, path: &Path, version: u32) -> Result<(), StoreError> {
    forward(connection, path, version, MIGRATIONS)
}

/// Makes an empty file a store of the newest version.
pub(super) fn from_nothing(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    run(connection, 0, MIGRATIONS)
}

fn forward(
    connection: &Connection,
    path: &Path,
    version: u32,
    migrations: &[&str],
) -> Result<(), StoreError> {
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

/// The version, 1 or higher.
fn version(connection: &Connection, path: &Path, migrations: &[&str]) -> Result<u32, StoreError> {
    if header(connection, "PRAGMA application_id").at(path)? != APPLICATION_ID {
        return Err(StoreError::NotAStore(path.to_owned()));
    }
    let (found, known) = (header(connection, "PRAGMA user_version").at(path)?, newest(migrations));
    if found == 0 {
        return Err(error::corrupt(path, "it has no version"));
    }
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    Ok(found)
}

/// A number of the file's header, which SQLite shows as signed.
fn header(connection: &Connection, pragma: &str) -> rusqlite::Result<u32> {
    connection.query_row(pragma, (), |row| row.get(0)).map(i32::cast_unsigned)
}

fn newest(migrations: &[&str]) -> u32 {
    u32::try_from(migrations.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const FIRST: &str = "CREATE TABLE first (x); INSERT INTO first VALUES (7)";
    const SECOND: &str = "ALTER TABLE first ADD COLUMN y DEFAULT 8";
    const OLDER: &[&str] = &[FIRST];
    const NEWER: &[&str] = &[FIRST, SECOND, "CREATE TABLE third (z)"];

    fn made(migrations: &[&str]) -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        run(&connection, 0, migrations).unwrap();
        connection
    }

    fn path() -> &'static Path {
        Path::new("the store")
    }

    /// As opening does it: the version is checked, then the store comes forward from it.
    fn forward(connection: &Connection, migrations: &[&str]) -> Result<(), StoreError> {
        super::forward(connection, path(), version(connection, path(), migrations)?, migrations)
    }

    #[test]
    fn an_older_store_comes_forward_with_what_it_holds() {
        let connection = made(OLDER);
        assert_eq!(version(&connection, path(), NEWER).unwrap(), 1);
        for _ in 0..2 {
            forward(&connection, NEWER).unwrap();
            assert_eq!(version(&connection, path(), NEWER).unwrap(), 3);
        }
        let row = connection.query_row("SELECT x, y FROM first", (), |row| Ok((row.get(0)?, row.get(1)?)));
        assert_eq!(row.unwrap(), (7, 8));
        connection.execute("INSERT INTO third VALUES (1)", ()).unwrap();
    }

    #[test]
    fn a_step_that_fails_leaves_the_store_as_it_was() {
        let connection = made(OLDER);
        let failing = &[FIRST, SECOND, "CREATE TABLE first (x)"];
        assert!(matches!(forward(&connection, failing), Err(StoreError::Corrupt { .. })));
        assert_eq!(version(&connection, path(), failing).unwrap(), 1);
        connection.prepare("SELECT y FROM first").unwrap_err();
    }

    #[test]
    fn a_newer_store_is_refused() {
        let connection = made(NEWER);
        let refused = forward(&connection, OLDER).unwrap_err();
        assert!(matches!(refused, StoreError::Newer { found: 3, known: 1, .. }), "{refused:?}");
    }
}
