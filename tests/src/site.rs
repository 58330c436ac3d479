//! A store of its own with everything that a sign-in needs.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test without its site has failed"
)]

use std::{
    fs,
    os::unix::fs::symlink,
    path::PathBuf,
    process::{Command, Output},
    sync::OnceLock,
};

use crate::{
    Daemon, Driver, Result, Service, SignIn, Token, administration, build, command, log::Log,
    namespace::Namespace, scratch::Scratch, token::Kind,
};

/// The service whose stack is a stand-in for the password check, then Keyfob's module.
pub const SERVICE: &str = "keyfob";
/// The service whose stack is Keyfob's module alone: libpam makes `PAM_PERM_DENIED` of a module that wants to be ignored.
pub const ALONE: &str = "keyfob-alone";

/// What libpam reads with every service, and has to find: where there is none, it logs that.
pub const OTHER: &str = "auth required pam_deny.so\n";

/// Seconds after which a sign-in that hangs is ended, so that its test fails.
const DEADLINE: &str = "300";

/// A store, policy, key and PAM services in a folder that goes away.
#[derive(Debug)]
pub struct Site {
    apart: Option<(Namespace, Log)>,
    folder: Scratch,
    driver: Driver,
    keyfob: PathBuf,
}

/// A token that is associated with an account.
#[derive(Clone, Debug)]
pub struct Enrolled {
    /// The account.
    pub user: String,
    /// The token.
    pub token: Token,
    /// The counter or time step of its next code.
    pub next: u64,
}

impl Site {
    /// A new one, initialised.
    #[must_use]
    pub fn new() -> Self {
        Self::set_up(false, None)
    }

    /// One whose log lines can be read.
    #[must_use]
    pub fn with_log() -> Self {
        Self::set_up(true, None)
    }

    /// One whose log lines can be read and whose store stands on a disk of that size (`400k`).
    #[must_use]
    pub fn with_disk(size: &str) -> Self {
        Self::set_up(true, Some(size))
    }

    fn set_up(apart: bool, disk: Option<&str>) -> Self {
        let folder = Scratch::new().expect("a folder");
        let make = |name: &str| {
            let path = folder.path().join(name);
            fs::create_dir(&path).expect("a folder");
            path
        };
        let (dev, state, _) = (make("dev"), make("state"), make("pam.d"));
        let apart = apart.then(|| {
            let log = Log::new(&dev).expect("a socket for the log");
            (Namespace::new(&dev, disk.map(|size| (state.as_path(), size))).expect("a namespace"), log)
        });
        let site = Self {
            apart,
            driver: Driver::compile(folder.path()).expect("the driver"),
            keyfob: built(build::keyfob, &KEYFOB),
            folder,
        };
        // Under the name that it is installed by, which the log shows.
        symlink(built(build::pam_module, &MODULE), site.module()).expect("a link");
        site.keyfob_done(&["init"]);
        site.write_service("other", OTHER);
        site.write_services("");
        site
    }

    /// The folder's path.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where the store is. On a disk of its own, only programs inside see it.
    #[must_use]
    pub fn store(&self) -> PathBuf {
        self.path("state/keyfob.db")
    }

    /// Where the store's log is, SQLite's own.
    #[must_use]
    pub fn write_ahead_log(&self) -> PathBuf {
        self.path("state/keyfob.db-wal")
    }

    /// Copies store, policy and key away.
    pub fn save(&self, name: &str) {
        let spare = self.path(name);
        fs::create_dir(&spare).expect("a folder");
        command::run(Command::new("cp").arg("-a").args([self.path("state"), self.path("etc")]).arg(spare))
            .expect("a copy");
    }

    /// Puts what was saved back in place of what is there.
    pub fn restore(&self, name: &str) {
        for folder in ["state", "etc"] {
            let (spare, place) = (self.path(name).join(folder), self.path(folder));
            command::run(Command::new("rm").arg("-rf").arg(&place)).expect("room");
            command::run(Command::new("cp").arg("-a").args([spare, place])).expect("a copy");
        }
    }

    /// Where the policy is. The key stands beside it.
    #[must_use]
    pub fn policy(&self) -> PathBuf {
        self.path("etc/keyfob.toml")
    }

