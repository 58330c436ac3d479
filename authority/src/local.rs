use std::cell::RefCell;
use std::path::Path;

use keyfob_core::AccountName;
use keyfob_store::{SqliteStore, Store, StoreError, Transaction};

use crate::acts::{Acts, Asked};
use crate::master_key::MasterKey;
use crate::runner::Runner;
use crate::{Error, Files, PolicyFile, Surroundings, Unusable};

/// The acts themselves: opens master key and store for one act at a time, and the policy where it has changed. Every method is one open, one transaction, one
/// close, so nothing is held while a person types.
pub struct LocalAuthority {
    files: Files,
    policy: PolicyFile,
    surroundings: Surroundings,
}

impl LocalAuthority {
    /// Nothing is opened yet.
    #[must_use]
    pub fn new(files: Files, surroundings: Surroundings) -> Self {
        Self { policy: PolicyFile::new(files.clone()), files, surroundings }
    }
}

impl Runner for LocalAuthority {
    fn ask(&self, account: &AccountName) -> Result<Asked, Error> {
        Asked::look_up(account, &*self.surroundings.names, &*self.policy.current()?)
    }

    fn ask_principal(&self, account: &AccountName) -> Result<Asked, Error> {
        Asked::look_up_principal(account, &*self.surroundings.names, &*self.policy.current()?)
    }

    fn act<T>(
        &self,
        act: impl FnOnce(&Acts<'_>, &mut dyn Transaction) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let policy = self.policy.current()?;
        let (key, mut store) = open_store(&self.files)?;
        let acts = Acts {
            key: &key,
            store: store.identity(),
            policy: &policy,
            surroundings: &self.surroundings,
            notifications: RefCell::default(),
        };
        let mut transaction = store.transaction().map_err(Unusable::Store)?;
        let outcome = act(&acts, &mut *transaction);
        if !matches!(outcome, Err(Error::Unusable(_))) {
            transaction.commit().map_err(Unusable::Store)?;
        }
        outcome
    }
}

/// Master key and store, if they are who they should be and belong together.
pub(crate) fn open_store(files: &Files) -> Result<(MasterKey, SqliteStore), Unusable> {
    open_store_by(SqliteStore::open, files)
}

/// As [`open_store`], by that way to open the store.
pub(crate) fn open_store_by(
    open: fn(&Path) -> Result<SqliteStore, StoreError>,
    files: &Files,
) -> Result<(MasterKey, SqliteStore), Unusable> {
    files.check_store()?;
    let key = files.read_key()?;
    let store = open(&files.store)?;
    if store.identity().key != key.id() {
        return Err(Unusable::OtherKey { key: files.key.clone(), store: files.store.clone() });
    }
    Ok((key, store))
}
