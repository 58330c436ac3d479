//! Sign-in with a browser, step by step: the password, then a code where one is asked for. What is right, and what comes next, is the daemon's
//! to say; each step gives the browser another token.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use axum::routing::post;
use axum::{Extension, Router};
use keyfob_authority::{
    Begin, Caller, Error, Factor, Notice, NoticeKind, Refused, SessionSignedIn, SessionToken, StartedSession,
};
use keyfob_core::{AccountName, Code, Throttled};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::answer::{Answer, Api, Format};
use crate::backend::Backend;
use crate::error::Failure;
use crate::incoming::Incoming;
use crate::query::Query;
use crate::service::{Service, refuse};
use crate::time::rfc3339;
use crate::{cookie, csrf, form, parameter};

/// No account of any system has this name: it is asked for in place of a text that can't be one, and takes as long.
const NOBODY: &str = "-";

/// What a browser asks for.
#[derive(Clone, Copy, Debug)]
enum Step {
    Password,
    Code,
    Resync,
    SignOut,
}

/// What is told, and the browser's token from now on.
struct Taken {
    told: Told,
    token: Option<SessionToken>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
#[serde(untagged)]
enum Told {
    #[serde(rename_all = "PascalCase")]
    Next {
        next: &'static str,
    },
    #[serde(rename_all = "PascalCase")]
    Code {
        next: &'static str,
        digits: Vec<u8>,
        offer_resync: bool,
    },
    #[serde(rename_all = "PascalCase")]
    Wait {
        next: &'static str,
        retry_at: Option<String>,
    },
    #[serde(rename_all = "PascalCase")]
    SignedIn {
        next: &'static str,
        recovery_codes_left: Option<usize>,
        notices: Vec<ShownNotice>,
    },
    #[serde(rename_all = "PascalCase")]
    Resynchronised {
        next: &'static str,
        serial_number: String,
    },
    Nothing {},
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownNotice {
    kind: &'static str,
    time: String,
    serial_number: Option<String>,
    door: String,
    remote: Option<String>,
    count: u32,
}

/// Where the steps are taken.
pub fn routes() -> Router<Arc<Service>> {
    let step = |step| post(answer).layer(Extension(step));
    Router::new()
        .route("/sign-in", step(Step::Password))
        .route("/sign-in/code", step(Step::Code))
        .route("/sign-in/resync", step(Step::Resync))
        .route("/sign-out", step(Step::SignOut))
}

async fn answer(
    State(service): State<Arc<Service>>,
    Extension(step): Extension<Step>,
    incoming: Incoming,
) -> Response<Body> {
    let (request_id, remote) = (incoming.id.clone(), incoming.remote.clone());
    tracing::info!(request_id, remote, ?step, "asked");
    let taken = service.take(step, incoming).await.and_then(|taken| taken.answer(&request_id));
    taken.unwrap_or_else(|failure| failed(&failure, &request_id)).into_response(&remote)
}

/// Only a step takes a cookie away that is none: where actions are asked for, another page of the same browser may be between password and
/// code.
fn failed(failure: &Failure, request_id: &str) -> Answer {
    let answer = refuse(Api::Keyfob, failure, Format::Json, request_id);
    match failure.as_aws() {
        Failure::NotSignedIn => answer.with_cookie(cookie::REMOVAL),
        _ => answer,
    }
}

impl Service {
    async fn take(
        &self,
        step: Step,
        Incoming { remote, transport, parts, body, .. }: Incoming,
    ) -> Result<Taken, Failure> {
        let headers = &parts.headers;
        csrf::check_origin(headers, self.scheme(transport))?;
        let body = form::read(body).await?;
        let query = form::parse(headers, &body)?;
        let cookie = cookie::read(headers);
        let session = |cookie: Result<Option<_>, _>| cookie?.ok_or(Failure::NotSignedIn);
        let (backend, caller) = (Arc::clone(&self.backend), Caller::service(Some(remote.clone())));
        match step {
            Step::Password => self.check_password(&query, cookie.unwrap_or_default(), &remote).await,
            Step::Code => {
                let (token, code) = (session(cookie)?, parameter::code_or_recovery_code(&query)?);
                self.turns.ask(move || check_code(&*backend, &token, &code, &caller)).await?
            }
            Step::Resync => {
                let (token, codes) = (session(cookie)?, parameter::codes(&query)?);
                self.turns.ask(move || resynchronise(&*backend, &token, &codes, &caller)).await?
            }
            Step::SignOut => {
                let token = session(cookie)?;
                csrf::check_token(headers, &token)?;
                self.turns.ask(move || sign_out(&*backend, &token)).await?
            }
        }
    }

