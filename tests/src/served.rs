//! An enrollment service with one token that nobody has yet, and requests to it, byte for byte.
#![allow(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "a test without its service has failed"
)]

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use crate::{Daemon, Service, Site, Token, clients, command, service::AccessKey, token::Kind};

/// Every Debian has this account.
pub const USER: &str = "games";
/// The token's.
pub const SERIAL: &str = "GAHT12345678";

/// More than the service waits for anything.
const PATIENCE: Duration = Duration::from_secs(100);

/// A service that serves, and its daemon.
#[derive(Debug)]
pub struct Served {
    /// Where they run.
    pub site: Site,
    /// The daemon, while there is one.
    pub daemon: Option<Daemon>,
    /// The service.
    pub service: Service,
    /// The token.
    pub token: Token,
    /// Root's access key.
    pub key: AccessKey,
}

impl Served {
    /// One on a site of its own.
    #[must_use]
    pub fn new() -> Self {
        Self::on(Site::new())
    }

    /// One on this site.
    #[must_use]
    pub fn on(site: Site) -> Self {
        let token = Token::new(SERIAL, Kind::Hotp);
        site.import(std::slice::from_ref(&token));
        let key = AccessKey::create(&site, "root");
        let daemon = Some(site.start_daemon(&[]));
        let service = site.start_service();
        Self { site, daemon, service, token, key }
    }

    /// A signed request, as it crosses the network.
    #[must_use]
    pub fn signed(&self, action: &str, parameters: &str) -> String {
        self.signed_ahead(0, action, parameters)
    }

    /// By a client whose clock is that many seconds ahead.
    #[must_use]
    pub fn signed_ahead(&self, seconds: i32, action: &str, parameters: &str) -> String {
        let form = format!("Action={action}&Version=2010-05-08{parameters}");
        self.signed_for("iam", seconds, &form)
    }

    /// For that service of AWS's.
    #[must_use]
    pub fn signed_for(&self, service: &str, seconds: i32, form: &str) -> String {
        let mut script = clients::boto3(&self.service, &self.key, "signed_request.py").expect("boto3");
        script.args([&self.service.url(), &self.key.id, &self.key.secret]);
        script.args([service, &seconds.to_string(), form]);
        command::run(&mut script).expect("a request")
    }

    /// The request that associates the token by its codes at this counter and the next.
    #[must_use]
    pub fn enable(&self, first: u64) -> String {
        let [first, second] = [first, first + 1].map(|counter| self.token.code(counter).expect("oathtool"));
        self.signed(
            "EnableMFADevice",
            &device(&format!("&AuthenticationCode1={first}&AuthenticationCode2={second}")),
        )
    }

    /// A connection on which nothing has been said.
    #[must_use]
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.service.address()).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a deadline");
        stream
    }

    /// What is answered to these bytes.
    pub fn send(&self, request: &str) -> String {
        let mut stream = self.connect();
        // What is too long is refused before its end.
        drop(stream.write_all(request.as_bytes()));
        rest(stream)
    }

    /// Ends the service without notice, and starts another one there.
    pub fn restart_service(&mut self) {
        let address = self.service.address().to_owned();
        self.service.program().kill().expect("an end");
        self.service = self.site.start_service_with(&["--listen", &address]);
    }

    /// Ends the daemon without notice, and starts another one.
    pub fn restart_daemon(&mut self) {
        self.daemon.as_mut().expect("a daemon").kill().expect("an end");
        self.daemon = Some(self.site.start_daemon(&[]));
    }

    /// What the command line tells of the token.
    pub fn owner(&self) -> String {
        self.site.keyfob_done(&["device", "show", SERIAL, "--json"])
    }

    /// Bytes of memory that are the service's own: now (`VmRSS`) or at most so far (`VmHWM`).
    pub fn memory(&mut self, which: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.service.program().id()));
        let status = status.expect("a process");
        let line = status.lines().find(|line| line.starts_with(which)).expect("a size");
        line.split_whitespace().nth(1).and_then(|word| word.parse::<u64>().ok()).expect("a number") * 1024
    }
}

impl Default for Served {
    fn default() -> Self {
        Self::new()
    }
}

/// The user and the token, and further parameters.
#[must_use]
pub fn device(more: &str) -> String {
    format!("&UserName={USER}&SerialNumber={SERIAL}{more}")
}

/// All that still comes.
pub fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // A service that was killed resets it.
    drop(stream.read_to_end(&mut answer));
    String::from_utf8_lossy(&answer).into_owned()
}

/// The answer has this status and this code.
#[track_caller]
pub fn is(answer: &str, status: u16, code: &str) {
    let is_status = answer.starts_with(&format!("HTTP/1.1 {status} "));
    assert!(is_status && answer.contains(&format!("<Code>{code}</Code>")), "not {status} {code}: {answer}");
}

/// The answer is that it was done.
#[track_caller]
pub fn is_done(answer: &str) {
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}
