use keyfob_core::{AccountName, Code, ImportedDevice, RecoveryCode, SerialNumber, Submission};
use keyfob_store::{
    AccessKeyId, DeviceFilter, Event, EventFilter, RememberedChange, SessionId, StoredDrift, Transaction,
};

use crate::acts::{
    Acts, Asked, access, access_keys, accounts, association, browser_sessions, devices, find_device, import,
    recovery, sign_in, signed_changes, software,
};
use crate::{
    About, AccessControl, AccessKey, AccessKeySummary, AccessRefusal, AccountStatus, AccountSummary,
    Authorisation, Authority, Begun, BrowserSession, Caller, DeviceSummary, Error, ImportMode, ImportReport,
    IssuedRecoveryCode, NewSoftwareDevice, Operation, PolicySummary, Principal, Proof, RecoveryCodeLifetime,
    Refused, Resynchronised, SearchPlace, Searched, SessionCredentials, SessionSignedIn, SessionToken,
    SignedChange, SignedIn, StartedSession, Totals,
};

/// What runs acts: it knows the files and the transaction, the acts know the rest. Whatever runs acts is an [`Authority`].
pub(crate) trait Runner {
    /// Asks the name service. Before the store is locked, so that a slow one keeps nobody else waiting.
    fn ask(&self, account: &AccountName) -> Result<Asked, Error>;

    /// As [`Self::ask`], for an account that may administer others.
    fn ask_principal(&self, account: &AccountName) -> Result<Asked, Error>;

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
        mode: ImportMode,
        progress: &mut dyn FnMut(usize),
        caller: &Caller,
    ) -> Result<ImportReport, Error> {
        self.act(|acts, store| import::import(acts, store, devices, mode, progress, caller))
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

    fn issue_recovery_code(
        &self,
        account: &AccountName,
        lifetime: RecoveryCodeLifetime,
        caller: &Caller,
    ) -> Result<IssuedRecoveryCode, Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| recovery::issue(acts, store, &asked, lifetime, caller))
    }

    fn events(&self, filter: &EventFilter) -> Result<Vec<Event>, Error> {
        self.act(|_, store| Ok(store.events(filter)?))
    }
}

impl<R: Runner> AccessControl for R {
    fn create_access_key(&self, account: &AccountName, caller: &Caller) -> Result<AccessKey, Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| access_keys::create(acts, store, &asked, caller))
    }

    fn access_keys(&self) -> Result<Vec<AccessKeySummary>, Error> {
        self.act(|_, store| access_keys::list(store))
    }

    fn access_key(&self, id: &AccessKeyId) -> Result<AccessKeySummary, Error> {
        self.act(|_, store| access_keys::show(store, id))
    }

    fn delete_access_key(&self, id: &AccessKeyId, caller: &Caller) -> Result<(), Error> {
        self.act(|acts, store| access_keys::delete(acts, store, id, caller))
    }

    fn authenticate(&self, proof: &Proof) -> Result<Principal, Error> {
        let asked = self.ask_principal(&self.claimed_account(proof)?)?;
        self.act(|acts, store| Ok(access::authenticate(acts, store, &asked, proof)?.1))
    }

    fn start_session(
        &self,
        account: &AccountName,
        serial: &SerialNumber,
        code: &str,
        seconds: u32,
        caller: &Caller,
    ) -> Result<SessionCredentials, Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| {
            access_keys::start_session(acts, store, &asked, (serial, code), seconds, caller)
        })
    }

    fn devices_of(&self, account: &AccountName) -> Result<Vec<DeviceSummary>, Error> {
        let asked = self.ask(account)?;
        self.act(|_, store| devices::list_of(store, &asked))
    }

    fn devices_matching(&self, filter: &DeviceFilter) -> Result<Vec<DeviceSummary>, Error> {
        self.act(|_, store| devices::matching(store, filter))
    }

    fn drifts(&self, serial: &SerialNumber) -> Result<Vec<StoredDrift>, Error> {
        self.act(|_, store| devices::drifts(store, serial))
    }

    fn find_device(
        &self,
        account: &AccountName,
        code1: &Code,
        code2: Option<&Code>,
        caller: &Caller,
    ) -> Result<Vec<SerialNumber>, Error> {
        let typed = (code1, code2);
        self.begin_search(account, typed, caller)?;
        let (mut found, mut place) = (Vec::new(), Some(SearchPlace::default()));
        while let Some(here) = place {
            let part = self.search_devices(account, typed, &here, caller)?;
            found.extend(part.found);
            place = part.next;
        }
        self.end_search(account, found, caller)
    }

    fn accounts_after(&self, name: Option<&AccountName>, limit: u32) -> Result<Vec<AccountSummary>, Error> {
        self.act(|acts, store| accounts::after(acts, store, name, limit))
    }

    fn accounts_named(&self, names: &[AccountName]) -> Result<Vec<AccountSummary>, Error> {
        self.act(|acts, store| accounts::named(acts, store, names))
    }

    fn totals(&self) -> Result<Totals, Error> {
        self.act(|_, store| accounts::totals(store))
    }

    fn account_statuses(&self, accounts: &[AccountName]) -> Result<Vec<AccountStatus>, Error> {
        let asked = accounts.iter().map(|account| self.ask(account)).collect::<Result<Vec<_>, _>>()?;
        self.act(|acts, store| asked.iter().map(|asked| accounts::status(acts, store, asked)).collect())
    }

    fn policy(&self) -> Result<PolicySummary, Error> {
        self.act(|acts, _| Ok(acts.policy.into()))
    }

    fn create_software_device(
        &self,
        serial: &SerialNumber,
        tags: &[(String, String)],
        caller: &Caller,
    ) -> Result<NewSoftwareDevice, Error> {
        self.act(|acts, store| software::create(acts, store, serial, tags, caller))
    }

    fn tag_device(
        &self,
        serial: &SerialNumber,
        tags: &[(String, String)],
        caller: &Caller,
    ) -> Result<(), Error> {
        self.act(|acts, store| devices::tag(acts, store, serial, tags, caller))
    }

    fn untag_device(&self, serial: &SerialNumber, keys: &[String], caller: &Caller) -> Result<(), Error> {
        self.act(|acts, store| devices::untag(acts, store, serial, keys, caller))
    }

    fn answer_in_session(
        &self,
        token: &SessionToken,
        answer: &str,
        caller: &Caller,
    ) -> Result<SessionSignedIn, Error> {
        let asked = self.ask_principal(&self.claimed_account(&Proof::Session(token.clone()))?)?;
        self.act(|acts, store| browser_sessions::answer(acts, store, &asked, (token, answer), caller))
    }

    fn resynchronise_in_session(
        &self,
        token: &SessionToken,
        code1: &Code,
        code2: &Code,
        caller: &Caller,
    ) -> Result<Resynchronised, Error> {
        let asked = self.ask_principal(&self.claimed_account(&Proof::Session(token.clone()))?)?;
        self.act(|acts, store| {
            browser_sessions::resynchronise(acts, store, &asked, (token, code1, code2), caller)
        })
    }

    fn browser_session(&self, token: &SessionToken) -> Result<BrowserSession, Error> {
        self.act(|acts, store| browser_sessions::show(acts, store, token))
    }

    fn browser_sessions(&self, account: &AccountName) -> Result<Vec<BrowserSession>, Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| browser_sessions::list(acts, store, &asked))
    }

    fn end_browser_session(
        &self,
        account: &AccountName,
        id: &SessionId,
        caller: &Caller,
    ) -> Result<(), Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| browser_sessions::end(acts, store, (&asked, id), caller))
    }

    fn sign_out(&self, token: &SessionToken) -> Result<(), Error> {
        self.act(|_, store| browser_sessions::sign_out(store, token))
    }
}

