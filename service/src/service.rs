//! One request: read it, find out who signed it, do it, write the answer.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Response};
use keyfob_authority::{Caller, Principal, Proof};
use tokio::sync::Semaphore;

use crate::actions::{Action, Call};
use crate::answer::{Answer, Api, Format, Outcome};
use crate::backend::Backend;
use crate::connections::Peer;
use crate::csrf::{self, Scheme};
use crate::error::Failure;
use crate::headers::Transport;
use crate::incoming::Incoming;
use crate::metrics::ActionName;
use crate::query::Query;
use crate::rate_limits::RateLimits;
use crate::repeats::{Names, Repeats};
use crate::sigv4::{Payload, signed_request};
use crate::turns::Turns;
use crate::{Now, cookie, form};

/// What answers requests.
pub struct Service {
    /// Does the acts.
    pub backend: Arc<dyn Backend>,
    /// Who may ask it when.
    pub turns: Turns,
    /// Who may try passwords when.
    pub rate_limits: RateLimits,
    /// What the time is.
    pub now: Now,
    /// One for the seed file that is being imported.
    pub imports: Arc<Semaphore>,
    repeats: Repeats,
    is_behind_proxy: bool,
}

/// A request with all that is needed to do it, on whichever thread.
struct Job {
    backend: Arc<dyn Backend>,
    proof: Proof,
    principal: Principal,
    query: Query,
    caller: Caller,
    format: Format,
    api: Api,
    action: &'static Action,
    request_id: String,
}

/// Answers a request.
pub async fn answer(State(service): State<Arc<Service>>, incoming: Incoming) -> Response<Body> {
    let format = Format::of(&incoming.parts.headers);
    let (request_id, remote) = (incoming.id.clone(), incoming.remote.clone());
    let (action, answer) = match service.job(incoming, format).await {
        Ok((job, names)) => (job.action.name, service.perform(job, names).await),
        Err((api, failure)) => ("", refuse(api, &failure, format, &request_id)),
    };
    let mut response = answer.into_response(&remote);
    response.extensions_mut().insert(ActionName(action));
    response
}

/// The answer to a request that is not done, which the log has too.
pub fn refuse(api: Api, failure: &Failure, format: Format, request_id: &str) -> Answer {
    tracing::info!(request_id, code = failure.code(), "refused");
    Answer::failed(api, failure, format, request_id)
}

impl Service {
    /// A service whose acts are done by `backend`.
    pub fn new(backend: impl Backend, now: Now, is_behind_proxy: bool) -> Self {
        Self {
            backend: Arc::new(backend),
            turns: Turns::default(),
            rate_limits: RateLimits::default(),
            now,
            imports: Arc::new(Semaphore::new(1)),
            repeats: Repeats::default(),
            is_behind_proxy,
        }
    }

