//! Changes that were signed. A signature counts for a quarter of an hour before and after its time, and its change is done once, whoever sends it
//! again and whatever was restarted meanwhile.

use keyfob_store::{Act, RememberedChange, Transaction};
use sha2::{Digest, Sha256};

use super::Acts;
use crate::{About, Error, Operation, Proof, SignedRequest, signature};

/// A change that somebody has signed.
#[derive(Clone, Copy, Debug)]
pub struct SignedChange<'a> {
    signed: &'a SignedRequest,
    act: Act,
    about: About<'a>,
}

impl<'a> SignedChange<'a> {
    /// What is proved and wanted, where that is one.
    #[must_use]
    pub fn of(proof: &'a Proof, operation: Operation, about: About<'a>) -> Option<Self> {
        match (proof, operation) {
            (Proof::Signature(signed), Operation::Change(act)) => Some(Self { signed, act, about }),
            _ => None,
        }
    }

    /// The request that it was signed by.
    #[must_use]
    pub const fn signed(&self) -> &'a SignedRequest {
        self.signed
    }

    /// What it is known by: its signature, and what its client calls the request, by which one is known that was signed anew. One request may be
    /// several changes: each counts by itself.
    fn names(&self) -> Vec<[u8; 32]> {
        let change = format!("{} {:?} {:?}", self.signed.key.as_str(), self.act, self.about);
        let name =
            |request: [u8; 32]| Sha256::new().chain_update(request).chain_update(&change).finalize().into();
        [Some(self.signed.signature), self.signed.invocation_name()].into_iter().flatten().map(name).collect()
    }
}

/// The change, where it was done before. Then it is remembered by all of its names, or it could be sent once more under another one.
pub(crate) fn find(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    change: &SignedChange<'_>,
) -> Result<Option<RememberedChange>, Error> {
    let (mut found, mut unknown) = (None, false);
    for name in change.names() {
        match store.signed_change(&name, acts.now())? {
            Some(known) => found = found.or(Some(known)),
            None => unknown = true,
        }
    }
    if let Some(found) = found.as_ref().filter(|_| unknown) {
        remember(acts, store, change, found)?;
    }
    Ok(found)
}

/// Remembers that it is done, and how it has ended.
pub(crate) fn remember(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    change: &SignedChange<'_>,
    ended: &RememberedChange,
) -> Result<(), Error> {
    let expires = acts.now().after(2 * signature::MAX_SKEW_SECONDS);
    for name in change.names() {
        store.remember_signed_change(&name, ended, acts.now(), expires)?;
    }
    Ok(())
}
