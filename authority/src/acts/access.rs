use keyfob_core::AccountName;
use keyfob_store::{Account, AccountId, Origin, StoredAccessKey, Transaction};

use super::events::Subject;
use super::{Acts, Asked, access_keys, browser_sessions};
use crate::access::{self, Whose};
use crate::{
    About, AccessRefusal, Caller, Error, Operation, Principal, Proof, Refused, SignedRequest, signature,
};

/// Whose a proof claims to be.
pub(crate) fn claimed_account(store: &mut dyn Transaction, proof: &Proof) -> Result<AccountName, Error> {
    let account = match proof {
        Proof::Signature(signed) => access_keys::find(store, &signed.key)?.account,
        Proof::Session(token) => browser_sessions::find(store, token)?.account,
    };
    Ok(store.account_by_id(account)?.name)
}

/// Who proves to have sent a request, as the store knows it. `asked` is the account whose the proof claims to be.
pub(crate) fn authenticate(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    proof: &Proof,
) -> Result<(Account, Principal), Error> {
    let (account, with_code, refusal) = match proof {
        Proof::Signature(signed) => {
            let (account, is_session) = signer(acts, store, signed)?;
            (account, is_session, AccessRefusal::UnknownAccessKey)
        }
        Proof::Session(token) => {
            let session = browser_sessions::find_signed_in(acts, store, token)?;
            let with_code = browser_sessions::is_with_code(&session);
            (store.account_by_id(session.account)?, with_code, AccessRefusal::NotSignedIn)
        }
    };
    check_account(store, asked, &account, refusal)?;
    let has_device = store.device_count(account.id)? > 0;
    let principal = Principal {
        account: account.name.clone(),
        uid: asked.uid(),
        role: asked.role(acts.policy),
        with_code,
        needs_code: has_device && acts.policy.require_mfa_for_writes,
        in_browser: matches!(proof, Proof::Session(_)),
    };
    Ok((account, principal))
}

/// The account whose access key signed a request, and whether the key is one of a session, which began with a code.
fn signer(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    signed: &SignedRequest,
) -> Result<(Account, bool), Error> {
    let key = access_keys::find(store, &signed.key)?;
    let account = store.account_by_id(key.account)?;
    let secret = access_keys::secret(acts, &key, &account.name);
    signature::verify(signed, &secret, acts.now()).map_err(Refused::from)?;
    check_session(acts, &key, signed).map_err(Refused::from)?;
    Ok((account, key.session.is_some()))
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

/// Access keys and sessions go with their account.
fn check_account(
    store: &mut dyn Transaction,
    asked: &Asked,
    account: &Account,
    otherwise: AccessRefusal,
) -> Result<(), Error> {
    match asked.current(store) {
        Ok(Some(current)) if current.id == account.id => Ok(()),
        Ok(_) | Err(Error::Refused(Refused::UnknownAccount(_))) => Err(Refused::from(otherwise).into()),
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
