use keyfob_core::{AccountName, Code, ImportedDevice, RecoveryCode, SerialNumber, Submission};
use keyfob_store::{Event, EventFilter, Transaction};

use crate::acts::{Acts, Asked, accounts, association, devices, import, recovery, sign_in};
use crate::{AccountSummary, Authority, Begun, Caller, DeviceSummary, Error, ImportReport, SignedIn};

/// What runs acts: it knows the files and the transaction, the acts know the rest. Whatever runs acts is an [`Authority`].
pub(crate) trait Runner {
    /// Asks the name service. Before the store is locked, so that a slow one keeps nobody else waiting.
    fn ask(&self, account: &AccountName) -> Result<Asked, Error>;

    /// Runs an act in a transaction. A refusal commits too: it counts failures and leaves an event. What can't be decided changes
    /// nothing.
    fn act<T>(
        &self,
        act: impl FnOnce(&Acts<'_>, &mut dyn Transaction) -> Result<T, Error>,
    ) -> Result<T, Error>;
}

impl<R: Runner> Authority for R {
    fn begin(&self, account: &AccountName, caller: &Caller) -> Result<Begun, Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| sign_in::begin(acts, store, &asked, caller))
    }

    fn answer(&self, account: &AccountName, answer: &str, caller: &Caller) -> Result<SignedIn, Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| sign_in::answer(acts, store, &asked, answer, caller))
    }

    fn resynchronise_at_sign_in(
        &self,
        account: &AccountName,
        code1: &Code,
        code2: &Code,
        caller: &Caller,
    ) -> Result<SerialNumber, Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| {
            association::resynchronise_at_sign_in(acts, store, &asked, code1, code2, caller)
        })
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
