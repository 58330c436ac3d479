//! The child.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use nix::sys::prctl::set_pdeathsig;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::Signal;
use nix::unistd::{dup2_stdin, setsid};
use pam_client2::{Context, ConversationHandler, ErrorCode, Flag};
use thiserror::Error;

use super::SERVICE;
use super::question::{MAX_QUESTION, Question, write_answer};
use super::service_file::{Fault, ServiceFile};
use crate::frame::{self, Deadline};
use crate::server::memory;

/// What modules are told in place of a terminal, as `ssh` by sshd.
const TERMINAL: &str = "keyfob";

/// How long the daemon may take to ask, and to take the answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Seconds of processor time, and open files.
const PROCESSOR_SECONDS: u64 = 10;
const OPEN_FILES: u64 = 64;

/// Why a password can't be checked. The daemon's log shows it.
#[derive(Debug, Error)]
pub enum CheckFailure {
    /// Nobody asks.
    #[error("`keyfob check-password` can't be asked ({0}): it is for `keyfob daemon` alone")]
    Question(io::Error),
    /// The system.
    #[error("the system does not let a password be checked: {0}")]
    System(#[from] nix::Error),
    /// The service itself. The daemon has looked, too, and told the caller.
    #[error(transparent)]
    Service(#[from] Fault),
    /// PAM, or one of the service's modules.
    #[error("the PAM service {SERVICE} can't check a password: {0}")]
    Pam(#[from] pam_client2::Error),
    /// A module that asks for a code, a name or a new password.
    #[error("the PAM service {SERVICE} asks for more than a password: take that out of /etc/pam.d/{SERVICE}")]
    AsksForMore,
    /// A service that lets in whoever comes.
    #[error(
        "the PAM service {SERVICE} does not ask for a password: put pam_unix.so into /etc/pam.d/{SERVICE}"
    )]
    AsksForNothing,
    /// A module that maps names.
    #[error(
        "the PAM service {SERVICE} lets {asked} in as another account: take that out of /etc/pam.d/{SERVICE}"
    )]
    OtherAccount {
        /// Whose password it was to be.
        asked: String,
    },
}

/// Checks one password with PAM, on behalf of the daemon, which asks on standard input. The process is one of its own, without store, key
/// or anything else of the daemon's.
///
/// # Errors
/// [`CheckFailure`] where there is no answer, which the daemon takes for a refusal.
pub fn answer_password_check() -> Result<(), CheckFailure> {
    confine()?;
    let socket = take_standard_input().map_err(CheckFailure::Question)?;
    let asked =
        frame::read(&socket, MAX_QUESTION, Deadline::after(PATIENCE)).map_err(CheckFailure::Question)?;
    let question = postcard::from_bytes(&asked);
    let question = question.map_err(|error| CheckFailure::Question(io::Error::other(error)))?;
    ServiceFile::default().check()?;
    let is_right = is_right(&question)?;
    write_answer(is_right, &socket, Deadline::after(PATIENCE)).map_err(CheckFailure::Question)
}

/// It ends with the daemon, and is nobody else's to stop or to look into.
fn confine() -> nix::Result<()> {
    set_pdeathsig(Signal::SIGKILL)?;
    setsid()?;
    // What is not allowed here is not allowed to the daemon either, which has said so.
    memory::harden(|_, _| {});
    setrlimit(Resource::RLIMIT_CPU, PROCESSOR_SECONDS, PROCESSOR_SECONDS)?;
    setrlimit(Resource::RLIMIT_NOFILE, OPEN_FILES, OPEN_FILES)
}

/// No module gets hold of what the answer is written to.
fn take_standard_input() -> io::Result<UnixStream> {
    let socket: OwnedFd = io::stdin().as_fd().try_clone_to_owned()?;
    dup2_stdin(File::open("/dev/null")?)?;
    Ok(socket.into())
}

fn is_right(question: &Question<'_>) -> Result<bool, CheckFailure> {
    let prompt = OnePrompt { password: question.password, answered: false, asked_for_more: false };
    let mut pam = Context::new(SERVICE, Some(question.account), prompt)?;
    pam.set_tty(Some(TERMINAL))?;
    if question.remote.is_some() {
        pam.set_rhost(question.remote)?;
    }
    let flags = Flag::DISALLOW_NULL_AUTHTOK | Flag::SILENT;
    let outcome = pam.authenticate(flags).and_then(|()| pam.acct_mgmt(flags));
    if pam.conversation().asked_for_more {
        return Err(CheckFailure::AsksForMore);
    }
    match outcome {
        Ok(()) => check_success(&pam, question.account).map(|()| true),
        Err(error) if is_refusal(error.code()) => Ok(false),
        Err(error) => Err(CheckFailure::Pam(error)),
    }
}

/// A success says something of this account's password only where the password was asked for and the account is still the same.
fn check_success(pam: &Context<OnePrompt<'_>>, account: &str) -> Result<(), CheckFailure> {
    if !pam.conversation().answered {
        return Err(CheckFailure::AsksForNothing);
    }
    if pam.user()? != account {
        return Err(CheckFailure::OtherAccount { asked: account.to_owned() });
    }
    Ok(())
}

/// What PAM says of password and account. Whatever else it says is a fault of the system.
fn is_refusal(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::AUTH_ERR
            | ErrorCode::USER_UNKNOWN
            | ErrorCode::MAXTRIES
            | ErrorCode::PERM_DENIED
            | ErrorCode::ACCT_EXPIRED
            | ErrorCode::NEW_AUTHTOK_REQD
            | ErrorCode::AUTHTOK_EXPIRED
            | ErrorCode::CRED_EXPIRED
    )
}

/// Answers one hidden prompt, and no other.
struct OnePrompt<'a> {
    password: &'a str,
    answered: bool,
    asked_for_more: bool,
}

impl OnePrompt<'_> {
    fn refuse(&mut self) -> ErrorCode {
        self.asked_for_more = true;
        ErrorCode::CONV_ERR
    }
}

impl ConversationHandler for OnePrompt<'_> {
    fn prompt_echo_off(&mut self, _: &CStr) -> Result<CString, ErrorCode> {
        if self.answered {
            return Err(self.refuse());
        }
        self.answered = true;
        CString::new(self.password).map_err(|_| ErrorCode::CONV_ERR)
    }

    fn prompt_echo_on(&mut self, _: &CStr) -> Result<CString, ErrorCode> {
        Err(self.refuse())
    }

    fn radio_prompt(&mut self, _: &CStr) -> Result<bool, ErrorCode> {
        Err(self.refuse())
    }

    fn binary_prompt(&mut self, _: u8, _: &[u8]) -> Result<(u8, Vec<u8>), ErrorCode> {
        Err(self.refuse())
    }

    fn text_info(&mut self, _: &CStr) {}

    fn error_msg(&mut self, _: &CStr) {}
}
