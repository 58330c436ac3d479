//! What is counted, for Prometheus: how many requests of which kind, how they ended and how long they took. No label tells who asked, for
//! whom, or about which device.

use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{Next, map_response_with_state};
use axum::response::Response;
use axum::routing::get;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use crate::headers::{self, Transport};

/// The form in which they are told.
const KIND: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The action that a response answers; it travels with the response to where it is counted.
#[derive(Clone, Copy, Debug)]
pub struct ActionName(pub &'static str);

/// The error that a response tells; it travels with the response to where it is counted.
#[derive(Clone, Copy, Debug)]
pub struct ErrorCode(pub &'static str);

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Kind {
    /// Where it was sent: one of those that are served, or `page`.
    path: String,
    action: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Ended {
    path: String,
    action: &'static str,
    status: u16,
    code: &'static str,
}

type Durations = Family<Kind, Histogram, fn() -> Histogram>;

/// The counters.
pub struct Metrics {
    registry: Registry,
    requests: Family<Ended, Counter>,
    durations: Durations,
    in_flight: Gauge,
    connections: Gauge,
    acts: Gauge,
    daemon_up: Gauge,
    daemon: PathBuf,
}

/// What is looked at when somebody asks.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// How many connections are open.
    pub connections: usize,
    /// How many requests wait for the daemon's answer.
    pub acts: usize,
}

impl Metrics {
    /// None yet. `daemon` is its socket.
    pub fn new(daemon: PathBuf) -> Self {
        let mut registry = Registry::with_prefix("keyfob");
        let durations: Durations =
            Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.001, 2.0, 15)));
        let requests = Family::<Ended, Counter>::default();
        let [in_flight, connections, acts, daemon_up] = [(); 4].map(|()| Gauge::default());
        registry.register("requests", "Requests that were answered", requests.clone());
        registry.register("request_duration_seconds", "How long answers took", durations.clone());
        registry.register("requests_in_flight", "Requests that are being answered", in_flight.clone());
        registry.register("connections", "Connections that are open", connections.clone());
        registry.register("acts_in_flight", "Acts that the daemon was asked for", acts.clone());
        registry.register("daemon_up", "Whether the daemon takes connections", daemon_up.clone());
        Self { registry, requests, durations, in_flight, connections, acts, daemon_up, daemon }
    }

    /// All of them, as text.
    fn tell(&self, now: Now) -> Result<String, std::fmt::Error> {
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        self.connections.set(number(now.connections));
        self.acts.set(number(now.acts));
        self.daemon_up.set(UnixStream::connect(&self.daemon).is_ok().into());
        let mut told = String::new();
        text::encode(&mut told, &self.registry)?;
        Ok(told)
    }

    fn note(&self, path: String, response: &Response, seconds: f64) {
        let extensions = response.extensions();
        let action = extensions.get::<ActionName>().map_or("", |action| action.0);
        let code = extensions.get::<ErrorCode>().map_or("", |code| code.0);
        let ended = Ended { path: path.clone(), action, status: response.status().as_u16(), code };
        self.requests.get_or_create(&ended).inc();
        self.durations.get_or_create(&Kind { path, action }).observe(seconds);
    }
}

/// Counts a request and its answer.
pub async fn count(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map_or("page", MatchedPath::as_str).to_owned();
    let (begun, in_flight) = (Instant::now(), InFlight::new(&metrics.in_flight));
    let response = next.run(request).await;
    metrics.note(path, &response, begun.elapsed().as_secs_f64());
    drop(in_flight);
    response
}

/// A request that is being answered, whether its client waits for it or not.
struct InFlight(Gauge);

impl InFlight {
    fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// What is answered on the metrics' own listener.
pub fn router(metrics: Arc<Metrics>, now: impl Fn() -> Now + Clone + Send + Sync + 'static) -> Router {
    let tell = async move || {
        let told = metrics.tell(now()).map_err(|_| axum::http::StatusCode::INTERNAL_SERVER_ERROR)?;
        Ok::<_, axum::http::StatusCode>(([(CONTENT_TYPE, KIND)], told))
    };
    Router::new().route("/metrics", get(tell)).layer(map_response_with_state(Transport::Plain, headers::add))
}
