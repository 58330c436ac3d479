use keyfob_core::{Throttle, Throttled};
use keyfob_store::{AccountId, DecoyName, NoticeKind, Purpose, Transaction};

use super::events::Subject;
use super::{Acts, Asked};
use crate::{Caller, Error};

/// What failures are counted on.
#[derive(Clone, Copy)]
pub(crate) enum Counted {
    /// An account with a device, or one that is to get one.
    Account(AccountId),
    /// A name without a device, of which a code is required all the same.
    Decoy(DecoyName),
}

impl Counted {
    fn account(self) -> AccountId {
        match self {
            Self::Account(account) => account,
            Self::Decoy(_) => AccountId::NOBODY,
        }
    }

    pub(crate) fn throttle(self, store: &mut dyn Transaction, purpose: Purpose) -> Result<Throttle, Error> {
        Ok(match self {
            Self::Account(account) => store.throttle(account, purpose)?,
            Self::Decoy(name) => store.decoy_throttle(name, purpose)?,
        })
    }
}

impl Acts<'_> {
    /// May what this caller sends for an account with such failures be evaluated?
    pub(crate) fn check_tries(
        &self,
        store: &mut dyn Transaction,
        asked: &Asked,
        caller: &Caller,
        throttle: Throttle,
    ) -> Result<Result<(), Throttled>, Error> {
        let (now, policy) = (self.now(), self.policy);
        let of_account = throttle.check(now, policy.throttle);
        if caller.uid == 0 || of_account.is_err() {
            return Ok(of_account);
        }
        let of_caller = store.caller_failures(caller.uid)?.check(now, policy.caller);
        let is_owner = asked.uid() == Some(caller.uid);
        let of_others = if is_owner { Ok(()) } else { throttle.check_for_others(policy.throttle) };
        Ok(of_caller.and(of_others))
    }

    /// Counts what was wrong: on the account after the failures that it has, and on the calling user. The owner will be told.
    pub(crate) fn count_failure(
        &self,
        store: &mut dyn Transaction,
        counted: Counted,
        purpose: Purpose,
        subject: Subject<'_>,
    ) -> Result<(), Error> {
        let (now, uid) = (self.now(), subject.caller.uid);
        let throttle = counted.throttle(store, purpose)?.after_failure(now);
        match counted {
            Counted::Account(account) => store.set_throttle(account, purpose, throttle)?,
            Counted::Decoy(name) => store.set_decoy_throttle(name, purpose, throttle)?,
        }
        let told = Subject { serial: None, ..subject };
        self.notify(store, counted.account(), NoticeKind::CodesRefused, told)?;
        if uid != 0 {
            let budget = store.caller_failures(uid)?.after_failure(now, self.policy.caller);
            store.set_caller_failures(uid, budget)?;
        }
        Ok(())
    }
}