    /// Where the key is.
    #[must_use]
    pub fn key(&self) -> PathBuf {
        self.path("etc/master.key")
    }

    /// Where the daemon's socket is, while there is one.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.path("keyfob.sock")
    }

    fn module(&self) -> PathBuf {
        self.path("pam_keyfob.so")
    }

    /// The module's path and options, and further options, as they stand in a PAM service's file.
    #[must_use]
    pub fn module_line(&self, options: &str) -> String {
        let (module, store, policy, socket) = (self.module(), self.store(), self.policy(), self.socket());
        let [module, store, policy, socket] = [&module, &store, &policy, &socket].map(|path| path.display());
        format!("{module} store={store} config={policy} socket={socket} {options}")
    }

    /// Writes the PAM services, with further options for the module.
    pub fn write_services(&self, options: &str) {
        let module = format!("auth required {}\n", self.module_line(options));
        self.write_service(ALONE, &module);
        self.write_service(SERVICE, &format!("auth required pam_permit.so\n{module}"));
    }

    /// Writes a PAM service's file.
    pub fn write_service(&self, service: &str, text: &str) {
        fs::write(self.path("pam.d").join(service), text).expect("a service file");
    }

    /// The command line with which a program sees what the module sees.
    #[must_use]
    pub fn inside(&self) -> &[String] {
        self.apart.as_ref().map_or(&[], |(namespace, _)| namespace.entering())
    }

    /// Runs a program inside; it has to succeed.
    pub fn run_inside(&self, program: &str, arguments: &[&str]) {
        command::run(command::after(self.inside(), program).args(arguments))
            .expect("a program that succeeds");
    }

    /// What has been logged since the last call.
    #[allow(clippy::must_use_candidate, reason = "that room is made for more is often all")]
    pub fn logged(&self) -> Vec<String> {
        let (_, log) = self.apart.as_ref().expect("a site with a log");
        let lines = log.lines().expect("the log");
        // Without the program, which is always the driver.
        lines
            .iter()
            .map(|line| line.split_once(": ").map_or(line.as_str(), |(_, text)| text).to_owned())
            .collect()
    }

    /// Runs `keyfob` on this store.
    #[must_use]
    pub fn keyfob(&self, arguments: &[&str]) -> Output {
        command::output(&mut self.keyfob_command(arguments)).expect("keyfob")
    }

    /// `keyfob` on this store, about to run.
    #[must_use]
    pub fn keyfob_command(&self, arguments: &[&str]) -> Command {
        let mut command = command::after(self.inside(), &self.keyfob);
        self.add_files(&mut command).args(arguments);
        command
    }

    fn add_files<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.arg("--store").arg(self.store()).arg("--config").arg(self.policy());
        command.arg("--socket").arg(self.socket())
    }

    /// Starts the daemon, under another program (`strace …`) or none, and waits until it serves.
    #[must_use]
    pub fn start_daemon(&self, words: &[&str]) -> Daemon {
        Daemon::start(self.tied_keyfob(words).arg("daemon")).expect("a daemon that serves")
    }

    /// Starts the enrollment service on a free port, and waits until it serves.
    #[must_use]
    pub fn start_service(&self) -> Service {
        self.start_service_with(&["--listen", "127.0.0.1:0"])
    }

    /// Starts the enrollment service with these options, and waits until it serves.
    #[must_use]
    pub fn start_service_with(&self, options: &[&str]) -> Service {
        Service::start(self.tied_keyfob(&[]).arg("serve").args(options)).expect("a service that serves")
    }

    /// `keyfob` under another program or none. What it runs under ends with this thread, and it ends with that: a run that is killed
    /// leaves none behind.
    fn tied_keyfob(&self, words: &[&str]) -> Command {
        let words = [&command::TIE, words, &command::TIE].concat();
        let words: Vec<String> =
            self.inside().iter().cloned().chain(words.iter().map(ToString::to_string)).collect();
        let mut command = command::after(&words, &self.keyfob);
        self.add_files(&mut command);
        command
    }

    /// Runs `keyfob` on this store, and says what it wrote; it has to succeed.
    #[allow(clippy::must_use_candidate, reason = "that it succeeds is often all")]
    pub fn keyfob_done(&self, arguments: &[&str]) -> String {
        let output = self.keyfob(arguments);
        let error = command::text(&output.stderr);
        assert!(output.status.success(), "keyfob {arguments:?} ended with {}: {error}", output.status);
        command::text(&output.stdout)
    }

    /// How the account's sign-ins ended, as the audit log has it: `accepted`, or why not.
    #[must_use]
    pub fn sign_ins(&self, user: &str) -> Vec<String> {
        administration::sign_ins(|arguments| self.keyfob_done(arguments), user)
    }

    /// The account's wrong codes at sign-in since the last accepted one.
    #[must_use]
    pub fn failures(&self, user: &str) -> u32 {
        administration::failures(|arguments| self.keyfob_done(arguments), user)
    }

    /// Imports tokens.
    pub fn import(&self, tokens: &[Token]) {
        let output = self.try_import(tokens);
        assert!(output.status.success(), "import: {}", command::text(&output.stderr));
    }

    /// Imports tokens, whatever comes of it.
    #[must_use]
    pub fn try_import(&self, tokens: &[Token]) -> Output {
        self.keyfob(&["device", "import", &self.write_seed_file(tokens).to_string_lossy()])
    }

    /// Writes their seed file, and says where it is.
    #[must_use]
    pub fn write_seed_file(&self, tokens: &[Token]) -> PathBuf {
        let file = self.path("seeds.csv");
        fs::write(&file, administration::seed_file(tokens)).expect("a seed file");
        file
    }

    /// Associates a token with an account, by its codes at counters 0 and 1, or of the last step and this one.
    #[must_use]
    pub fn enable(&self, user: &str, token: &Token) -> Enrolled {
        administration::enable(|arguments| self.keyfob_done(arguments), user, token)
    }

    /// Imports a token and associates it with an account.
    #[must_use]
    pub fn enroll(&self, user: &str, serial: &str, kind: Kind) -> Enrolled {
        let token = Token::new(serial, kind);
        self.import(std::slice::from_ref(&token));
        self.enable(user, &token)
    }

    /// A sign-in to [`SERVICE`].
    #[must_use]
    pub fn sign_in(&self, user: &str) -> SignIn {
        self.sign_in_to(SERVICE, user)
    }

    /// A sign-in to a service.
    #[must_use]
    pub fn sign_in_to(&self, service: &str, user: &str) -> SignIn {
        self.sign_in_under(&[], service, user)
    }

    /// A sign-in to a service, with the driver under another program (`strace …`).
    #[must_use]
    pub fn sign_in_under(&self, words: &[&str], service: &str, user: &str) -> SignIn {
        let words: Vec<String> =
            self.inside().iter().cloned().chain(words.iter().map(ToString::to_string)).collect();
        let sign_in = SignIn::new(&self.driver, &words, service, user, &self.path("pam.d"));
        sign_in.option("--deadline").option(DEADLINE)
    }
}

impl Default for Site {
    fn default() -> Self {
        Self::new()
    }
}

impl Enrolled {
    /// The token's next code: for one that follows its button, each call presses it.
    #[must_use]
    pub fn code(&mut self) -> String {
        let code = self.token.code(self.next).expect("oathtool");
        self.next += 1;
        code
    }

    /// A code that is none of the token's near its position.
    #[must_use]
    pub fn wrong_code(&self) -> String {
        self.token.wrong_code(self.next).expect("oathtool")
    }
}

/// This process's account.
#[must_use]
pub fn me() -> String {
    command::run(Command::new("id").arg("-un")).expect("an account of one's own")
}

/// An account that every Debian has, and this process's is not.
#[must_use]
pub fn somebody_else() -> &'static str {
    if me() == "daemon" { "bin" } else { "daemon" }
}

static KEYFOB: OnceLock<PathBuf> = OnceLock::new();
static MODULE: OnceLock<PathBuf> = OnceLock::new();

fn built(build: fn() -> Result<PathBuf>, once: &'static OnceLock<PathBuf>) -> PathBuf {
    let copy = || build::own_copy(&build().expect("a release build")).expect("a copy");
    once.get_or_init(copy).clone()
}
