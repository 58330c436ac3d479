use std::path::Path;

use crate::{Store, StoreError, StoreIdentity, Transaction};

/// The store in one SQLite file.
pub struct SqliteStore;

impl SqliteStore {
    /// Makes a new store at `path`, mode 0600; its folder has to exist.
    ///
    /// # Errors
    /// [`StoreError`], also where there is a file already.
    pub fn create(path: &Path, identity: StoreIdentity) -> Result<Self, StoreError> {
        todo!()
    }

    /// Opens the store at `path` and migrates it forward where it is older. Waits for another process's act to end.
    ///
    /// # Errors
    /// [`StoreError`] says why it can't be used.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        todo!()
    }
}

impl Store for SqliteStore {
    fn identity(&self) -> StoreIdentity {
        todo!()
    }
    fn transaction(&mut self) -> Result<Box<dyn Transaction + '_>, StoreError> {
        todo!()
    }
}
