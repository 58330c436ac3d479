//! Connections: how many, how long each may take to ask, and how they end.

use std::convert::Infallible;
use std::error::Error;
use std::io;
use std::net::{IpAddr, TcpListener};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::middleware::map_response_with_state;
use axum::routing::{get, post};
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use sd_notify::NotifyState;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

use crate::STOP_PATIENCE;
use crate::completed_refusals::CompletedRefusals;
use crate::headers::{self, Transport};
use crate::pages::Pages;
use crate::service::{self, Service};
use crate::tls::Tls;
use crate::{import, sign_in};

/// How many connections are open at the same time; others wait in the system's queue.
pub const MAX_CONNECTIONS: usize = 2048;

/// How long a connection may be silent before, between and within the heads of requests.
const HEAD_PATIENCE: Duration = Duration::from_secs(30);

/// Most bytes of a request's head.
const MAX_HEAD: usize = 32 * 1024;

/// Where a connection comes from.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// How long a client may take none of what it is sent.
const WRITE_PATIENCE: Duration = Duration::from_secs(30);

/// What is served, and how.
pub struct Server {
    router: Router,
    tls: Option<Arc<Tls>>,
    graceful: GracefulShutdown,
    places: Arc<Semaphore>,
}

impl Server {
    /// Answers by `router`.
    pub fn new(router: Router, tls: Option<Arc<Tls>>) -> Self {
        let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        Self { router, tls, graceful: GracefulShutdown::new(), places }
    }

    /// Counts the connections that are open.
    pub fn connections(&self) -> impl Fn() -> usize + Clone + use<> {
        let places = Arc::clone(&self.places);
        move || MAX_CONNECTIONS - places.available_permits()
    }

    /// Serves until SIGTERM or SIGINT, and tells the metrics meanwhile.
    pub async fn run(self, listener: TcpListener, metrics: Option<(TcpListener, Router)>) -> io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        if let Some((listener, router)) = metrics {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            tracing::info!(address = %listener.local_addr()?, "telling metrics");
            tokio::spawn(async move { Self::new(router, None).accept_all(&listener).await });
        }
        tracing::info!(address = %listener.local_addr()?, tls = self.tls.is_some(), "serving");
        tell_systemd(NotifyState::Ready);
        tokio::select! {
            never = self.accept_all(&listener) => match never {},
            never = self.reload_at(&mut hang_up) => match never {},
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tell_systemd(NotifyState::Stopping);
        drop(listener);
        if timeout(STOP_PATIENCE, self.graceful.shutdown()).await.is_err() {
            tracing::warn!("requests that took too long were cut off");
        }
        tracing::info!("stopped");
        Ok(())
    }

    async fn reload_at(&self, hang_up: &mut Signal) -> Infallible {
        loop {
            hang_up.recv().await;
            match self.tls.as_ref().map(|tls| tls.reload()) {
                Some(Ok(())) => tracing::info!("the certificate was read again"),
                Some(Err(error)) => tracing::error!(%error, "the last certificate stays"),
                None => tracing::info!("nothing to read again"),
            }
        }
    }

    async fn accept_all(&self, listener: &tokio::net::TcpListener) -> Infallible {
        loop {
            let Ok(place) = Arc::clone(&self.places).acquire_owned().await else { continue };
            match listener.accept().await {
                Ok((stream, peer)) => self.serve_connection(stream, Peer(peer.ip().to_canonical()), place),
                Err(error) => {
                    tracing::error!(%error, "a connection can't be accepted");
                    // It may be for want of file descriptors: others give some back.
                    sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    fn serve_connection(&self, stream: TcpStream, peer: Peer, place: OwnedSemaphorePermit) {
        let router = self.router.clone().layer(Extension(peer));
        let (tls, watcher) = (self.tls.clone(), self.graceful.watcher());
        tokio::spawn(async move {
            let stream = prepare(stream);
            let ended = match tls {
                None => converse(stream, (Transport::Plain, peer), router, watcher).await,
                Some(tls) => match tls.accept(stream).await {
                    Ok(stream) => converse(stream, (Transport::Tls, peer), router, watcher).await,
                    Err(error) => Err(error.into()),
                },
            };
            if let Err(error) = ended {
                tracing::debug!(error, "a connection ended early");
            }
            drop(place);
        });
    }
}

/// Where no systemd has started the service, nobody is told.
fn tell_systemd(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "systemd can't be told");
    }
}

fn prepare(stream: TcpStream) -> Pin<Box<TimeoutStream<TcpStream>>> {
    // Else a client that acknowledges late costs 40 ms an answer.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection is gone already");
    }
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_PATIENCE));
    Box::pin(stream)
}

async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    (transport, peer): (Transport, Peer),
    router: Router,
    watcher: Watcher,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE).max_buf_size(MAX_HEAD);
    let stream = TokioIo::new(CompletedRefusals::new(stream, transport, peer));
    let connection = server.serve_connection(stream, TowerToHyperService::new(router));
    Ok(watcher.watch(connection).await?)
}

/// What is answered where.
pub fn router(service: Arc<Service>, pages: Arc<Pages>, transport: Transport) -> Router {
    let actions = Router::new()
        .route("/", post(service::answer))
        .merge(sign_in::routes())
        .merge(import::routes())
        .route("/healthz", get(async || "ok\n"))
        .with_state(service)
        .layer(Extension(transport));
    pages.add_to(actions).layer(map_response_with_state(transport, headers::add))
}