    /// Who asks, as far as is known: the proxy has added the last address itself.
    pub fn remote(&self, headers: &HeaderMap, peer: Peer) -> String {
        let forwarded =
            headers.get_all("x-forwarded-for").iter().next_back().filter(|_| self.is_behind_proxy);
        let last = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next());
        last.map_or_else(|| peer.0.to_string(), |address| address.trim().to_owned())
    }

    /// How browsers reach it.
    pub fn scheme(&self, transport: Transport) -> Scheme {
        if self.is_behind_proxy || transport == Transport::Tls { Scheme::Https } else { Scheme::Http }
    }

    /// What shows who sent a request: a signature, or the cookie of a browser, of whom it is asked that a page of ours sends it.
    ///
    /// # Errors
    /// [`Failure`], where there is none, or none that could be good.
    pub fn proof(&self, parts: &Parts, payload: Payload<'_>, transport: Transport) -> Result<Proof, Failure> {
        let headers = &parts.headers;
        let cookie = cookie::read(headers);
        let has_cookie = !matches!(cookie, Ok(None));
        if headers.contains_key(AUTHORIZATION) && has_cookie {
            return Err(Failure::TwoProofs);
        }
        if headers.contains_key(AUTHORIZATION) || !has_cookie && !csrf::is_from_browser(headers) {
            return Ok(signed_request(parts, payload, (self.now)())?.into());
        }
        csrf::check_origin(headers, self.scheme(transport))?;
        cookie?.map(Proof::Session).ok_or(Failure::NotSignedIn)
    }

    /// Reads a request and finds out who sent it. Before that is known, nothing about its content is told.
    async fn job(
        &self,
        Incoming { id: request_id, remote, transport, parts, body }: Incoming,
        format: Format,
    ) -> Result<(Job, Option<Names>), (Api, Failure)> {
        let iam = |failure| (Api::Iam, failure);
        let body = form::read(body).await.map_err(iam)?;
        let proof = self.proof(&parts, Payload::Form(&body), transport).map_err(iam)?;
        let claimed = match &proof {
            Proof::Signature(signed) => Api::of_name(&signed.service),
            Proof::Session(_) => Api::Iam,
        };
        let principal = self.authenticate(proof.clone()).await.map_err(|failure| (claimed, failure))?;
        let query = form::parse(&parts.headers, &body).map_err(|error| (claimed, error.into()))?;
        let (api, action) = find(&query).map_err(|failure| (claimed, failure))?;
        let asks_for_token = !action.tells_csrf_token();
        check(&proof, api, asks_for_token.then_some(&parts.headers)).map_err(|failure| (api, failure))?;
        let names = names(&proof, &body);
        let (backend, caller) = (Arc::clone(&self.backend), Caller::service(Some(remote)));
        tracing::info!(request_id, action = action.name, user_name = %principal.account, "asked");
        Ok((Job { backend, proof, principal, query, caller, format, api, action, request_id }, names))
    }

    /// Who proves to have sent a request.
    ///
    /// # Errors
    /// [`Failure`], where it is no proof.
    pub async fn authenticate(&self, proof: Proof) -> Result<Principal, Failure> {
        let backend = Arc::clone(&self.backend);
        let ask = move || Ok(backend.on_behalf(proof.clone()).authenticate(&proof)?);
        self.turns.ask(ask).await?
    }

    async fn perform(&self, job: Job, names: Option<Names>) -> Answer {
        let (api, format, request_id) = (job.api, job.format, job.request_id.clone());
        let names = names.filter(|_| job.action.changes);
        let act = perform_in_turn(self.turns.clone(), job);
        let Some(names) = names else { return act.await };
        let answer = self.repeats.once(&names, (self.now)(), act).await;
        answer.unwrap_or_else(|| Answer::failed(api, &Failure::ServiceUnavailable, format, &request_id))
    }
}

async fn perform_in_turn(turns: Turns, job: Job) -> Answer {
    let (api, format, request_id) = (job.api, job.format, job.request_id.clone());
    let done = turns.ask(move || job.run()).await;
    done.unwrap_or_else(|failure| refuse(api, &failure, format, &request_id))
}

impl Job {
    fn run(&self) -> Answer {
        match self.outcome() {
            Ok(outcome) => Answer::done(self.api, self.action.name, &outcome, self.format, &self.request_id),
            Err(failure) => refuse(self.api, &failure, self.format, &self.request_id),
        }
    }

    fn outcome(&self) -> Result<Outcome, Failure> {
        let acts = self.backend.on_behalf(self.proof.clone());
        let Self { query, proof, principal, caller, format, .. } = self;
        self.action.run(&Call { query, acts: &*acts, proof, principal, caller, format: *format })
    }
}

/// Whether the proof is good for that API: a signature names it, and a page says, in `headers`, what only it has been told.
///
/// # Errors
/// [`Failure`], where it is not.
pub fn check(proof: &Proof, api: Api, headers: Option<&HeaderMap>) -> Result<(), Failure> {
    match (proof, headers) {
        (Proof::Signature(signed), _) if signed.service != api.name() => {
            Err(Failure::OtherService(api.name()))
        }
        (Proof::Session(token), Some(headers)) => csrf::check_token(headers, token),
        (Proof::Signature(_) | Proof::Session(_), _) => Ok(()),
    }
}

/// What a request is known by when it comes again. No client sends those of a browser again on its own.
fn names(proof: &Proof, body: &[u8]) -> Option<Names> {
    let Proof::Signature(signed) = proof else { return None };
    Some(Names::of(signed, body))
}

/// The action that is named, in that version of its API.
fn find(query: &Query) -> Result<(Api, &'static Action), Failure> {
    let name = query.get("Action").filter(|name| !name.is_empty()).ok_or(Failure::MissingAction)?;
    let version = query.get("Version").unwrap_or_default();
    let found = Api::of_version(version).and_then(|api| Some((api, Action::find(api, name)?)));
    let shown = |text: &str| keyfob_core::escape(&text.chars().take(64).collect::<String>());
    found.ok_or_else(|| Failure::InvalidAction { action: shown(name), version: shown(version) })
}

#[cfg(test)]
mod tests;
