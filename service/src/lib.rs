//! The enrollment service: the IAM actions over HTTP. It has no key and no store: it parses, asks the daemon on behalf of whoever signed
//! a request, and writes answers. Whether the signature is right and what its owner may do is the daemon's to decide.
#![forbid(unsafe_code)]

mod actions;
mod answer;
mod arn;
mod backend;
mod completed_refusals;
mod connections;
mod cookie;
mod csrf;
mod error;
mod form;
mod headers;
mod import;
mod incoming;
mod listener;
mod metrics;
mod pages;
mod parameter;
mod qr_code;
mod query;
mod rate_limits;
mod repeats;
mod service;
mod sign_in;
mod sigv4;
mod time;
mod tls;
mod turns;
mod xml;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::middleware::from_fn_with_state;
use keyfob_core::UnixTime;
use thiserror::Error;

use self::backend::Daemon;
use self::connections::Server;
use self::headers::Transport;
use self::metrics::Metrics;
use self::pages::Pages;
pub use self::pages::PagesError;
use self::service::Service;
use self::tls::Tls;
pub use self::tls::{TlsError, TlsFiles};

/// What the time is.
pub type Now = fn() -> UnixTime;

/// How many requests ask the daemon at the same time: half of what it serves, so that sign-ins never wait for us.
const MAX_ACTS: usize = 32;

/// How long requests that have begun may take when the service is told to stop.
const STOP_PATIENCE: Duration = Duration::from_secs(5);

/// What the service needs to know.
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// With these it speaks TLS.
    pub tls: Option<TlsFiles>,
    /// A proxy stands in front of it, speaks TLS and says by `X-Forwarded-For` who asks.
    pub is_behind_proxy: bool,
    /// Where it tells its metrics.
    pub metrics: Option<SocketAddr>,
    /// Other machines may read the metrics.
    pub are_metrics_public: bool,
    /// The folder of the pages.
    pub pages: Option<PathBuf>,
    /// The daemon's socket.
    pub socket: PathBuf,
    /// What the time is.
    pub now: Now,
}

/// Why the service does not run.
#[derive(Debug, Error)]
pub enum Failure {
    /// Codes would cross a network in the clear.
    #[error(
        "{0} is no loopback address: give --tls-cert and --tls-key, or put a proxy with TLS in front and say --behind-proxy"
    )]
    PlainText(SocketAddr),
    /// The address.
    #[error("{address} can't be listened on: {source}")]
    Address {
        /// Which one.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// Everybody could read the metrics.
    #[error("{0} is no loopback address: say --metrics-public if other machines may read the metrics")]
    PublicMetrics(SocketAddr),
    /// The pages.
    #[error(transparent)]
    Pages(#[from] PagesError),
    /// The certificate or its key.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Threads or signals.
    #[error("the system does not let the service run: {0}")]
    System(#[from] io::Error),
}

/// Serves until SIGTERM or SIGINT; requests that have begun are ended then.
///
/// # Errors
/// [`Failure`] says why it can't start.
pub fn run(config: Config) -> Result<(), Failure> {
    listener::make_room()?;
    let listener = listener::listen(&config)?;
    let metrics_listener = listener::listen_for_metrics(&config)?;
    let pages = config.pages.as_deref().map(Pages::read).transpose()?.unwrap_or_default();
    let tls = config.tls.map(Tls::new).transpose()?.map(Arc::new);
    let transport = if tls.is_some() { Transport::Tls } else { Transport::Plain };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(MAX_ACTS)
        .enable_all()
        .build()?;
    let metrics = Arc::new(Metrics::new(config.socket.clone()));
    let service = Arc::new(Service::new(Daemon::new(config.socket), config.now, config.is_behind_proxy));
    let router = connections::router(Arc::clone(&service), Arc::new(pages), transport)
        .layer(from_fn_with_state(Arc::clone(&metrics), metrics::count));
    let site = Server::new(router, tls);
    let connections = site.connections();
    let now = move || metrics::Now { connections: connections(), acts: service.turns.taken() };
    let metrics = metrics_listener.map(|listener| (listener, metrics::router(metrics, now)));
    let served = runtime.block_on(site.run(listener, metrics));
    runtime.shutdown_timeout(STOP_PATIENCE);
    Ok(served?)
}
