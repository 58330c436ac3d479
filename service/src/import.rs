//! Seed files of browsers and of programs that sign: read whole within limits, told to the daemon, and answered line by line as it goes.

mod report;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response};
use axum::routing::post;
use http_body_util::BodyExt;
use http_body_util::channel::Channel;
use hyper::body::Frame;
use keyfob_authority::{AccessRefusal, Caller, Principal, Proof, Refused, Role};
use keyfob_tokens::{Format, MAX_BYTES, ReadError, read_at_most};
use sha2::{Digest, Sha256};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout_at};
use zeroize::Zeroizing;

use crate::answer::{self, Api};
use crate::backend::Backend;
use crate::error::Failure;
use crate::incoming::Incoming;
use crate::parameter;
use crate::query::Query;
use crate::service::{Service, check, refuse};
use crate::sigv4::{Payload, content_hash};

/// How long a seed file may take to come: one at a time comes, and others would wait.
const PATIENCE: Duration = Duration::from_secs(120);

/// Most devices of a file, which bounds the memory: the daemon takes fewer than that at once, however short they are.
const MAX_DEVICES: usize = 350_000;

/// Lines that wait to be sent; progress that finds no place is left out.
const LINES: usize = 16;

/// What is asked for by the query.
struct Options {
    dry_run: bool,
    skip_rejects: bool,
    format: Option<Format>,
}

/// A seed file that has come, and on whose behalf.
struct Import {
    content: Zeroizing<Vec<u8>>,
    options: Options,
    proof: Proof,
    caller: Caller,
    /// No other import begins before this one has ended.
    place: OwnedSemaphorePermit,
}

/// Where seed files are sent.
pub fn routes() -> Router<Arc<Service>> {
    Router::new().route("/import", post(answer))
}

async fn answer(State(service): State<Arc<Service>>, incoming: Incoming) -> Response<Body> {
    let (request_id, remote) = (incoming.id.clone(), incoming.remote.clone());
    match service.take_import(incoming).await {
        Ok(import) => service.answer_import(import, request_id),
        Err(failure) => {
            refuse(Api::Keyfob, &failure, answer::Format::Json, &request_id).into_response(&remote)
        }
    }
}

impl Service {
    /// Nothing of the file is read before it is known who sends it, and that no other is under way. What was signed is its hash.
    async fn take_import(&self, incoming: Incoming) -> Result<Import, Failure> {
        let Incoming { id: request_id, remote, transport, parts, body } = incoming;
        let proof = self.proof(&parts, Payload::SeedFile, transport)?;
        check(&proof, Api::Keyfob, Some(&parts.headers))?;
        let hash = match &proof {
            Proof::Signature(_) => Some(content_hash(&parts.headers)?),
            Proof::Session(_) => None,
        };
        let principal = self.authenticate(proof.clone()).await?;
        check_rights(&principal)?;
        let options = options(&parts)?;
        let place = Arc::clone(&self.imports).try_acquire_owned().map_err(|_| under_way())?;
        let (content, found) = read(body).await?;
        if hash.is_some_and(|signed| signed != found) {
            return Err(Failure::ContentHashMismatch);
        }
        tracing::info!(request_id, remote, user_name = %principal.account, dry_run = options.dry_run, "importing");
        Ok(Import { content, options, proof, caller: Caller::service(Some(remote)), place })
    }

    fn answer_import(&self, import: Import, request_id: String) -> Response<Body> {
        let (lines, body) = Channel::<Bytes>::new(LINES);
        let (turns, backend) = (self.turns.clone(), Arc::clone(&self.backend));
        tokio::spawn(async move {
            let lines = Arc::new(Mutex::new(lines));
            let progress = Arc::clone(&lines);
            let tell = move |line: Bytes| {
                if let Ok(mut lines) = progress.lock() {
                    // Whoever reads slowly is told less.
                    drop(lines.try_send(Frame::data(line)));
                }
            };
            let done = turns.ask(move || import.run(&*backend, &tell)).await;
            let last = done.and_then(|told| told).unwrap_or_else(|failure| {
                tracing::info!(request_id, code = failure.code(), "refused");
                report::failed(&failure, &request_id)
            });
            if let Some(mut lines) = Arc::into_inner(lines).and_then(|lines| lines.into_inner().ok()) {
                drop(lines.send_data(last).await);
            }
        });
        let mut response = Response::new(Body::new(body));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

impl Import {
    /// The last line. The file's content is wiped as soon as it has been read.
    fn run(self, backend: &dyn Backend, tell: &dyn Fn(Bytes)) -> Result<Bytes, Failure> {
        let Self { content, options, proof, caller, place } = self;
        let file = read_at_most(&content, options.format, MAX_DEVICES);
        drop(content);
        let file = file.map_err(|error| match error {
            ReadError::TooManyDevices(_) => Refused::ImportLimit.into(),
            other => Failure::InvalidInput(other.to_string()),
        })?;
        let told = report::import(&*backend.on_behalf(proof), file, &options, &caller, tell);
        drop(place);
        told
    }
}

/// The daemon says the same, but when the file has come.
fn check_rights(principal: &Principal) -> Result<(), Failure> {
    let refusal = match principal {
        Principal { role: Role::User, .. } => AccessRefusal::NotAllowed,
        Principal { with_code: false, needs_code: true, .. } => AccessRefusal::CodeRequired,
        _ => return Ok(()),
    };
    Err(Refused::Access(refusal).into())
}

fn under_way() -> Failure {
    let what = "Another seed file is being imported: try again when that is done.";
    Failure::EntityTemporarilyUnmodifiable(what.into())
}

fn options(parts: &Parts) -> Result<Options, Failure> {
    let query = Query::parse(parts.uri.query().unwrap_or_default().as_bytes())?;
    Ok(Options {
        dry_run: parameter::flag(&query, "DryRun")?,
        skip_rejects: parameter::flag(&query, "SkipRejects")?,
        format: parameter::seed_file_format(&query)?,
    })
}

/// The file and its SHA-256; in a buffer that is made as long as it gets, so that no copy of a secret is left behind.
async fn read(mut body: Body) -> Result<(Zeroizing<Vec<u8>>, [u8; 32]), Failure> {
    let length = body.size_hint().exact().ok_or(Failure::LengthRequired)?;
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if length > MAX_BYTES {
        return Err(Failure::SeedFileTooLarge);
    }
    let deadline = Instant::now() + PATIENCE;
    let (mut content, mut hash) = (Zeroizing::new(Vec::with_capacity(length)), Sha256::new());
    while content.len() < length {
        let frame = timeout_at(deadline, body.frame()).await.map_err(|_| Failure::BodyIncomplete)?;
        let Some(Ok(frame)) = frame else { return Err(Failure::BodyIncomplete) };
        let data = frame.into_data().map_err(|_| Failure::BodyIncomplete)?;
        if data.len() > length - content.len() {
            return Err(Failure::BodyIncomplete);
        }
        hash.update(&data);
        content.extend_from_slice(&data);
    }
    Ok((content, hash.finalize().into()))
}
