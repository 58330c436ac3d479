//! The acts: each reads, decides, writes, inside the one transaction that its caller holds. Whatever refuses comes before whatever writes, but
//! for failure counts and events, since a refusal is committed too.

pub(crate) mod access;
pub(crate) mod access_keys;
pub(crate) mod accounts;
pub(crate) mod association;
pub(crate) mod browser_sessions;
pub(crate) mod devices;
pub(crate) mod events;
pub(crate) mod failures;
pub(crate) mod find_device;
pub(crate) mod identity;
pub(crate) mod import;
pub(crate) mod notices;
pub(crate) mod recovery;
pub(crate) mod required;
pub(crate) mod sign_in;
pub(crate) mod signed_changes;
pub(crate) mod software;
pub(crate) mod target;

pub(crate) use identity::Asked;

use std::cell::RefCell;

use keyfob_core::{AccountName, Secret, UnixTime};
use keyfob_store::{Device, StoreError, StoreIdentity, Transaction};

use crate::master_key::MasterKey;
use crate::sealing::{Identity, Sealer};
use crate::{Error, Notification, Policy, Surroundings, Unusable};

/// What every act has at hand.
pub(crate) struct Acts<'a> {
    pub(crate) key: &'a MasterKey,
    pub(crate) store: StoreIdentity,
    pub(crate) policy: &'a Policy,
    pub(crate) surroundings: &'a Surroundings,
    /// What owners are to be told, for the policy's `notify_command`.
    pub(crate) notifications: RefCell<Vec<Notification>>,
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Unusable(Unusable::Store(error))
    }
}

impl<'a> Acts<'a> {
    /// Read inside the transaction, after the wait for its lock.
    pub(crate) fn now(&self) -> UnixTime {
        self.surroundings.clock.now()
    }

    pub(crate) fn sealer(&self) -> Sealer<'a> {
        Sealer { key: self.key, store: self.store }
    }

    /// The secret of a stored device whose owner's name is `owner`.
    pub(crate) fn unseal(&self, device: &Device, owner: Option<&AccountName>) -> Result<Secret, Unusable> {
        self.sealer().open(&device.sealed, &sealed_identity(device, device.generation, owner))
    }

    /// Gives a device to another owner, or to nobody: a new generation, sealed for it.
    pub(crate) fn hand_over(
        &self,
        store: &mut dyn Transaction,
        device: &Device,
        secret: &Secret,
        owner: Option<&keyfob_store::Account>,
    ) -> Result<u64, Error> {
        let generation = device.generation.saturating_add(1);
        let identity = sealed_identity(device, generation, owner.map(|account| &account.name));
        let sealed = self.sealer().seal(secret, &identity, &*self.surroundings.randomness)?;
        let association =
            owner.map(|account| keyfob_store::Association { account: account.id, since: self.now() });
        store.set_association(device.id, association, generation, &sealed)?;
        Ok(generation)
    }
}

fn sealed_identity<'a>(
    device: &'a Device,
    generation: u64,
    account: Option<&'a AccountName>,
) -> Identity<'a> {
    Identity {
        device: device.id,
        serial: &device.serial,
        parameters: &device.parameters,
        generation,
        account,
    }
}
