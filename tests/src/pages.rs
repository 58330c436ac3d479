//! The pages as people meet them: a host with its enrollment service and daemon.
#![allow(clippy::missing_panics_doc, reason = "tests and the demo can't go on without it")]

use std::path::Path;

use crate::{Daemon, Host, Result, Service, host::Network};

/// Where the host has what it serves: it sees none of the checkout.
const FOLDER: &str = "/var/lib/keyfob-pages";

/// Who may use sudo administers Keyfob.
const POLICY: &str = "[service]\nadministrators = \"sudo\"\n";

/// The service's user, and root with everybody's password.
const SET_UP: &str = r#"
useradd --system --shell /usr/sbin/nologin keyfob
usermod --password "$(getent shadow alice | cut -d: -f2)" root
"#;

/// A host whose service serves the pages.
#[derive(Debug)]
pub struct Pages {
    // They end in this order.
    service: Service,
    _daemon: Daemon,
    host: Host,
}

impl Pages {
    /// Serves the pages of a folder, on an address of the machine's or of the host's own, and waits until it does.
    ///
    /// # Errors
    /// It does not.
    pub fn serve(folder: &Path, network: Network, listen: &str) -> Result<Self> {
        let host = Host::within(network);
        host.sh(SET_UP);
        host.write("/etc/keyfob/keyfob.toml", POLICY);
        host.copy_in(folder, FOLDER);
        let daemon = host.start_daemon_for_browsers();
        let serve = ["keyfob", "serve", "--listen", listen, "--pages", FOLDER];
        let service = Service::start(&mut host.reachable("keyfob", &serve))?;
        Ok(Self { service, _daemon: daemon, host })
    }

    /// Where they are.
    #[must_use]
    pub fn url(&self) -> String {
        self.service.url()
    }

    /// The host that serves them.
    #[must_use]
    pub const fn host(&self) -> &Host {
        &self.host
    }
}
