//! A host of its own, for real services: namespaces of mounts, network and processes in which Keyfob is installed at its default paths. The machine's
//! own files stay untouched.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test without its host has failed"
)]

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::OnceLock,
};

use crate::{
    Daemon, Driver, Enrolled, Token, administration, build,
    command::{self, TIE},
    log::Log,
    namespace::is_root,
    scratch::Scratch,
    token::Kind,
};

const SET_UP: &str = include_str!("host/set_up.sh");
const ASKPASS: &str = include_str!("host/askpass.sh");

/// The PAM service that checks browsers' passwords, as it ships.
const PASSWORD_SERVICE: &str = include_str!("../../daemon/pam.d/keyfob");

/// The password of each account.
pub const PASSWORD: &str = "correct horse";

/// A host with the accounts `alice`, `bob` and `carol`, all of whom have the same password. alice and bob may use sudo.
#[derive(Debug)]
pub struct Host {
    first_process: Child,
    entering: Vec<String>,
    log: Log,
    _folder: Scratch,
}

/// Which network a host is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// One of its own, with a loopback address and nothing else.
    Own,
    /// The machine's, so that a person's browser reaches it.
    Machines,
}

impl Host {
    /// A new one, Keyfob initialised, and no service asks for a code yet.
    #[must_use]
    pub fn new() -> Self {
        Self::within(Network::Own)
    }

    /// The same, in that network.
    #[must_use]
    pub fn within(network: Network) -> Self {
        assert!(is_root().expect("an account"), "real services are tested as root: run the tests as root");
        let folder = Scratch::new().expect("a folder");
        let [dev, software] = ["dev", "software"].map(|name| folder.path().join(name));
        for folder in [&dev, &software] {
            fs::create_dir(folder).expect("a folder");
        }
        collect_software(&software);
        let log = Log::new(&dev).expect("a socket for the log");
        let mut unshare = Command::new("unshare");
        if network == Network::Own {
            unshare.arg("--net");
        }
        unshare.args(["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]);
        unshare.args(["--propagation", "private", "sh", "-euc", SET_UP, "sh"]).args([&dev, &software]);
        unshare.arg(PASSWORD).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut first_process = unshare.spawn().expect("namespaces");
        let mut ready = String::new();
        let stdout = first_process.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut ready).expect("a line");
        assert_eq!(ready, "ready\n", "the host can't be set up");
        let entering = entering(first_process.id());
        Self { first_process, entering, log, _folder: folder }
    }

    /// A number that no other host of this machine has.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.first_process.id()
    }

    /// A program's command line, run by root.
    #[must_use]
    pub fn root(&self, words: &[&str]) -> Command {
        self.user("root", words)
    }

    /// A program's command line, run by an account in its home.
    #[must_use]
    pub fn user(&self, account: &str, words: &[&str]) -> Command {
        running(command::after(&self.entering, "setpriv"), account, words)
    }

    /// A program's command line, run by an account in the machine's own namespace of processes: nsenter becomes it, so that signals reach it.
    #[must_use]
    pub fn reachable(&self, account: &str, words: &[&str]) -> Command {
        let entering: Vec<String> =
            self.entering.iter().filter(|word| !word.starts_with("--pid")).cloned().collect();
        running(command::after(&entering, "setpriv"), account, words)
    }

    /// A program of the machine's, with the machine's files, in this host's network.
    #[must_use]
    pub fn network(&self, program: &str) -> Command {
        let words = ["nsenter", &format!("--target={}", self.id()), "--net", "--"].map(str::to_owned);
        command::after(&words, program)
    }

    /// The words before a command line that is to run in this host.
    #[must_use]
    pub fn entering(&self) -> &[String] {
        &self.entering
    }