impl<R: Runner> Authorisation for R {
    fn claimed_account(&self, proof: &Proof) -> Result<AccountName, Error> {
        self.act(|_, store| access::claimed_account(store, proof))
    }

    fn begin_search(
        &self,
        account: &AccountName,
        codes: (&Code, Option<&Code>),
        caller: &Caller,
    ) -> Result<(), Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| find_device::begin(acts, store, &asked, codes, caller))
    }

    fn search_devices(
        &self,
        account: &AccountName,
        codes: (&Code, Option<&Code>),
        place: &SearchPlace,
        caller: &Caller,
    ) -> Result<Searched, Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| find_device::search(acts, store, &asked, (codes, place), caller))
    }

    fn end_search(
        &self,
        account: &AccountName,
        found: Vec<SerialNumber>,
        caller: &Caller,
    ) -> Result<Vec<SerialNumber>, Error> {
        let asked = self.ask(account)?;
        self.act(|acts, store| find_device::end(acts, store, &asked, found, caller))
    }

    fn start_browser_session(&self, account: &AccountName, caller: &Caller) -> Result<StartedSession, Error> {
        let asked = self.ask_principal(account)?;
        self.act(|acts, store| browser_sessions::start(acts, store, &asked, caller))
    }

    fn authorise(
        &self,
        proof: &Proof,
        operation: Operation,
        about: About<'_>,
        caller: &Caller,
    ) -> Result<Principal, Error> {
        let asked = self.ask_principal(&self.claimed_account(proof)?)?;
        let about_whom = match about {
            About::Account(account) => Some(self.ask(account)?),
            About::Device(_) | About::New | About::All => None,
        };
        self.act(|acts, store| {
            let (account, principal) = access::authenticate(acts, store, &asked, proof)?;
            let change = SignedChange::of(proof, operation, about);
            if let Some(change) = &change
                && signed_changes::find(acts, store, change)?.is_some()
            {
                return Err(Refused::from(AccessRefusal::Repeated).into());
            }
            let about = (about, about_whom.as_ref());
            access::authorise(acts, store, (&account, &principal), operation, about, caller)?;
            if let Some(change) = &change {
                signed_changes::remember(acts, store, change, &RememberedChange::default())?;
            }
            Ok(principal)
        })
    }

    fn done_before(
        &self,
        proof: &Proof,
        change: &SignedChange<'_>,
    ) -> Result<Option<RememberedChange>, Error> {
        let asked = self.ask_principal(&self.claimed_account(proof)?)?;
        self.act(|acts, store| {
            access::authenticate(acts, store, &asked, proof)?;
            signed_changes::find(acts, store, change)
        })
    }

    fn remember(&self, change: &SignedChange<'_>, ended: &RememberedChange) -> Result<(), Error> {
        self.act(|acts, store| signed_changes::remember(acts, store, change, ended))
    }
}
