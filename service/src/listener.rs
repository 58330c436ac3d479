//! Where the service listens.

use std::io;
use std::net::{SocketAddr, TcpListener};

use listenfd::ListenFd;
use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::connections::MAX_CONNECTIONS;
use crate::{Config, Failure};

/// Files that are open besides connections, and connections to the daemon.
const OTHER_FILES: u64 = 256;

/// The socket that systemd has opened, or a new one.
///
/// # Errors
/// [`Failure`] where there can't be one, or what it is told would cross a network in the clear.
pub fn listen(config: &Config) -> Result<TcpListener, Failure> {
    let handed_over = ListenFd::from_env().take_tcp_listener(0)?;
    let address = match &handed_over {
        Some(listener) => listener.local_addr()?,
        None => config.listen,
    };
    if !address.ip().is_loopback() && !config.is_behind_proxy && config.tls.is_none() {
        return Err(Failure::PlainText(address));
    }
    let listener = handed_over.map_or_else(|| bind(address), Ok)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// The socket on which the metrics are told, where they are.
///
/// # Errors
/// [`Failure`] where there can't be one.
pub fn listen_for_metrics(config: &Config) -> Result<Option<TcpListener>, Failure> {
    let Some(address) = config.metrics else { return Ok(None) };
    if !address.ip().is_loopback() && !config.are_metrics_public {
        return Err(Failure::PublicMetrics(address));
    }
    let listener = bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(Some(listener))
}

fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).map_err(|source| Failure::Address { address, source })
}

/// Makes room for all connections, as far as the system lets this process: most give it 1024 files, and more when it asks.
pub fn make_room() -> io::Result<()> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    let wanted = hard.min(MAX_CONNECTIONS as u64 + OTHER_FILES);
    if soft < wanted { Ok(setrlimit(Resource::RLIMIT_NOFILE, wanted, hard)?) } else { Ok(()) }
}
