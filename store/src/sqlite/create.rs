use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::error::{self, At};
use super::paths::{beside, exists, folder};
use super::{connect, log, migrate};
use crate::{StoreError, StoreIdentity};

/// Makes the file whole under another name, then gives it its own: an interrupted creation leaves nothing
/// that stands in the way.
pub(super) fn create(path: &Path, identity: StoreIdentity) -> Result<(), StoreError> {
    refuse_existing(path, path)?;
    refuse_existing(path, &beside(path, "-wal"))?;
    let unfinished = UnfinishedFile::create(path).at(path)?;
    fill(&unfinished.0, identity)?;
    publish(&unfinished.0, path).at(path)
}

fn refuse_existing(path: &Path, name: &Path) -> Result<(), StoreError> {
    if exists(name).at(path)? {
        return Err(error::unusable(
            path,
            format!("there is a file {} already: move it away", name.display()),
        ));
    }
    Ok(())
}

/// A file that is removed again when it goes out of scope.
struct UnfinishedFile(PathBuf);

impl UnfinishedFile {
    fn create(path: &Path) -> io::Result<Self> {
        let unfinished = beside(path, &format!(".{:016x}.new", getrandom::u64()?));
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
        let unfinished = Self(unfinished);
        // Whatever the umask took away.
        file.set_permissions(Permissions::from_mode(0o600))?;
        Ok(unfinished)
    }
}

impl Drop for UnfinishedFile {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}

/// Writes the first version's tables, with no log yet: what is acknowledged stands in the file alone.
fn fill(unfinished: &Path, identity: StoreIdentity) -> Result<(), StoreError> {
    let connection = connect::open(unfinished)?;
    write(&connection, identity).at(unfinished)?;
    connection.close().map_err(|(_, error)| error::from_sqlite(unfinished, &error))
}

fn write(connection: &Connection, identity: StoreIdentity) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    migrate::from_nothing(connection)?;
    connection.execute("INSERT INTO store VALUES (1, ?1, ?2)", (identity.store.0, identity.key.0))?;
    log::expect_none(connection)?;
    connect::switch_to_log(connection)
}

/// Gives the file its name, unless another has it.
fn publish(unfinished: &Path, path: &Path) -> io::Result<()> {
    File::open(unfinished)?.sync_all()?;
    fs::hard_link(unfinished, path)?;
    File::open(folder(path))?.sync_all()
}
