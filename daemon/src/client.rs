use std::io::{self, ErrorKind};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use keyfob_authority::{
    AccountSummary, Authority, Begun, Caller, DeviceSummary, Error, Event, EventFilter, ImportMode,
    ImportReport, IssuedRecoveryCode, Principal, Proof, RecoveryCodeLifetime, Refused, SignedIn,
    StartedSession, Unusable,
};
use keyfob_core::{AccountName, Code, ImportedDevice, RecoveryCode, SerialNumber, Submission};
use nix::sys::socket::sockopt::{PeerCredentials, SendTimeout};
use nix::sys::socket::{
    AddressFamily, SockFlag, SockType, UnixAddr, connect, getsockopt, setsockopt, socket,
};
use nix::sys::time::TimeVal;
use nix::unistd::geteuid;

use crate::frame::{self, Deadline};
use crate::protocol::{DeviceToImport, Message, Pair, Reply, Request, SecretText, encode, encoded_length};

/// Most bytes of an answer: a list of a million devices.
const MAX_ANSWER: usize = 512 * 1024 * 1024;

/// Most bytes of an import on behalf of a caller of the enrollment service: some 150,000 devices.
pub const MAX_IMPORT: usize = 16 * 1024 * 1024;

/// The reply that fits the request; another one is nonsense.
macro_rules! expect_reply {
    ($client:ident, $reply:expr, $pattern:pat => $value:expr) => {
        match $reply {
            $pattern => Ok($value),
            _ => Err($client.nonsense()),
        }
    };
}

mod access_control;

/// Asks the daemon. Every call is one connection, but for a sign-in, whose answer goes where it began.
pub struct Client {
    socket: PathBuf,
    patience: Duration,
    proof: Option<Proof>,
    /// Where a sign-in has begun. The daemon hangs up soon.
    begun: Mutex<Option<UnixStream>>,
}

impl Client {
    /// How long a sign-in waits for the daemon.
    pub const SIGN_IN_PATIENCE: Duration = Duration::from_secs(5);
    /// How long administration waits for the daemon's next word.
    pub const ADMINISTRATION_PATIENCE: Duration = Duration::from_secs(60);

    /// A client of the daemon at `socket`, which refuses to wait longer than `patience`.
    #[must_use]
    pub const fn new(socket: PathBuf, patience: Duration) -> Self {
        Self { socket, patience, proof: None, begun: Mutex::new(None) }
    }

    /// The same, on behalf of whoever this proves: the daemon checks the proof, and whether that account may do what is asked.
    #[must_use]
    pub fn on_behalf(self, proof: Proof) -> Self {
        Self { proof: Some(proof), ..self }
    }

    /// On whose behalf it asks.
    ///
    /// # Errors
    /// [`Error::Refused`] where the proof is not good, or there is none.
    pub fn principal(&self) -> Result<Principal, Error> {
        expect_reply!(self, self.ask(&Request::Identify)?, Reply::Principal(principal) => principal)
    }

    /// Starts the browser's session of an account by its password, which the daemon checks.
    ///
    /// # Errors
    /// [`Error::Refused`] where the password is wrong, or there is no such account.
    pub fn sign_in_with_password(
        &self,
        account: &AccountName,
        password: &str,
        caller: &Caller,
    ) -> Result<StartedSession, Error> {
        let (account, caller) = (account.clone(), caller.clone());
        let password = SecretText::new(password.into());
        let request = Request::SignInWithPassword { account, password, caller };
        expect_reply!(self, self.ask(&request)?, Reply::StartedSession(started) => started)
    }

