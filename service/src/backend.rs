//! Who does what is asked: the daemon, or in tests something else.

use std::path::PathBuf;
use std::time::Duration;

use keyfob_authority::{AccessControl, SignedRequest};
use keyfob_daemon::Client;

/// How long a request waits for the daemon.
const PATIENCE: Duration = Duration::from_secs(10);

/// Does acts on behalf of whoever signed a request.
pub trait Backend: Send + Sync + 'static {
    /// What does them for this one request.
    fn on_behalf(&self, signed: SignedRequest) -> Box<dyn AccessControl>;
}

/// The daemon.
pub struct Daemon {
    socket: PathBuf,
}

impl Daemon {
    /// The daemon that serves this socket.
    pub const fn new(socket: PathBuf) -> Self {
        Self { socket }
    }
}

impl Backend for Daemon {
    fn on_behalf(&self, signed: SignedRequest) -> Box<dyn AccessControl> {
        Box::new(Client::new(self.socket.clone(), PATIENCE).on_behalf(signed))
    }
}
