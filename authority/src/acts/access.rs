use keyfob_store::{Account, AccountId, Origin, StoredAccessKey, Transaction};

use super::events::Subject;
use super::{Acts, Asked, access_keys};
use crate::access::{self, Whose};
use crate::{About, AccessRefusal, Caller, Error, Operation, Principal, Refused, SignedRequest, signature};

/// Who signed a request, as the store knows it. `asked` is the account that the access key belongs to.
pub(crate) fn authenticate(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    signed: &SignedRequest,
) -> Result<(Account, Principal), Error> {
    let key = access_keys::find(store, &signed.key)?;
    let account = store.account_by_id(key.account)?;
    let secret = access_keys::secret(acts, &key, &account.name);
    signature::verify(signed, &secret, acts.now()).map_err(Refused::from)?;
    check_session(acts, &key, signed).map_err(Refused::from)?;
    check_account(store, asked, &account)?;
    let has_device = store.device_count(account.id)? > 0;
    let principal = Principal {
        account: account.name.clone(),
        uid: asked.uid(),
        role: asked.role(acts.policy),
        with_code: key.session.is_some(),
        needs_code: has_device && acts.policy.require_mfa_for_writes,
    };
    Ok((account, principal))
}

/// May the caller who signed it do that? A change that is refused is noted.
pub(crate) fn authorise(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    (account, principal): (&Account, &Principal),
    operation: Operation,
    (about, asked): (About<'_>, Option<&Asked>),
    caller: &Caller,
) -> Result<(), Error> {
    let whose = whose(store, (account, principal), about, asked)?;
    let allowed = access::check(principal, whose, operation).map_err(|refused| Refused::from(refused).into());
    let Operation::Change(act) = operation else { return allowed };
    let serial = if let About::Device(serial) = about { Some(serial) } else { None };
    let account = Some(asked.map_or(&principal.account, Asked::canonical_name));
    acts.note_refusal(store, Subject { act, account, serial, caller }, allowed)
}

/// A key that is kept has no token, and one of a session its own, for as long as it lasts.
fn check_session(
    acts: &Acts<'_>,
    key: &StoredAccessKey,
    signed: &SignedRequest,
) -> Result<(), AccessRefusal> {
    match (&key.session, &signed.token) {
        (None, None) => Ok(()),
        (Some(session), Some(token))
            if access_keys::hash(token) == session.token && acts.now() < session.expires =>
        {
            Ok(())
        }
        (Some(_), _) => Err(AccessRefusal::ExpiredSession),
        (None, Some(_)) => Err(AccessRefusal::UnknownAccessKey),
    }
}

/// An access key goes with its account.
fn check_account(store: &mut dyn Transaction, asked: &Asked, account: &Account) -> Result<(), Error> {
    match asked.current(store) {
        Ok(Some(current)) if current.id == account.id => Ok(()),
        Ok(_) | Err(Error::Refused(Refused::UnknownAccount(_))) => {
            Err(Refused::from(AccessRefusal::UnknownAccessKey).into())
        }
        Err(error) => Err(error),
    }
}

fn whose(
    store: &mut dyn Transaction,
    (account, principal): (&Account, &Principal),
    about: About<'_>,
    asked: Option<&Asked>,
) -> Result<Whose, Error> {
    Ok(match (about, asked) {
        (About::Account(_), Some(asked)) if asked.uid() == Some(0) => Whose::Root,
        (About::Account(_), Some(asked)) if *asked.canonical_name() == principal.account => Whose::Own,
        (About::Device(serial), _) => match store.device(serial)? {
            Some(device) => {
                whose_device(store, account, device.association.map(|of| of.account), device.origin)?
            }
            None => Whose::Others,
        },
        (About::New, _) => Whose::Own,
        (About::Account(_) | About::All, _) => Whose::Others,
    })
}

/// One that nobody has belongs to whoever created it.
fn whose_device(
    store: &mut dyn Transaction,
    account: &Account,
    associated: Option<AccountId>,
    origin: Origin,
) -> Result<Whose, Error> {
    let owner = match (associated, origin) {
        (Some(owner), _) => owner,
        (None, Origin::Software { creator: Some(creator) }) => creator,
        (None, _) => return Ok(Whose::Others),
    };
    Ok(match associated {
        Some(owner) if store.account_by_id(owner)?.uid == Some(0) => Whose::Root,
        _ if owner == account.id => Whose::Own,
        _ => Whose::Others,
    })
}
