use keyfob_core::{AccountName, ImportedDevice, RecoveryCode, SerialNumber, Submission};
use keyfob_store::{Event, EventFilter, SqliteStore, Store, Transaction};

use crate::acts::{Acts, Asked, accounts, association, devices, import, recovery, sign_in};
use crate::master_key::MasterKey;
use crate::{
    AccountSummary, Authority, Begin, Caller, DeviceSummary, Error, Files, ImportReport, SignedIn,
    Surroundings, Unusable,
};

/// The acts themselves: opens policy, master key and store for one act at a time. Every method is one open, one transaction, one
/// close, so nothing is held while a person types.
pub struct LocalAuthority {
    files: Files,
    surroundings: Surroundings,
}

impl LocalAuthority {
    /// Nothing is opened yet.
    #[must_use]
    pub fn new(files: Files, surroundings: Surroundings) -> Self {
        Self { files, surroundings }
    }

    /// Runs an act in one transaction. A refusal commits too: it counts failures and leaves an event. What can't be decided changes
    /// nothing.
    fn act<T>(
        &self,
        act: impl FnOnce(&Acts<'_>, &mut dyn Transaction) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let policy = self.files.read_policy()?;
        let (key, mut store) = open_store(&self.files)?;
        let acts =
            Acts { key: &key, store: store.identity(), policy: &policy, surroundings: &self.surroundings };
        let mut transaction = store.transaction().map_err(Unusable::Store)?;
        let outcome = act(&acts, &mut *transaction);
        if !matches!(outcome, Err(Error::Unusable(_))) {
            transaction.commit().map_err(Unusable::Store)?;
        }
        outcome
    }

    /// Asks the name service before the store is locked, so that a slow one keeps nobody else waiting.
    fn ask(&self, account: &AccountName) -> Result<Asked, Error> {
        Ok(Asked { name: account.clone(), system: self.surroundings.names.look_up(account)? })
    }
}

/// Master key and store, if they are who they should be and belong together.
pub(crate) fn open_store(files: &Files) -> Result<(MasterKey, SqliteStore), Unusable> {
    files.check_store()?;
    let key = files.read_key()?;
    let store = SqliteStore::open(&files.store)?;
    if store.identity().key != key.id() {
        return Err(Unusable::OtherKey { key: files.key.clone(), store: files.store.clone() });
    }
    Ok((key, store))
}

impl Authority for LocalAuthority {
    fn begin(&self, account: &AccountName, caller: &Caller) -> Result<Begin, Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| sign_in::begin(acts, store, &asked, caller))
    }

    fn answer(&self, account: &AccountName, answer: &str, caller: &Caller) -> Result<SignedIn, Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| sign_in::answer(acts, store, &asked, answer, caller))
    }

    fn import(
        &self,
        devices: &[ImportedDevice],
        dry_run: bool,
        progress: &mut dyn FnMut(usize),
        caller: &Caller,
    ) -> Result<ImportReport, Error> {
        self.act(|acts, store| import::import(acts, store, devices, dry_run, progress, caller))
    }

    fn devices(&self) -> Result<Vec<DeviceSummary>, Error> {
        self.act(|_, store| devices::list(store))
    }

    fn device(&self, serial: &SerialNumber) -> Result<DeviceSummary, Error> {
        self.act(|_, store| devices::show(store, serial))
    }

    fn remove_device(&self, serial: &SerialNumber, caller: &Caller) -> Result<(), Error> {
        self.act(|acts, store| devices::remove(acts, store, serial, caller))
    }

    fn associate(
        &self,
        account: &AccountName,
        submission: &Submission,
        caller: &Caller,
    ) -> Result<DeviceSummary, Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| association::associate(acts, store, &asked, submission, caller))
    }

    fn resynchronise(
        &self,
        account: &AccountName,
        submission: &Submission,
        caller: &Caller,
    ) -> Result<DeviceSummary, Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| association::resynchronise(acts, store, &asked, submission, caller))
    }

    fn deactivate(&self, account: &AccountName, serial: &SerialNumber, caller: &Caller) -> Result<(), Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| association::deactivate(acts, store, &asked, serial, caller))
    }

    fn accounts(&self) -> Result<Vec<AccountSummary>, Error> {
        self.act(accounts::list)
    }

    fn account(&self, account: &AccountName) -> Result<AccountSummary, Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| accounts::show(acts, store, &asked))
    }

    fn add_account(&self, account: &AccountName, caller: &Caller) -> Result<AccountSummary, Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| accounts::add(acts, store, &asked, caller))
    }

    fn remove_account(&self, account: &AccountName, caller: &Caller) -> Result<Vec<SerialNumber>, Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| accounts::remove(acts, store, &asked, caller))
    }

    fn unlock_account(&self, account: &AccountName, caller: &Caller) -> Result<(), Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| accounts::unlock(acts, store, &asked, caller))
    }

    fn create_recovery_codes(
        &self,
        account: &AccountName,
        caller: &Caller,
    ) -> Result<Vec<RecoveryCode>, Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| recovery::create(acts, store, &asked, caller))
    }

    fn events(&self, filter: &EventFilter) -> Result<Vec<Event>, Error> {
        self.act(|_, store| Ok(store.events(filter)?))
    }
}
