//! The enrollment service: the IAM actions over HTTP. It has no key and no store: it parses, asks the daemon on behalf of whoever signed
//! a request, and writes answers. Whether the signature is right and what its owner may do is the daemon's to decide.
#![forbid(unsafe_code)]

mod actions;
mod answer;
mod arn;
mod backend;
mod connections;
mod cookie;
mod csrf;
mod error;
mod form;
mod headers;
mod pages;
mod parameter;
mod qr_code;
mod query;
mod rate_limits;
mod reason;
mod repeats;
mod service;
mod sign_in;
mod sigv4;
mod time;
mod turns;
mod xml;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use keyfob_core::UnixTime;
use thiserror::Error;

use self::backend::Daemon;
use self::headers::Transport;
use self::pages::Pages;
pub use self::pages::PagesError;
use self::service::Service;

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
    /// A proxy stands in front of it, speaks TLS and says by `X-Forwarded-For` who asks.
    pub is_behind_proxy: bool,
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
    #[error("{0} is no loopback address: put a proxy with TLS in front and say --behind-proxy")]
    PlainText(SocketAddr),
    /// The address.
    #[error("{address} can't be listened on: {source}")]
    Address {
        /// Which one.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The pages.
    #[error(transparent)]
    Pages(#[from] PagesError),
    /// Threads or signals.
    #[error("the system does not let the service run: {0}")]
    System(#[from] io::Error),
}

/// Serves until SIGTERM or SIGINT; requests that have begun are ended then.
///
/// # Errors
/// [`Failure`] says why it can't start.
pub fn run(config: Config) -> Result<(), Failure> {
    let address = config.listen;
    if !address.ip().is_loopback() && !config.is_behind_proxy {
        return Err(Failure::PlainText(address));
    }
    let pages = config.pages.as_deref().map(Pages::read).transpose()?.unwrap_or_default();
    let listener = TcpListener::bind(address).map_err(|source| Failure::Address { address, source })?;
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(MAX_ACTS)
        .enable_all()
        .build()?;
    let service = Service::new(Daemon::new(config.socket), config.now, config.is_behind_proxy);
    let router = connections::router(Arc::new(service), Arc::new(pages), Transport::Plain);
    let served = runtime.block_on(connections::serve(listener, router));
    runtime.shutdown_timeout(STOP_PATIENCE);
    Ok(served?)
}
