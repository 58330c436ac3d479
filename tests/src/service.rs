//! The enrollment service under test.

use std::process::Command;

use crate::{Daemon, Result, Site, administration::after};

/// A service that serves. Dropped, it is killed.
#[derive(Debug)]
pub struct Service {
    program: Daemon,
    address: String,
    scheme: &'static str,
    metrics_address: String,
}

/// What a client signs with.
#[derive(Debug)]
pub struct AccessKey {
    /// Its name.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

impl Service {
    /// Starts one on a free port, and waits until it says that it serves.
    ///
    /// # Errors
    /// It does not.
    pub fn start(command: &mut Command) -> Result<Self> {
        let (program, said) = Daemon::start_until(command, r#""message":"serving""#)?;
        let address_in = |line: &str| after(line, r#""address":""#).to_owned();
        let line = |mark: &str| said.lines().find(|line| line.contains(mark)).unwrap_or_default();
        let address = address_in(line(r#""message":"serving""#));
        let metrics_address = address_in(line(r#""message":"telling metrics""#));
        let scheme = if said.contains(r#""tls":true"#) { "https" } else { "http" };
        Ok(Self { program, address, scheme, metrics_address })
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Its address and port.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Where it tells its metrics.
    #[must_use]
    pub fn metrics_address(&self) -> &str {
        &self.metrics_address
    }

    /// Its process.
    #[must_use]
    pub fn program(&mut self) -> &mut Daemon {
        &mut self.program
    }

    /// Ends it (SIGTERM), and says how it ended and what it wrote to its log since it serves.
    ///
    /// # Errors
    /// It can't be waited for.
    pub fn stop(self) -> Result<(bool, String)> {
        self.program.stop()
    }
}

impl AccessKey {
    /// A new one of that account.
    #[must_use]
    pub fn create(site: &Site, user: &str) -> Self {
        let json = site.keyfob_done(&["access-key", "create", "--user", user, "--json"]);
        let word = |name| after(&json, &format!(r#""{name}": ""#)).to_owned();
        Self { id: word("AccessKeyId"), secret: word("SecretAccessKey") }
    }
}
