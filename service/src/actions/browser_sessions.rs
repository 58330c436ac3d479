use keyfob_authority::{BrowserSession, Proof, Role, SessionToken};
use serde::Serialize;

use super::Call;
use crate::answer::Outcome;
use crate::csrf;
use crate::error::Failure;
use crate::parameter;
use crate::time::rfc3339;

/// The session that the request belongs to.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GetSession {
    user_name: String,
    role: &'static str,
    with_code: bool,
    needs_code: bool,
    csrf_token: String,
    signed_in: String,
    idle_expiration: String,
    expiration: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListSessions {
    sessions: Vec<Session>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Session {
    #[serde(rename = "SessionId")]
    id: String,
    created: String,
    last_used: String,
    expiration: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote: Option<String>,
    with_code: bool,
    is_current: bool,
}

/// Shows the browser's session, and by that uses it.
pub fn get(call: &Call) -> Result<Outcome, Failure> {
    let token = token(call).ok_or(Failure::NotSignedIn)?;
    let session = call.acts.browser_session(token)?;
    call.result(&GetSession {
        user_name: call.principal.account.to_string(),
        role: role(call.principal.role),
        with_code: call.principal.with_code,
        needs_code: call.principal.needs_code,
        csrf_token: csrf::token(token),
        signed_in: rfc3339(session.created),
        idle_expiration: rfc3339(session.idle_expires),
        expiration: rfc3339(session.expires),
    })
}

const fn token<'a>(call: &Call<'a>) -> Option<&'a SessionToken> {
    match call.proof {
        Proof::Session(token) => Some(token),
        Proof::Signature(_) => None,
    }
}

const fn role(role: Role) -> &'static str {
    match role {
        Role::Root => "Root",
        Role::Administrator => "Administrator",
        Role::User => "User",
    }
}

/// Lists the browsers' sessions of a user.
pub fn list(call: &Call) -> Result<Outcome, Failure> {
    let user = call.user_or_caller()?;
    let current = token(call).map(|token| call.acts.browser_session(token)).transpose()?;
    let is_current = |session: &BrowserSession| current.as_ref().is_some_and(|own| own.id == session.id);
    let sessions = call.acts.browser_sessions(&user)?;
    let sessions = sessions.into_iter().map(|session| shown(is_current(&session), session)).collect();
    call.result(&ListSessions { sessions })
}

fn shown(is_current: bool, session: BrowserSession) -> Session {
    Session {
        id: session.id.to_string(),
        created: rfc3339(session.created),
        last_used: rfc3339(session.last_used),
        expiration: rfc3339(session.expires.min(session.idle_expires)),
        remote: session.remote,
        with_code: session.with_code,
        is_current,
    }
}

/// Ends a browser's session of a user.
pub fn end(call: &Call) -> Result<Outcome, Failure> {
    let (user, id) = (call.user_or_caller()?, parameter::session_id(call.query)?);
    call.acts.end_browser_session(&user, &id, call.caller)?;
    Ok(Outcome::NOTHING)
}