    /// Whether there is such an account, has a device or is written in a way that no name is, is not to be seen before the password was
    /// right: all go the same way.
    async fn check_password(
        &self,
        query: &Query,
        old: Option<SessionToken>,
        remote: &str,
    ) -> Result<Taken, Failure> {
        let (name, password) = parameter::name_and_password(query)?;
        let started = self.rate_limits.begin(remote, name, (self.now)());
        let started = started.map_err(|wait| Failure::TooManyRequests(wait.0))?;
        let account = name.parse().or_else(|_| NOBODY.parse::<AccountName>());
        let account = account.map_err(|error| Failure::internal(&error))?;
        let (backend, caller) = (Arc::clone(&self.backend), Caller::service(Some(remote.to_owned())));
        let check = move || begin(&*backend, &account, &password, old.as_ref(), &caller);
        let checked = self.turns.check_password(started.has_failed, check).await.and_then(|checked| checked);
        match &checked {
            Ok(_) => self.rate_limits.succeeded(&started),
            Err(failure) if failure.is_server_error() => self.rate_limits.undo(&started),
            Err(_) => {}
        }
        checked
    }
}

/// The session that the browser had before is ended: nobody would sign out of it any more.
fn begin(
    backend: &dyn Backend,
    account: &AccountName,
    password: &str,
    old: Option<&SessionToken>,
    caller: &Caller,
) -> Result<Taken, Failure> {
    let StartedSession { token, next } = backend.sign_in_with_password(account, password, caller)?;
    if let Some(old) = old {
        sign_out(backend, old)?;
    }
    let told = match next {
        Begin::NotRequired => Told::Next { next: "Done" },
        Begin::Ask(ask) => Told::Code {
            next: "Code",
            digits: ask.digits.iter().map(|digits| digits.get()).collect(),
            offer_resync: ask.offer_resync,
        },
        Begin::Throttled(Throttled::Until(time)) => {
            Told::Wait { next: "Wait", retry_at: Some(rfc3339(time)) }
        }
        Begin::Throttled(Throttled::Locked) => Told::Wait { next: "Wait", retry_at: None },
    };
    Ok(Taken { told, token })
}

fn check_code(
    backend: &dyn Backend,
    token: &SessionToken,
    code: &str,
    caller: &Caller,
) -> Result<Taken, Failure> {
    let SessionSignedIn { token, signed_in } =
        backend.for_browser().answer_in_session(token, code, caller)?;
    let recovery_codes_left = match signed_in.factor {
        Factor::Device(_) => None,
        Factor::RecoveryCode { left } => Some(left),
    };
    let notices = signed_in.notices.into_iter().map(shown).collect();
    Ok(Taken { told: Told::SignedIn { next: "Done", recovery_codes_left, notices }, token: Some(token) })
}

fn shown(notice: Notice) -> ShownNotice {
    ShownNotice {
        kind: kind(notice.kind),
        time: rfc3339(notice.time),
        serial_number: notice.serial.map(|serial| serial.to_string()),
        door: notice.door,
        remote: notice.remote,
        count: notice.count,
    }
}

/// As pages know it.
const fn kind(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Associated => "device-associated",
        NoticeKind::Deactivated => "device-deactivated",
        NoticeKind::Resynchronised => "device-resynchronised",
        NoticeKind::RecoveryCodeUsed => "recovery-code-used",
        NoticeKind::CodesRefused => "failed-tries",
    }
}

fn resynchronise(
    backend: &dyn Backend,
    token: &SessionToken,
    [code1, code2]: &[Code; 2],
    caller: &Caller,
) -> Result<Taken, Failure> {
    let done = backend.for_browser().resynchronise_in_session(token, code1, code2, caller)?;
    let told = Told::Resynchronised { next: "Code", serial_number: done.serial.to_string() };
    Ok(Taken { told, token: Some(done.token) })
}

/// Whoever is signed out already has got what was asked for.
fn sign_out(backend: &dyn Backend, token: &SessionToken) -> Result<Taken, Failure> {
    use keyfob_authority::AccessRefusal::NotSignedIn;

    match backend.for_browser().sign_out(token) {
        Ok(()) | Err(Error::Refused(Refused::Access(NotSignedIn))) => {
            Ok(Taken { told: Told::Nothing {}, token: None })
        }
        Err(error) => Err(error.into()),
    }
}

impl Taken {
    fn answer(self, request_id: &str) -> Result<Answer, Failure> {
        let body = serde_json::to_string(&self.told).map_err(|error| Failure::internal(&error))?;
        let answer = Answer::json(Zeroizing::new(body), request_id);
        let cookie = self.token.as_ref().map_or(Ok(cookie::REMOVAL), cookie::set)?;
        Ok(answer.with_cookie(cookie))
    }
}
