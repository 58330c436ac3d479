//! Connections: how many, how long each may take to ask, and how they end.

use std::io;
use std::net::{IpAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::middleware::map_response_with_state;
use axum::routing::{get, post};
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

use crate::STOP_PATIENCE;
use crate::headers::{self, Transport};
use crate::pages::Pages;
use crate::service::{self, Service};
use crate::sign_in;

/// How many connections are open at the same time; others wait in the system's queue.
const MAX_CONNECTIONS: usize = 2048;

/// How long a connection may be silent before, between and within the heads of requests.
const HEAD_PATIENCE: Duration = Duration::from_secs(30);

/// Most bytes of a request's head.
const MAX_HEAD: usize = 32 * 1024;

/// Where a connection comes from.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Serves until SIGTERM or SIGINT.
pub async fn serve(listener: TcpListener, router: Router) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tracing::info!(address = %listener.local_addr()?, "serving");
    let graceful = GracefulShutdown::new();
    tokio::select! {
        never = accept_all(&listener, &router, &graceful) => match never {},
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    drop(listener);
    if timeout(STOP_PATIENCE, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests that took too long were cut off");
    }
    tracing::info!("stopped");
    Ok(())
}

/// What is answered where.
pub fn router(service: Arc<Service>, pages: Arc<Pages>, transport: Transport) -> Router {
    let actions = Router::new()
        .route("/", post(service::answer))
        .merge(sign_in::routes())
        .route("/healthz", get(async || "ok\n"))
        .with_state(service)
        .layer(Extension(transport));
    pages.add_to(actions).layer(map_response_with_state(transport, headers::add))
}

async fn accept_all(
    listener: &tokio::net::TcpListener,
    router: &Router,
    graceful: &GracefulShutdown,
) -> std::convert::Infallible {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { continue };
        match listener.accept().await {
            Ok((stream, peer)) => {
                let router = router.clone().layer(Extension(Peer(peer.ip().to_canonical())));
                serve_connection(stream, router, graceful, place);
            }
            Err(error) => {
                tracing::error!(%error, "a connection can't be accepted");
                // It may be for want of file descriptors: others give some back.
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

fn serve_connection(
    stream: TcpStream,
    router: Router,
    graceful: &GracefulShutdown,
    place: OwnedSemaphorePermit,
) {
    // Else a client that acknowledges late costs 40 ms an answer.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection is gone already");
    }
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE).max_buf_size(MAX_HEAD);
    let connection = server.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
        drop(place);
    });
}
