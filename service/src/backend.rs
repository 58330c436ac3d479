//! Who does what is asked: the daemon, or in tests something else.

use std::path::PathBuf;
use std::time::Duration;

use keyfob_authority::{AccessControl, Caller, Error, Proof, StartedSession};
use keyfob_core::AccountName;
use keyfob_daemon::Client;

/// How long a request waits for the daemon.
const PATIENCE: Duration = Duration::from_secs(10);

/// And one whose password is checked.
const PASSWORD_PATIENCE: Duration = Duration::from_secs(30);

/// Does acts on behalf of whoever proves to have sent a request.
pub trait Backend: Send + Sync + 'static {
    /// What does them for this one request.
    fn on_behalf(&self, proof: Proof) -> Box<dyn AccessControl>;

    /// What continues or ends a browser's sign-in, by the token that the browser holds.
    fn for_browser(&self) -> Box<dyn AccessControl>;

    /// Starts a browser's session by a password.
    ///
    /// # Errors
    /// [`Error::Refused`] where the password is wrong, or there is no such account.
    fn sign_in_with_password(
        &self,
        account: &AccountName,
        password: &str,
        caller: &Caller,
    ) -> Result<StartedSession, Error>;
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
    fn on_behalf(&self, proof: Proof) -> Box<dyn AccessControl> {
        Box::new(Client::new(self.socket.clone(), PATIENCE).on_behalf(proof))
    }

    fn for_browser(&self) -> Box<dyn AccessControl> {
        Box::new(Client::new(self.socket.clone(), PATIENCE))
    }

    fn sign_in_with_password(
        &self,
        account: &AccountName,
        password: &str,
        caller: &Caller,
    ) -> Result<StartedSession, Error> {
        Client::new(self.socket.clone(), PASSWORD_PATIENCE).sign_in_with_password(account, password, caller)
    }
}
