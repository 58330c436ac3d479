//! A store, policy and master key of a test's own.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::oathtool::{Token, csv};

/// Accounts that every Debian system has. Neither is root.
pub const USER: &str = "daemon";
pub const OTHER_USER: &str = "bin";

pub struct Site {
    folder: TempDir,
}

/// Ends when it is dropped.
pub struct Daemon(Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// How a command ended.
#[derive(Debug)]
pub struct Answer {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Site {
    /// Before `keyfob init`.
    pub fn empty() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// After it, with these tokens imported.
    pub fn new(tokens: &[Token]) -> Self {
        let site = Self::empty();
        site.keyfob(&["init"]).done();
        if !tokens.is_empty() {
            site.keyfob_fed(&csv(tokens), &["device", "import", "-"]).done();
        }
        site
    }

    /// As [`Site::new`] with one token, which [`USER`] has. The last code that is spent is the returned
    /// counter's or time step's.
    pub fn with_associated(token: Token) -> (Self, u64) {
        let site = Self::new(&[token]);
        let step = if token.kind == "HOTP" { 1 } else { token.step() };
        site.enable(USER, token, step - 1, step).done();
        (site, step)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        // As the store names it: without symbolic links.
        self.folder.path().canonicalize().unwrap().join(name)
    }

    pub fn store(&self) -> PathBuf {
        self.path("keyfob.db")
    }

    /// Writes a file that only its owner may read.
    pub fn write(&self, name: &str, content: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The program, called by any name, with this store and policy.
    pub fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .arg("--store")
            .arg(self.store())
            .arg("--config")
            .arg(self.path("keyfob.toml"));
        command.env("TZ", "UTC");
        command
    }

    pub fn keyfob(&self, arguments: &[&str]) -> Answer {
        self.keyfob_fed("", arguments)
    }

    pub fn keyfob_fed(&self, input: &str, arguments: &[&str]) -> Answer {
        run(self.command(KEYFOB, arguments), input)
    }

    /// A daemon that has the store open, until it is dropped.
    pub fn daemon(&self) -> Daemon {
        let socket = self.path("keyfob.sock");
        let mut command = self.command(KEYFOB, &["daemon", "--socket", socket.to_str().unwrap()]);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let daemon = Daemon(child);
        assert!(log.any(|line| line.unwrap().contains("serving")), "it ended");
        daemon
    }

    pub fn enable(&self, user: &str, token: Token, first: u64, second: u64) -> Answer {
        self.pair("enable", user, token, first, second)
    }

    pub fn pair(&self, act: &str, user: &str, token: Token, first: u64, second: u64) -> Answer {
        let codes = [token.code(first), token.code(second)];
        self.keyfob(&[
            act,
            "--user",
            user,
            "--serial",
            token.serial,
            "--code1",
            &codes[0],
            "--code2",
            &codes[1],
        ])
    }

    pub fn verify(&self, code: &str) -> Answer {
        self.keyfob(&["verify", "--user", USER, "--code", code])
    }

    pub fn json(&self, arguments: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.keyfob(arguments).done()).unwrap()
    }
}

pub const KEYFOB: &str = env!("CARGO_BIN_EXE_keyfob");

pub fn run(mut command: Command, input: &str) -> Answer {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that reads no input may have ended already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Answer { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

impl Answer {
    /// It did what it was asked to, without a word on standard error; what it wrote is returned.
    #[track_caller]
    pub fn done(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{self:?}");
        self.out
    }

    /// It refused in these words, and wrote nothing else.
    #[track_caller]
    pub fn refused(self, message: &str) {
        self.ended(1, &format!("keyfob: {message}\n"));
    }

    /// It could not use store, key or policy.
    #[track_caller]
    pub fn unusable(self, message: &str) {
        self.ended(3, &format!("keyfob: {message}\n"));
    }

    #[track_caller]
    fn ended(&self, code: i32, err: &str) {
        assert_eq!((self.code, self.out.as_str(), self.err.as_str()), (Some(code), "", err), "{self:?}");
    }

    /// It did not understand what it was asked to do; the whole of its message is returned.
    #[track_caller]
    pub fn misunderstood(self) -> String {
        assert_eq!((self.code, self.out.as_str()), (Some(2), ""), "{self:?}");
        assert!(self.err.starts_with("keyfob: "), "{self:?}");
        self.err
    }
}
