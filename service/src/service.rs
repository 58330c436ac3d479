//! One request: read it, find out who signed it, do it, write the answer.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Response};
use http_body_util::LengthLimitError;
use keyfob_authority::{Caller, Principal, Proof};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::actions::{Action, Call};
use crate::answer::{Answer, Api, Format, Outcome};
use crate::backend::Backend;
use crate::connections::Peer;
use crate::error::Failure;
use crate::query::{Query, QueryError};
use crate::repeats::{Names, Repeats};
use crate::sigv4::signed_request;
use crate::{MAX_ACTS, Now};

/// Most bytes of a body.
const MAX_BODY: usize = 64 * 1024;

/// How long a body may take to come.
const BODY_PATIENCE: Duration = Duration::from_secs(10);

/// How long a request waits for its turn.
const TURN_PATIENCE: Duration = Duration::from_secs(10);

/// What answers requests.
pub struct Service {
    backend: Arc<dyn Backend>,
    repeats: Repeats,
    /// One for each request that may ask the daemon.
    turns: Arc<Semaphore>,
    now: Now,
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
pub async fn answer(
    State(service): State<Arc<Service>>,
    Extension(peer): Extension<Peer>,
    request: Request,
) -> Response<Body> {
    let request_id = Uuid::new_v4().to_string();
    let format = Format::of(request.headers());
    let (parts, body) = request.into_parts();
    let remote = service.remote(&parts.headers, peer);
    let answer = match service.job(&parts, body, remote.clone(), (format, &request_id)).await {
        Ok((job, names)) => service.perform(job, &names).await,
        Err((api, failure)) => refuse(api, &failure, format, &request_id),
    };
    tracing::info!(request_id, remote, status = answer.status().as_u16(), bytes = answer.len(), "answered");
    answer.into_response()
}

/// The answer to a request that is not done, which the log has too.
fn refuse(api: Api, failure: &Failure, format: Format, request_id: &str) -> Answer {
    tracing::info!(request_id, code = failure.code(), "refused");
    Answer::failed(api, failure, format, request_id)
}

impl Service {
    /// A service whose acts are done by `backend`.
    pub fn new(backend: impl Backend, now: Now, is_behind_proxy: bool) -> Self {
        let turns = Arc::new(Semaphore::new(MAX_ACTS));
        Self { backend: Arc::new(backend), repeats: Repeats::default(), turns, now, is_behind_proxy }
    }

    /// Who asks, as far as is known: the proxy has added the last address itself.
    fn remote(&self, headers: &HeaderMap, peer: Peer) -> String {
        let forwarded =
            headers.get_all("x-forwarded-for").iter().next_back().filter(|_| self.is_behind_proxy);
        let last = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next());
        last.map_or_else(|| peer.0.to_string(), |address| address.trim().to_owned())
    }

    /// Reads a request and finds out who signed it. Before that is known, nothing about its content is told.
    async fn job(
        &self,
        parts: &Parts,
        body: Body,
        remote: String,
        (format, request_id): (Format, &str),
    ) -> Result<(Job, Names), (Api, Failure)> {
        let iam = |failure| (Api::Iam, failure);
        let body = read(body).await.map_err(iam)?;
        let signed = signed_request(parts, &body, (self.now)()).map_err(|error| iam(error.into()))?;
        let signed_api = Api::of_name(&signed.service);
        let principal = self
            .authenticate(Proof::Signature(signed.clone()))
            .await
            .map_err(|failure| (signed_api, failure))?;
        let query = parse(parts, &body).map_err(|error| (signed_api, error.into()))?;
        let (api, action) = find(&query).map_err(|failure| (signed_api, failure))?;
        if signed.service != api.name() {
            return Err((api, Failure::OtherService(api.name())));
        }
        let invocation = parts.headers.get("amz-sdk-invocation-id").map(HeaderValue::as_bytes);
        let names = Names::of(&signed, invocation, &body);
        let (backend, caller) = (Arc::clone(&self.backend), Caller::service(Some(remote)));
        let request_id = request_id.to_owned();
        tracing::info!(request_id, action = action.name, user_name = %principal.account, "asked");
        let proof = Proof::Signature(signed);
        Ok((Job { backend, proof, principal, query, caller, format, api, action, request_id }, names))
    }

    async fn authenticate(&self, proof: Proof) -> Result<Principal, Failure> {
        let backend = Arc::clone(&self.backend);
        let ask = move || Ok(backend.on_behalf(proof.clone()).authenticate(&proof)?);
        in_turn(Arc::clone(&self.turns), ask).await?
    }

    async fn perform(&self, job: Job, names: &Names) -> Answer {
        let (api, format, request_id) = (job.api, job.format, job.request_id.clone());
        let changes = job.action.changes;
        let act = perform_in_turn(Arc::clone(&self.turns), job);
        if !changes {
            return act.await;
        }
        let answer = self.repeats.once(names, (self.now)(), act).await;
        answer.unwrap_or_else(|| Answer::failed(api, &Failure::ServiceUnavailable, format, &request_id))
    }
}

async fn perform_in_turn(turns: Arc<Semaphore>, job: Job) -> Answer {
    let (api, format, request_id) = (job.api, job.format, job.request_id.clone());
    let done = in_turn(turns, move || job.run()).await;
    done.unwrap_or_else(|failure| refuse(api, &failure, format, &request_id))
}

/// Asks the daemon, on a thread that may wait.
async fn in_turn<T: Send + 'static>(
    turns: Arc<Semaphore>,
    ask: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let turn = timeout(TURN_PATIENCE, turns.acquire_owned()).await;
    let Ok(Ok(turn)) = turn else { return Err(Failure::ServiceUnavailable) };
    let asked = tokio::task::spawn_blocking(move || {
        let answer = ask();
        drop(turn);
        answer
    });
    asked.await.map_err(|error| Failure::internal(&error))
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

/// The body, if it comes in time and is not too long. It may hold codes, and wipes itself.
async fn read(body: Body) -> Result<Zeroizing<Vec<u8>>, Failure> {
    match timeout(BODY_PATIENCE, to_bytes(body, MAX_BODY)).await {
        Ok(Ok(bytes)) => Ok(Zeroizing::new(bytes.into())),
        Ok(Err(error)) if is_too_long(&error) => Err(Failure::BodyTooLarge),
        Ok(Err(_)) | Err(_) => Err(Failure::BodyIncomplete),
    }
}

fn is_too_long(error: &axum::Error) -> bool {
    std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<LengthLimitError>)
}

fn parse(parts: &Parts, body: &[u8]) -> Result<Query, QueryError> {
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(QueryError::OtherType);
    }
    Query::parse(body)
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
