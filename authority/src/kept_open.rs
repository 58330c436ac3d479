use std::cell::RefCell;
use std::sync::Arc;

use keyfob_core::AccountName;
use keyfob_store::{SqliteStore, Store, Transaction};

use crate::acts::{Acts, Asked};
use crate::files::FileVersion;
use crate::local::open_store;
use crate::master_key::MasterKey;
use crate::runner::Runner;
use crate::{
    Authorisation, Caller, Door, Error, Files, NameService, Notification, Policy, PolicyFile, Role,
    Surroundings, Unusable,
};

/// Policy, master key and store, kept open by their one owner. Several acts share one transaction, so that they share the wait for the
/// disk.
pub struct KeptOpen {
    files: Files,
    opened: Option<Opened>,
    policy: Arc<PolicyFile>,
    notifications: Vec<Notification>,
}

struct Opened {
    key: MasterKey,
    store: SqliteStore,
    /// Somebody may put another file in the store's place; what is written to the old one would be lost.
    file: FileVersion,
}

/// What the name service says of accounts, asked before the store is locked.
#[derive(Clone)]
pub struct LookedUp(Vec<Asked>);

impl LookedUp {
    /// Asks the name service.
    ///
    /// # Errors
    /// [`Unusable::NameService`] where it fails.
    pub fn new<'a>(
        accounts: impl IntoIterator<Item = &'a AccountName>,
        names: &dyn NameService,
        policy: &Policy,
    ) -> Result<Self, Error> {
        let looked_up = accounts.into_iter().map(|account| Asked::look_up(account, names, policy));
        Ok(Self(looked_up.collect::<Result<_, _>>()?))
    }

    /// Asks the name service for a caller of the enrollment service, and for the accounts that the act is about.
    ///
    /// # Errors
    /// [`Unusable::NameService`] where it fails.
    pub fn on_behalf_of<'a>(
        caller: &AccountName,
        about: impl IntoIterator<Item = &'a AccountName>,
        names: &dyn NameService,
        policy: &Policy,
    ) -> Result<Self, Error> {
        let mut looked_up = Self::new(about.into_iter().filter(|about| *about != caller), names, policy)?;
        looked_up.0.insert(0, Asked::look_up_principal(caller, names, policy)?);
        Ok(looked_up)
    }

    /// Asks for all groups of the accounts, too.
    #[must_use]
    pub fn with_groups(mut self, names: &dyn NameService) -> Self {
        self.0.iter_mut().for_each(|asked| asked.add_groups(names));
        self
    }

    /// The enrollment service on behalf of the first account.
    #[must_use]
    pub fn caller(&self, remote: Option<String>, policy: &Policy) -> Caller {
        let account = self.0.first().map(|asked| asked.canonical_name().clone());
        let role = self.0.first().map_or(Role::User, |asked| asked.role(policy));
        let door = Door::Service { account, is_administrator: role != Role::User };
        Caller { door, remote, uid: self.uid().unwrap_or(u32::MAX) }
    }

    /// The name by which the name service has the account.
    #[must_use]
    pub fn canonical_name(&self) -> Option<&AccountName> {
        self.0.first().map(Asked::canonical_name)
    }

    /// The account's uid, where the name service has it.
    #[must_use]
    pub fn uid(&self) -> Option<u32> {
        self.0.first().and_then(Asked::uid)
    }

    /// Whether these are the accounts that it was asked for.
    #[must_use]
    pub fn is_of(&self, accounts: &[AccountName]) -> bool {
        self.0.iter().map(|asked| &asked.name).eq(accounts)
    }

    /// For an act that is about no account.
    #[must_use]
    pub const fn nobody() -> Self {
        Self(Vec::new())
    }
}

/// One of the acts that share a transaction. It may be run again, alone, where another one of them fails.
pub type SharedAct<'a, T> = (&'a LookedUp, &'a dyn Fn(&dyn Authorisation) -> Result<T, Error>);

impl KeptOpen {
    /// Opens them.
    ///
    /// # Errors
    /// [`Unusable`] says what can't be used.
    pub fn open(files: Files) -> Result<Self, Unusable> {
        let policy = Arc::new(PolicyFile::new(files.clone()));
        let mut kept = Self { files, opened: None, policy, notifications: Vec::new() };
        kept.policy.current()?;
        kept.refresh()?;
        Ok(kept)
    }

