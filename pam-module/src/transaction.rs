use std::ffi::CStr;
use std::time::Duration;

use thiserror::Error;

use crate::answer::Answer;
use crate::forward::Password;

/// What a sign-in needs of libpam: one transaction, from `pam_start(3)` to `pam_end(3)`.
pub trait Transaction {
    /// The user's name as bytes. Where the application has not set it, the person is asked for it.
    fn user(&mut self) -> Result<Vec<u8>, ConversationFailed>;

    /// The service's name (`PAM_SERVICE`); what is not UTF-8 in it is replaced.
    fn service(&self) -> String;

    /// The remote host (`PAM_RHOST`), if there is one; what is not UTF-8 in it is replaced.
    fn remote(&self) -> Option<String>;

    /// The real uid of the process: under su and sudo the caller's.
    fn real_uid(&self) -> u32;

    /// Shows messages in one conversation, one prompt among them at most. The answer is `None` where nothing was asked, where the
    /// application gave no answer, and where it is too long ([`Answer::copy`]).
    fn converse(&mut self, messages: &[Message<'_>]) -> Result<Option<Answer>, ConversationFailed>;

    /// The password that a module before this one asked for (`PAM_AUTHTOK`), if there is one that is not too long.
    fn password(&self) -> Option<Answer>;

    /// Hands a password to the modules after this one (`PAM_AUTHTOK`).
    fn set_password(&mut self, password: &Password) -> Result<(), NotKept>;

    /// Keeps a code for this module's next line in the stack, in place of one that was kept before.
    fn keep_code(&mut self, code: Answer) -> Result<(), NotKept>;

    /// The code that was kept, once.
    fn take_code(&mut self) -> Option<Answer>;

    /// A variable of the PAM environment (`pam_getenv(3)`), which the application sets; never of the process's environment, which others
    /// may have set.
    fn variable(&mut self, name: &CStr) -> Option<Vec<u8>>;

    /// Asks for at least this delay if the sign-in fails.
    fn fail_delay(&mut self, delay: Duration);

    /// Writes to the system's log. The text is harmless already.
    fn log(&mut self, level: Level, text: &str);
}

/// What is shown to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message<'a> {
    /// A question; `echo`: the answer shows while it is typed.
    Prompt {
        /// The question.
        text: &'a str,
        /// Whether the answer shows.
        echo: bool,
    },
    /// Why it did not work.
    Error(&'a str),
    /// Something good to know.
    Info(&'a str),
}

/// The application can't talk with the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the application's conversation failed: it may have been interrupted, or can't ask for a code")]
pub struct ConversationFailed;

/// libpam can't keep something for the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("libpam has no memory left for a password or code: free some")]
pub struct NotKept;

/// How much a log line matters: the levels of syslog(3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Somebody has to mend something.
    Error,
    /// Somebody was refused.
    Notice,
    /// Somebody was let in.
    Info,
    /// Only with the option `debug`.
    Debug,
}