    /// Copies what is in a folder of the machine's to a new folder.
    pub fn copy_in(&self, from: &Path, to: &str) {
        let mut pack = Command::new("tar");
        let mut packed =
            pack.arg("-C").arg(from).args(["-c", "."]).stdout(Stdio::piped()).spawn().expect("tar");
        let packed_files = packed.stdout.take().expect("a pipe");
        let mut unpack =
            self.root(&["sh", "-euc", "mkdir -p \"$1\"; tar -xC \"$1\" --no-same-owner", "sh", to]);
        let unpacked = unpack.stdin(packed_files).status().expect("tar");
        assert!(
            unpacked.success() && packed.wait().expect("tar").success(),
            "{} can't be copied",
            from.display()
        );
    }

    /// Runs a shell script as root; it has to succeed.
    #[allow(clippy::must_use_candidate, reason = "that it succeeds is often all")]
    pub fn sh(&self, script: &str) -> String {
        command::run(&mut self.root(&["sh", "-euc", script])).expect("a script that succeeds")
    }

    /// Writes a file.
    pub fn write(&self, path: &str, text: &str) {
        let output = typed(&mut self.root(&["tee", path]), text);
        assert!(output.status.success(), "{path} can't be written");
    }

    /// Has a service of Debian's ask for a code after the password. The service's file is Debian's own, with one more line.
    pub fn ask_for_code(&self, service: &str, options: &str) {
        self.edit_service(
            service,
            &format!("/^@include common-auth/a auth required pam_keyfob.so {options}"),
        );
    }

    /// Has a service of Debian's ask for a code in place of the password.
    pub fn ask_for_code_alone(&self, service: &str, options: &str) {
        self.edit_service(
            service,
            &format!("s/^@include common-auth.*/auth required pam_keyfob.so {options}/"),
        );
    }

    fn edit_service(&self, service: &str, script: &str) {
        self.sh(&format!("sed -i '{script}' /etc/pam.d/{service}; grep -q pam_keyfob /etc/pam.d/{service}"));
    }

    /// Runs sshd, with lines that stand before Debian's own settings, and waits until it listens.
    pub fn start_sshd(&self, settings: &str) {
        self.write("/etc/ssh/sshd_config.d/keyfob.conf", settings);
        self.write(
            "/etc/ssh/ssh_config.d/keyfob.conf",
            "StrictHostKeyChecking no\nUserKnownHostsFile /dev/null\nLogLevel ERROR\nNumberOfPasswordPrompts 1\n",
        );
        self.sh("ssh-keygen -A; /usr/sbin/sshd; while ! [ -s /run/sshd.pid ]; do sleep 0.01; done");
    }

    /// Starts the daemon, and waits until it serves. It is killed with this test, however that ends.
    #[must_use]
    pub fn start_daemon(&self) -> Daemon {
        let words = [&TIE[..], &["keyfob", "daemon"]].concat();
        Daemon::start(&mut self.reachable("root", &words)).expect("a daemon that serves")
    }

    /// The same, with the PAM service that checks passwords, and a `/proc` by which the daemon finds itself, to run itself anew for each check.
    #[must_use]
    pub fn start_daemon_for_browsers(&self) -> Daemon {
        self.write("/etc/pam.d/keyfob", PASSWORD_SERVICE);
        let script = "mount -t proc proc /proc; exec keyfob daemon";
        let words = ["unshare", "--mount", "sh", "-euc", script];
        Daemon::start(&mut self.reachable("root", &words)).expect("a daemon that serves")
    }

    /// What has been logged since the last call, with the program: `sshd[2]: pam_keyfob(sshd:auth): …`.
    #[allow(clippy::must_use_candidate, reason = "that room is made for more is often all")]
    pub fn logged(&self) -> String {
        self.log.lines().expect("the log").join("\n")
    }

    /// Runs `keyfob` as root, and says what it wrote; it has to succeed.
    #[allow(clippy::must_use_candidate, reason = "that it succeeds is often all")]
    pub fn keyfob(&self, arguments: &[&str]) -> String {
        command::run(self.root(&["keyfob"]).args(arguments)).expect("keyfob")
    }