    /// Whether there is a socket: then the daemon is asked, whether or not it answers.
    ///
    /// # Errors
    /// [`Unusable::Daemon`] where that can't be found out.
    pub fn is_there(socket: &Path) -> Result<bool, Unusable> {
        match socket.symlink_metadata() {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Unusable::Daemon { socket: socket.into(), detail: error.to_string() }),
        }
    }

    fn ask(&self, request: &Request) -> Result<Reply, Error> {
        self.ask_with_progress(request, None)
    }

    /// The deadline is that of the whole, but where progress is told: then it is that of the next word.
    fn ask_with_progress(
        &self,
        request: &Request,
        progress: Option<&mut dyn FnMut(usize)>,
    ) -> Result<Reply, Error> {
        self.ask_on_behalf(self.proof.as_ref(), request, progress)
    }

    fn ask_on_behalf(
        &self,
        proof: Option<&Proof>,
        request: &Request,
        mut progress: Option<&mut dyn FnMut(usize)>,
    ) -> Result<Reply, Error> {
        let mut deadline = Deadline::after(self.patience);
        let connection = self.send(&(proof, request), deadline).map_err(|error| self.failed(&error))?;
        loop {
            match receive(&connection, deadline).map_err(|error| self.failed(&error))? {
                Message::Done(reply) => {
                    if reply.asks() {
                        *self.begun() = Some(connection);
                    }
                    return Ok(reply);
                }
                Message::Refused(refused) => return Err(refused.into()),
                Message::Unusable(detail) => return Err(Unusable::Remote(detail).into()),
                Message::ConcurrentModification(serial) => {
                    return Err(Unusable::ConcurrentModification(serial).into());
                }
                Message::Progress(number) => {
                    let Some(progress) = &mut progress else { return Err(self.nonsense()) };
                    progress(usize::try_from(number).unwrap_or(usize::MAX));
                    deadline = Deadline::after(self.patience);
                }
            }
        }
    }

    fn is_too_long(&self, import: &Request) -> Result<bool, Error> {
        let length = encoded_length(&(self.proof.as_ref(), import)).map_err(|error| self.failed(&error))?;
        Ok(length > MAX_IMPORT)
    }

    fn send(&self, sent: &(Option<&Proof>, &Request), deadline: Deadline) -> io::Result<UnixStream> {
        let frame = encode(sent)?;
        let begun = self.begun().take();
        if let Some(begun) = begun {
            match frame::write(&begun, &frame, deadline) {
                // The daemon has hung up, and has read nothing of it.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
                written => return written.map(|()| begun),
            }
        }
        let connection = self.connect(deadline)?;
        frame::write(&connection, &frame, deadline)?;
        Ok(connection)
    }

    fn begun(&self) -> MutexGuard<'_, Option<UnixStream>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a daemon whose queue is full, but not for ever. What answers has to be root's or our own.
    fn connect(&self, deadline: Deadline) -> io::Result<UnixStream> {
        let connection = socket(AddressFamily::Unix, SockType::Stream, SockFlag::SOCK_CLOEXEC, None)?;
        let left = deadline.left()?;
        let seconds = left.as_secs().try_into().unwrap_or(i64::MAX);
        setsockopt(&connection, SendTimeout, &TimeVal::new(seconds, left.subsec_micros().into()))?;
        connect(connection.as_raw_fd(), &UnixAddr::new(&self.socket)?)?;
        let owner = getsockopt(&connection, PeerCredentials)?.uid();
        if owner != 0 && owner != geteuid().as_raw() {
            return Err(io::Error::new(ErrorKind::PermissionDenied, format!("uid {owner} answers there")));
        }
        Ok(connection.into())
    }

    fn failed(&self, error: &io::Error) -> Error {
        let detail = match error.kind() {
            ErrorKind::ConnectionRefused => {
                "nothing answers there: start `keyfob daemon`, or remove the socket".into()
            }
            ErrorKind::NotFound => "it is not there: start `keyfob daemon`".into(),
            ErrorKind::TimedOut | ErrorKind::WouldBlock => {
                format!("no answer within {} s: look at its log", self.patience.as_secs())
            }
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
                "it hung up: try again, and look at its log".into()
            }
            _ => error.to_string(),
        };
        Unusable::Daemon { socket: self.socket.clone(), detail }.into()
    }

    fn nonsense(&self) -> Error {
        let detail = "its answer makes no sense: restart it, it may be of another version".into();
        Unusable::Daemon { socket: self.socket.clone(), detail }.into()
    }
}

fn receive(connection: &UnixStream, deadline: Deadline) -> io::Result<Message> {
    let message = frame::read(connection, MAX_ANSWER, deadline)?;
    postcard::from_bytes(&message).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
}

impl Authority for Client {
    fn begin(&self, account: &AccountName, caller: &Caller) -> Result<Begun, Error> {
        let request = Request::Begin { account: account.clone(), caller: caller.clone() };
        expect_reply!(self, self.ask(&request)?, Reply::Begun(begun) => begun)
    }

    fn answer(&self, account: &AccountName, answer: &str, caller: &Caller) -> Result<SignedIn, Error> {
        let answer = SecretText::new(answer.into());
        let request = Request::Answer { account: account.clone(), answer, caller: caller.clone() };
        expect_reply!(self, self.ask(&request)?, Reply::SignedIn(signed_in) => signed_in)
    }

    fn resynchronise_at_sign_in(
        &self,
        account: &AccountName,
        code1: &Code,
        code2: &Code,
        caller: &Caller,
    ) -> Result<SerialNumber, Error> {
        let [code1, code2] = [code1, code2].map(|code| SecretText::new(code.reveal()));
        let (account, caller) = (account.clone(), caller.clone());
        let request = Request::ResynchroniseAtSignIn { account, code1, code2, caller };
        expect_reply!(self, self.ask(&request)?, Reply::Serial(serial) => serial)
    }

