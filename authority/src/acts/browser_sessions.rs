//! Sign-in with a browser: the password was right, then a code where the account has a device; and the sessions that come of it. Each step
//! gives the browser another token.

use data_encoding::BASE32_NOPAD;
use keyfob_core::{Code, UnixTime};
use keyfob_store::{Account, Act, Purpose, SessionId, Stage, StoredBrowserSession, Transaction};

use super::access_keys::{hash, random_token};
use super::events::{self, Subject};
use super::{Acts, Asked, association, sign_in};
use crate::{
    AccessRefusal, Begin, BrowserSession, Caller, Error, Refused, Resynchronised, SessionSignedIn,
    SessionToken, StartedSession, Unusable,
};

/// How long after the password the code may come.
const CODE_SECONDS: u64 = 10 * 60;

/// A session's use is noted once in this share of its idle time: it ends that much early at most, and reading seldom costs a flush.
const NOTED_EVERY: u64 = 60;

/// Starts the session of somebody whose password was right. A code is asked for where the account has a device: whom the policy requires
/// one of and who has none signs in without, to associate one.
pub(crate) fn start(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    caller: &Caller,
) -> Result<StartedSession, Error> {
    let name = asked.canonical_name();
    let subject = Subject::of_account(Act::SignIn, name, caller);
    let current = asked.current(store);
    let account = match acts.note_refusal(store, subject, current)? {
        Some(account) => account,
        None => store.add_account(name, asked.uid(), acts.now())?,
    };
    store.remove_expired_browser_sessions(acts.now())?;
    if store.device_count(account.id)? == 0 {
        acts.done(store, subject, Some("password"))?;
        let token = Some(add(acts, store, &account, Stage::WithoutCode, caller)?);
        return Ok(StartedSession { token, next: Begin::NotRequired });
    }
    let next = sign_in::begin(acts, store, asked, caller)?.next;
    let token = match next {
        Begin::Ask(_) => Some(add(acts, store, &account, Stage::Password, caller)?),
        Begin::Throttled(_) => None,
        Begin::NotRequired => return Err(Unusable::NoOutcome.into()),
    };
    Ok(StartedSession { token, next })
}

/// Ends a sign-in: `answer` is a code or a recovery code.
pub(crate) fn answer(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    (token, answer): (&SessionToken, &str),
    caller: &Caller,
) -> Result<SessionSignedIn, Error> {
    let session = waiting_for_code(acts, store, asked, token)?;
    let signed_in = match sign_in::answer(acts, store, asked, answer, caller) {
        Err(Error::Refused(Refused::WrongCode)) => return Err(wrong_code(store, &session)?.into()),
        answered => answered?,
    };
    let now = acts.now();
    let signed_in_until = now.after(acts.policy.session_seconds);
    let session =
        StoredBrowserSession { stage: Stage::WithCode, created: now, expires: signed_in_until, ..session };
    Ok(SessionSignedIn { token: rotate(acts, store, session)?, signed_in })
}

/// How a wrong code is refused, which has been counted.
fn wrong_code(store: &mut dyn Transaction, session: &StoredBrowserSession) -> Result<Refused, Error> {
    let throttle = store.throttle(session.account, Purpose::SignIn)?;
    Ok(if sign_in::offers_resync(throttle) { Refused::WrongCodes } else { Refused::WrongCode })
}

/// Finds the clock or counter of one of the account's devices again, in the middle of a sign-in.
pub(crate) fn resynchronise(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    (token, code1, code2): (&SessionToken, &Code, &Code),
    caller: &Caller,
) -> Result<Resynchronised, Error> {
    let session = waiting_for_code(acts, store, asked, token)?;
    let serial = association::resynchronise_at_sign_in(acts, store, asked, code1, code2, caller)?;
    Ok(Resynchronised { token: rotate(acts, store, session)?, serial })
}

/// The session of this token, if somebody is signed in; its use is noted.
pub(crate) fn find_signed_in(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    token: &SessionToken,
) -> Result<StoredBrowserSession, Error> {
    let mut session = find(store, token)?;
    let now = acts.now();
    if session.stage == Stage::Password || now >= ends(acts, &session) {
        return Err(not_signed_in());
    }
    if now.0.saturating_sub(session.last_used.0) >= acts.policy.session_idle_seconds / NOTED_EVERY {
        session.last_used = now;
        store.set_browser_session(&session)?;
    }
    Ok(session)
}

