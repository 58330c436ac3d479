use keyfob_core::{AccountName, UnixTime};
use keyfob_store::{Account, Transaction};

use crate::{Error, Membership, NameService, Policy, Refused, Role, SystemAccount};

/// An account as it was asked for, and what the name service answered.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) name: AccountName,
    pub(crate) system: Option<SystemAccount>,
    /// The groups that the policy names.
    memberships: Vec<(String, Membership)>,
    /// All of its groups, where they were asked for.
    pub(crate) groups: Option<Vec<String>>,
}

impl Asked {
    pub(crate) fn look_up(
        name: &AccountName,
        names: &dyn NameService,
        policy: &Policy,
    ) -> Result<Self, Error> {
        Self::look_up_with(policy.requirement.groups(), name, names)
    }

    /// As [`Self::look_up`], for an account that may administer others.
    pub(crate) fn look_up_principal(
        name: &AccountName,
        names: &dyn NameService,
        policy: &Policy,
    ) -> Result<Self, Error> {
        let groups = policy.requirement.groups().chain(policy.administrators.as_deref());
        Self::look_up_with(groups, name, names)
    }

    fn look_up_with<'a>(
        groups: impl Iterator<Item = &'a str>,
        name: &AccountName,
        names: &dyn NameService,
    ) -> Result<Self, Error> {
        let system = names.look_up(name)?;
        let canonical = system.as_ref().map_or(name, |system| &system.name);
        let memberships =
            groups.map(|group| (group.to_owned(), names.membership(canonical, group))).collect();
        Ok(Self { name: name.clone(), system, memberships, groups: None })
    }

    /// Asks for all groups, too.
    pub(crate) fn add_groups(&mut self, names: &dyn NameService) {
        self.groups = names.groups(self.canonical_name());
    }

    /// Whether the account belongs to a group; one that the policy names only since the name service was asked is not known.
    pub(crate) fn membership(&self, group: &str) -> Membership {
        let known = self.memberships.iter().find(|(name, _)| name == group);
        known.map_or(Membership::UnknownGroup, |(_, membership)| *membership)
    }

    /// What it is to the enrollment service. A group that the system does not have makes nobody an administrator.
    pub(crate) fn role(&self, policy: &Policy) -> Role {
        let administrators = policy.administrators.as_deref();
        if self.uid() == Some(0) {
            Role::Root
        } else if administrators.is_some_and(|group| self.membership(group) == Membership::Member) {
            Role::Administrator
        } else {
            Role::User
        }
    }

    /// The name it is stored under.
    pub(crate) fn canonical_name(&self) -> &AccountName {
        self.system.as_ref().map_or(&self.name, |system| &system.name)
    }

    pub(crate) fn uid(&self) -> Option<u32> {
        self.system.as_ref().map(|system| system.uid)
    }

    pub(crate) fn unknown(&self) -> Refused {
        Refused::UnknownAccount(self.name.clone())
    }

    /// The stored account, whatever has become of it since: for an administrator's looking and releasing.
    pub(crate) fn stored(&self, store: &mut dyn Transaction) -> Result<Option<Account>, Error> {
        Ok(store.account(self.canonical_name())?)
    }

    /// Makes the account known.
    pub(crate) fn make_known(&self, store: &mut dyn Transaction, now: UnixTime) -> Result<Account, Error> {
        Ok(store.add_account(self.canonical_name(), self.uid(), now)?)
    }

    /// The stored account if it is still the one that was made known: for signing in and associating. `None`: the name service has the
    /// account, the store does not know it yet.
    pub(crate) fn current(&self, store: &mut dyn Transaction) -> Result<Option<Account>, Error> {
        let stored = self.stored(store)?;
        match (self.uid(), stored) {
            (Some(now), Some(Account { name, uid: Some(stored), .. })) if stored != now => {
                Err(Refused::Recreated { account: name, stored, now }.into())
            }
            (Some(_), stored) => Ok(stored),
            // Known to a central service only, or deleted from this system.
            (None, Some(account)) if account.uid.is_none() => Ok(Some(account)),
            (None, _) => Err(self.unknown().into()),
        }
    }
}
