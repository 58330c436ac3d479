use data_encoding::{BASE32_NOPAD, BASE64};
use keyfob_core::{AccountName, Code, SerialNumber, UnixTime};
use keyfob_store::{AccessKeyId, Account, Act, StoredAccessKey, StoredSession, Transaction};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::events::Subject;
use super::{Acts, Asked, sign_in};
use crate::access_key::{
    AccessKey, AccessKeySummary, SESSION_SECONDS, SecretAccessKey, SessionCredentials, SessionToken,
};
use crate::{AccessRefusal, Caller, Error, Refused, Unusable};

/// Most access keys of an account, but those of sessions (AWS's limit): one in use, and one to take its place.
const MAX_KEYS: usize = 2;

/// A new access key for an account, which is made known by it.
pub(crate) fn create(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    caller: &Caller,
) -> Result<AccessKey, Error> {
    let name = asked.canonical_name();
    let subject = Subject::of_account(Act::CreateAccessKey, name, caller);
    let account = may_create(acts, store, asked);
    let account = acts.note_refusal(store, subject, account)?;
    let key = add(acts, store, &account, None)?;
    acts.done(store, subject, None)?;
    Ok(key)
}

/// The account, made known, if it may have one more key.
fn may_create(acts: &Acts<'_>, store: &mut dyn Transaction, asked: &Asked) -> Result<Account, Error> {
    let Some(account) = asked.current(store)? else {
        return asked.make_known(store, acts.now());
    };
    if store.access_keys()?.iter().filter(|key| key.account == account.id).count() >= MAX_KEYS {
        return Err(Refused::AccessKeyLimit(account.name).into());
    }
    Ok(account)
}

/// All but those of sessions.
pub(crate) fn list(store: &mut dyn Transaction) -> Result<Vec<AccessKeySummary>, Error> {
    let keys = store.access_keys()?;
    keys.into_iter().map(|key| summarise(store, key)).collect()
}

/// One of them, or of a session.
pub(crate) fn show(store: &mut dyn Transaction, id: &AccessKeyId) -> Result<AccessKeySummary, Error> {
    let key = find(store, id)?;
    summarise(store, key)
}

/// Forgets one.
pub(crate) fn delete(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    id: &AccessKeyId,
    caller: &Caller,
) -> Result<(), Error> {
    let AccessKeySummary { account, .. } = show(store, id)?;
    store.remove_access_key(id)?;
    let subject = Subject::of_account(Act::DeleteAccessKey, &account, caller);
    acts.done(store, subject, None)
}

/// A session by a code of one device.
pub(crate) fn start_session(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    (serial, code): (&SerialNumber, &str),
    seconds: u32,
    caller: &Caller,
) -> Result<SessionCredentials, Error> {
    let code = Code::parse(code).map_err(|_| Refused::Malformed);
    let account = sign_in::with_device(acts, store, asked, serial, code, caller)?;
    let now = acts.now();
    store.remove_expired_access_keys(now)?;
    let token = random_token(acts)?;
    let seconds = seconds.clamp(*SESSION_SECONDS.start(), *SESSION_SECONDS.end());
    let expires = UnixTime(now.0.saturating_add(seconds.into()));
    let session = StoredSession { token: hash(&token), expires };
    let key = add(acts, store, &account, Some(session))?;
    Ok(SessionCredentials { key, token, expires })
}

/// The stored access key, or the refusal.
pub(crate) fn find(store: &mut dyn Transaction, id: &AccessKeyId) -> Result<StoredAccessKey, Error> {
    store.access_key(id)?.ok_or_else(|| Refused::from(AccessRefusal::UnknownAccessKey).into())
}

/// The SHA-256 of a token: what is stored of it.
pub(crate) fn hash(token: &SessionToken) -> [u8; 32] {
    Sha256::digest(token.reveal()).into()
}

/// The secret of a stored key that belongs to the account of that name.
pub(crate) fn secret(acts: &Acts<'_>, key: &StoredAccessKey, account: &AccountName) -> SecretAccessKey {
    let bytes = acts.key.secret_access_key(acts.store.store, key, account);
    SecretAccessKey::new(Zeroizing::new(BASE64.encode(&*bytes)))
}

fn add(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    account: &Account,
    session: Option<StoredSession>,
) -> Result<AccessKey, Error> {
    let prefix = if session.is_some() { AccessKeyId::OF_SESSION } else { AccessKeyId::KEPT };
    let id = random_id(acts, prefix)?;
    let key = StoredAccessKey { id, account: account.id, created: acts.now(), session };
    store.add_access_key(&key)?;
    Ok(AccessKey { secret: secret(acts, &key, &account.name), id: key.id })
}

fn random_id(acts: &Acts<'_>, prefix: &str) -> Result<AccessKeyId, Error> {
    let mut bytes = [0; 10];
    acts.surroundings.randomness.fill(&mut bytes)?;
    let id = format!("{prefix}{}", BASE32_NOPAD.encode(&bytes));
    Ok(id.parse().map_err(|_| Unusable::NoOutcome)?)
}

/// A new token.
pub(crate) fn random_token(acts: &Acts<'_>) -> Result<SessionToken, Error> {
    let mut bytes = Zeroizing::new([0; 32]);
    acts.surroundings.randomness.fill(&mut *bytes)?;
    Ok(SessionToken::new(BASE64.encode(&*bytes)))
}

fn summarise(store: &mut dyn Transaction, key: StoredAccessKey) -> Result<AccessKeySummary, Error> {
    let account = store.account_by_id(key.account)?.name;
    Ok(AccessKeySummary { id: key.id, account, created: key.created })
}