/// The session of this token, in whatever state it is.
pub(crate) fn find(store: &mut dyn Transaction, token: &SessionToken) -> Result<StoredBrowserSession, Error> {
    store.browser_session(&hash(token))?.ok_or_else(not_signed_in)
}

/// What its owner sees of it.
pub(crate) fn show(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    token: &SessionToken,
) -> Result<BrowserSession, Error> {
    let session = find_signed_in(acts, store, token)?;
    Ok(summarise(acts, session))
}

/// The sessions of an account that are signed in, oldest first.
pub(crate) fn list(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
) -> Result<Vec<BrowserSession>, Error> {
    let Some(account) = asked.stored(store)? else { return Err(asked.unknown().into()) };
    let now = acts.now();
    let sessions = store.browser_sessions(account.id)?.into_iter();
    let signed_in = sessions.filter(|session| session.stage != Stage::Password && now < ends(acts, session));
    Ok(signed_in.map(|session| summarise(acts, session)).collect())
}

/// Ends a session of an account's.
pub(crate) fn end(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    (asked, id): (&Asked, &SessionId),
    caller: &Caller,
) -> Result<(), Error> {
    let account = asked.stored(store)?;
    let session = store.browser_session_by_id(id)?;
    let Some((account, session)) = account.zip(session).filter(|(of, session)| session.account == of.id)
    else {
        return Err(Refused::UnknownSession.into());
    };
    store.remove_browser_session(&session.id)?;
    let subject = Subject::of_account(Act::EndSession, &account.name, caller);
    acts.done(store, subject, None)
}

/// Ends the session of this token, in whatever state it is (sign-out).
pub(crate) fn sign_out(store: &mut dyn Transaction, token: &SessionToken) -> Result<(), Error> {
    let session = find(store, token)?;
    Ok(store.remove_browser_session(&session.id)?)
}

/// Whether its sign-in was ended by a code.
pub(crate) fn is_with_code(session: &StoredBrowserSession) -> bool {
    session.stage == Stage::WithCode
}

fn waiting_for_code(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    token: &SessionToken,
) -> Result<StoredBrowserSession, Error> {
    let session = find(store, token)?;
    let account = asked.current(store)?;
    let is_of_account = account.is_some_and(|account| account.id == session.account);
    if session.stage == Stage::Password && is_of_account && acts.now() < session.expires {
        Ok(session)
    } else {
        Err(not_signed_in())
    }
}

fn add(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    account: &Account,
    stage: Stage,
    caller: &Caller,
) -> Result<SessionToken, Error> {
    let now = acts.now();
    let seconds = if stage == Stage::Password { CODE_SECONDS } else { acts.policy.session_seconds };
    let session = StoredBrowserSession {
        id: random_id(acts)?,
        token: [0; 32],
        account: account.id,
        stage,
        created: now,
        last_used: now,
        expires: now.after(seconds),
        remote: events::remote(caller),
    };
    rotate(acts, store, session)
}

/// Stores it under a new token.
fn rotate(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    session: StoredBrowserSession,
) -> Result<SessionToken, Error> {
    let token = random_token(acts)?;
    let session = StoredBrowserSession { token: hash(&token), last_used: acts.now(), ..session };
    store.set_browser_session(&session)?;
    Ok(token)
}

fn random_id(acts: &Acts<'_>) -> Result<SessionId, Error> {
    let mut bytes = [0; 16];
    acts.surroundings.randomness.fill(&mut bytes)?;
    Ok(BASE32_NOPAD.encode(&bytes).parse().map_err(|_| Unusable::NoOutcome)?)
}

fn ends(acts: &Acts<'_>, session: &StoredBrowserSession) -> UnixTime {
    session.expires.min(idle_ends(acts, session))
}

fn idle_ends(acts: &Acts<'_>, session: &StoredBrowserSession) -> UnixTime {
    session.last_used.after(acts.policy.session_idle_seconds)
}

fn summarise(acts: &Acts<'_>, session: StoredBrowserSession) -> BrowserSession {
    BrowserSession {
        with_code: is_with_code(&session),
        idle_expires: idle_ends(acts, &session),
        id: session.id,
        created: session.created,
        last_used: session.last_used,
        expires: session.expires,
        remote: session.remote,
    }
}

fn not_signed_in() -> Error {
    Refused::from(AccessRefusal::NotSignedIn).into()
}