    fn import(
        &self,
        devices: &[ImportedDevice],
        mode: ImportMode,
        progress: &mut dyn FnMut(usize),
        caller: &Caller,
    ) -> Result<ImportReport, Error> {
        let devices = devices.iter().map(DeviceToImport::new).collect();
        let request = Request::Import { devices, mode, caller: caller.clone() };
        if self.proof.is_some() && self.is_too_long(&request)? {
            return Err(Refused::ImportLimit.into());
        }
        let reply = self.ask_with_progress(&request, Some(progress))?;
        expect_reply!(self, reply, Reply::Imported(report) => report)
    }

    fn devices(&self) -> Result<Vec<DeviceSummary>, Error> {
        expect_reply!(self, self.ask(&Request::Devices)?, Reply::Devices(devices) => devices)
    }

    fn device(&self, serial: &SerialNumber) -> Result<DeviceSummary, Error> {
        expect_reply!(self, self.ask(&Request::Device(serial.clone()))?, Reply::Device(device) => device)
    }

    fn remove_device(&self, serial: &SerialNumber, caller: &Caller) -> Result<(), Error> {
        let request = Request::RemoveDevice { serial: serial.clone(), caller: caller.clone() };
        expect_reply!(self, self.ask(&request)?, Reply::Nothing => ())
    }

    fn associate(
        &self,
        account: &AccountName,
        submission: &Submission,
        caller: &Caller,
    ) -> Result<DeviceSummary, Error> {
        let pair = Pair::new(submission);
        let request = Request::Associate { account: account.clone(), pair, caller: caller.clone() };
        expect_reply!(self, self.ask(&request)?, Reply::Device(device) => device)
    }

    fn resynchronise(
        &self,
        account: &AccountName,
        submission: &Submission,
        caller: &Caller,
    ) -> Result<DeviceSummary, Error> {
        let pair = Pair::new(submission);
        let request = Request::Resynchronise { account: account.clone(), pair, caller: caller.clone() };
        expect_reply!(self, self.ask(&request)?, Reply::Device(device) => device)
    }

    fn deactivate(&self, account: &AccountName, serial: &SerialNumber, caller: &Caller) -> Result<(), Error> {
        let (account, serial, caller) = (account.clone(), serial.clone(), caller.clone());
        let request = Request::Deactivate { account, serial, caller };
        expect_reply!(self, self.ask(&request)?, Reply::Nothing => ())
    }

    fn accounts(&self) -> Result<Vec<AccountSummary>, Error> {
        expect_reply!(self, self.ask(&Request::Accounts)?, Reply::Accounts(accounts) => accounts)
    }

    fn account(&self, account: &AccountName) -> Result<AccountSummary, Error> {
        expect_reply!(self, self.ask(&Request::Account(account.clone()))?, Reply::Account(account) => account)
    }

    fn add_account(&self, account: &AccountName, caller: &Caller) -> Result<AccountSummary, Error> {
        let request = Request::AddAccount { account: account.clone(), caller: caller.clone() };
        expect_reply!(self, self.ask(&request)?, Reply::Account(account) => account)
    }

    fn remove_account(&self, account: &AccountName, caller: &Caller) -> Result<Vec<SerialNumber>, Error> {
        let request = Request::RemoveAccount { account: account.clone(), caller: caller.clone() };
        expect_reply!(self, self.ask(&request)?, Reply::Serials(serials) => serials)
    }

    fn unlock_account(&self, account: &AccountName, caller: &Caller) -> Result<(), Error> {
        let request = Request::UnlockAccount { account: account.clone(), caller: caller.clone() };
        expect_reply!(self, self.ask(&request)?, Reply::Nothing => ())
    }

    fn create_recovery_codes(
        &self,
        account: &AccountName,
        caller: &Caller,
    ) -> Result<Vec<RecoveryCode>, Error> {
        let request = Request::CreateRecoveryCodes { account: account.clone(), caller: caller.clone() };
        let codes = expect_reply!(self, self.ask(&request)?, Reply::RecoveryCodes(codes) => codes)?;
        codes.iter().map(|code| code.recovery_code().ok_or_else(|| self.nonsense())).collect()
    }

    fn issue_recovery_code(
        &self,
        account: &AccountName,
        lifetime: RecoveryCodeLifetime,
        caller: &Caller,
    ) -> Result<IssuedRecoveryCode, Error> {
        let (account, caller) = (account.clone(), caller.clone());
        let reply = self.ask(&Request::IssueRecoveryCode { account, lifetime, caller })?;
        let (code, expires) =
            expect_reply!(self, reply, Reply::IssuedRecoveryCode { code, expires } => (code, expires))?;
        let code = code.recovery_code().ok_or_else(|| self.nonsense())?;
        Ok(IssuedRecoveryCode { code, expires })
    }

    fn events(&self, filter: &EventFilter) -> Result<Vec<Event>, Error> {
        expect_reply!(self, self.ask(&Request::Events(filter.clone()))?, Reply::Events(events) => events)
    }
}

#[cfg(all(test, feature = "server"))]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test")]
mod tests;