    /// The account's wrong codes at sign-in since the last accepted one.
    #[must_use]
    pub fn failures(&self, user: &str) -> u32 {
        administration::failures(|arguments| self.keyfob(arguments), user)
    }

    /// How the account's sign-ins ended, as the audit log has it: `accepted`, or why not.
    #[must_use]
    pub fn sign_ins(&self, user: &str) -> Vec<String> {
        administration::sign_ins(|arguments| self.keyfob(arguments), user)
    }

    /// Imports tokens.
    pub fn import(&self, tokens: &[Token]) {
        self.write("/root/seeds.csv", &administration::seed_file(tokens));
        self.keyfob(&["device", "import", "/root/seeds.csv"]);
    }

    /// Associates a token with an account, by its codes at counters 0 and 1, or of the last step and this one.
    #[must_use]
    pub fn enable(&self, user: &str, token: &Token) -> Enrolled {
        administration::enable(|arguments| self.keyfob(arguments), user, token)
    }

    /// Imports a token that follows its button, and associates it with an account.
    #[must_use]
    pub fn enroll(&self, user: &str) -> Enrolled {
        let token = Token::new(&format!("fob-{user}"), Kind::Hotp);
        self.import(std::slice::from_ref(&token));
        self.enable(user, &token)
    }
}

impl Default for Host {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // The end of its input is its end, and with the first process every other one is gone.
        drop(self.first_process.stdin.take());
        drop(self.first_process.wait());
    }
}

fn running(mut command: Command, account: &str, words: &[&str]) -> Command {
    let ids = [format!("--reuid={account}"), format!("--regid={account}")];
    command.args(ids).args(["--init-groups", "--reset-env"]);
    command.args(["sh", "-c", r#"cd; exec "$@""#, "sh"]).args(words).stdin(Stdio::null());
    command
}

/// Runs a program that reads a text from its standard input, to its end, whatever comes of it.
#[must_use]
pub fn typed(command: &mut Command, text: &str) -> Output {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("a program that starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // It may have ended without reading.
    drop(stdin.write_all(text.as_bytes()));
    drop(stdin);
    child.wait_with_output().expect("a program that ends")
}

fn collect_software(folder: &Path) {
    static BUILT: OnceLock<[PathBuf; 2]> = OnceLock::new();
    let [keyfob, module] = BUILT.get_or_init(|| {
        let built = [build::keyfob(), build::pam_module()].map(|built| built.expect("a release build"));
        built.map(|built| build::own_copy(&built).expect("a copy"))
    });
    symlink(keyfob, folder.join("keyfob")).expect("a link");
    symlink(module, folder.join("pam_keyfob.so")).expect("a link");
    Driver::compile(folder).expect("the driver");
    fs::write(folder.join("askpass"), ASKPASS).expect("a file");
}

/// The namespace of processes is that of the holder's children.
pub(crate) fn entering(holder: u32) -> Vec<String> {
    let [target, pid] = [format!("--target={holder}"), format!("--pid=/proc/{holder}/ns/pid_for_children")];
    ["nsenter", &target, "--mount", "--net", &pid, "--"].map(str::to_owned).into()
}

/// A program of an account's, ssh or one that runs it, whose prompts are answered by a password and a code and noted in the account's home.
#[must_use]
pub fn asking(host: &Host, account: &str, [password, code]: [&str; 2], words: &[&str]) -> Command {
    let mut command = vec!["env".to_owned(), "SSH_ASKPASS=/usr/local/bin/askpass".to_owned()];
    command.push("SSH_ASKPASS_REQUIRE=force".to_owned());
    command.push(format!("PROMPTS=/home/{account}/prompts"));
    command.extend([format!("PASSWORD={password}"), format!("CODE={code}")]);
    let command: Vec<&str> = command.iter().map(String::as_str).chain(words.iter().copied()).collect();
    host.user(account, &command)
}