    /// The policy file, for whoever asks the name service.
    #[must_use]
    pub fn policy(&self) -> Arc<PolicyFile> {
        Arc::clone(&self.policy)
    }

    /// What owners are to be told of since the last call, all of it on disk.
    pub fn take_notifications(&mut self) -> Vec<Notification> {
        std::mem::take(&mut self.notifications)
    }

    /// Runs acts in one transaction and makes it durable: none is answered before all are. Where one can't be decided, nothing of what
    /// they did stays, and each is run again by itself. One result for each act.
    pub fn run<T>(
        &mut self,
        surroundings: &Surroundings,
        acts: &[SharedAct<'_, T>],
    ) -> Vec<Result<T, Error>> {
        if acts.len() > 1
            && let Ok(results) = self.share(surroundings, acts)
        {
            return results;
        }
        acts.iter().map(|act| self.alone(surroundings, act)).collect()
    }

    fn alone<T>(&mut self, surroundings: &Surroundings, act: &SharedAct<'_, T>) -> Result<T, Error> {
        self.share(surroundings, std::slice::from_ref(act))?.pop().unwrap_or(Err(Unusable::NoOutcome.into()))
    }

    /// The outcomes of all acts, which are on disk; or the first thing that kept one from being decided, and nothing is.
    fn share<T>(
        &mut self,
        surroundings: &Surroundings,
        acts: &[SharedAct<'_, T>],
    ) -> Result<Vec<Result<T, Error>>, Error> {
        let results = self.try_share(surroundings, acts);
        if let Err(Error::Unusable(Unusable::Store(_))) = results {
            // Whatever state the connection is in, the next act starts with a new one.
            self.opened = None;
        }
        results
    }

    fn try_share<T>(
        &mut self,
        surroundings: &Surroundings,
        acts: &[SharedAct<'_, T>],
    ) -> Result<Vec<Result<T, Error>>, Error> {
        let policy = self.policy.current()?;
        self.refresh()?;
        let Some(Opened { key, store, .. }) = &mut self.opened else {
            return Err(Unusable::NoOutcome.into());
        };
        let context = Acts {
            key,
            store: store.identity(),
            policy: &policy,
            surroundings,
            notifications: RefCell::default(),
        };
        let mut transaction = store.transaction().map_err(Unusable::Store)?;
        let mut results = Vec::with_capacity(acts.len());
        for (looked_up, act) in acts {
            let inside = Inside { acts: &context, transaction: RefCell::new(&mut *transaction), looked_up };
            match act(&inside) {
                Err(Error::Unusable(unusable)) => return Err(unusable.into()),
                outcome => results.push(outcome),
            }
        }
        transaction.commit().map_err(Unusable::Store)?;
        self.notifications.append(&mut context.notifications.take());
        Ok(results)
    }

    /// Makes sure that what is open is what stands at its name, with the owner and mode it should have.
    fn refresh(&mut self) -> Result<(), Unusable> {
        let current = self.files.check_store()?;
        if self.opened.as_ref().is_none_or(|opened| !opened.file.is_same_file(current)) {
            // Closed before it is opened again: closing a file drops all locks that this process has on it.
            self.opened = None;
            let (key, store) = open_store(&self.files)?;
            // What was looked at before: a file that takes its place while it is opened is noticed next time.
            self.opened = Some(Opened { key, store: store.kept_open(), file: current });
        }
        Ok(())
    }
}

/// An act's view of the transaction that it shares.
struct Inside<'a> {
    acts: &'a Acts<'a>,
    transaction: RefCell<&'a mut dyn Transaction>,
    looked_up: &'a LookedUp,
}

impl Runner for Inside<'_> {
    fn ask(&self, account: &AccountName) -> Result<Asked, Error> {
        let found = self.looked_up.0.iter().find(|asked| asked.name == *account);
        found.cloned().ok_or_else(|| Unusable::NoOutcome.into())
    }

    fn ask_principal(&self, account: &AccountName) -> Result<Asked, Error> {
        self.ask(account)
    }

    fn act<T>(
        &self,
        act: impl FnOnce(&Acts<'_>, &mut dyn Transaction) -> Result<T, Error>,
    ) -> Result<T, Error> {
        act(self.acts, &mut **self.transaction.borrow_mut())
    }
}
