use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ContextValue;
use clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand as MissingSubcommand;
use keyfob_authority::{Error, Refused, Unusable};
use keyfob_core::{MalformedCode, Throttled, UnixTime};
use keyfob_tokens::ReadError;

use crate::output::{count, printable, until};

/// Why a command did not do, or not wholly do, what it was asked to. Displayed as one sentence that says what
/// to do next.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Usage(#[from] clap::Error),
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Unusable(#[from] Unusable),
    #[error(transparent)]
    Daemon(#[from] keyfob_daemon::Failure),
    #[error(transparent)]
    PasswordCheck(#[from] keyfob_daemon::CheckFailure),
    #[error(transparent)]
    Service(#[from] keyfob_service::Failure),
    #[error("{0}: type the digits that the device shows")]
    MalformedCode(#[from] MalformedCode),
    #[error("standard input ended before there was an answer: type it, or write it one line for each")]
    NoInput,
    #[error("standard input can't be read: {0}")]
    Input(io::Error),
    #[error("the output can't be written: {0}")]
    Output(#[from] io::Error),
    #[error("the file {path} can't be read: {source}")]
    UnreadableFile { path: PathBuf, source: io::Error },
    #[error("the file {path} can't be written: {source}")]
    UnwritableFile { path: PathBuf, source: io::Error },
    #[error("{path} can't be imported: {source}")]
    SeedFile { path: PathBuf, source: ReadError },
    #[error("nothing was imported, since {} can't be: mend the file, or leave them out with --skip-rejects", count(*.0, "record"))]
    NothingImported(usize),
    #[error("{} can't be imported: mend them and import the file again", count(*.0, "record"))]
    RejectsLeftOut(usize),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refused) => Self::Refused(refused),
            Error::Unusable(unusable) => Self::Unusable(unusable),
        }
    }
}

const REFUSED: u8 = 1;
const USAGE: u8 = 2;
const UNUSABLE: u8 = 3;

impl Failure {
    fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => USAGE,
            Self::Unusable(_) | Self::Daemon(_) | Self::PasswordCheck(_) | Self::Service(_) => UNUSABLE,
            Self::Refused(_)
            | Self::MalformedCode(_)
            | Self::NoInput
            | Self::Input(_)
            | Self::Output(_)
            | Self::UnreadableFile { .. }
            | Self::UnwritableFile { .. }
            | Self::SeedFile { .. }
            | Self::NothingImported(_)
            | Self::RejectsLeftOut(_) => REFUSED,
        }
    }

    fn message(&self, now: UnixTime) -> String {
        match self {
            Self::Usage(error) => usage_message(error),
            Self::Refused(Refused::Throttled(Throttled::Until(time))) => {
                format!("too many wrong codes: wait {}", until(*time, now))
            }
            Self::Refused(Refused::Throttled(Throttled::Locked)) => {
                "too many wrong codes: unlock the account with `keyfob user unlock`".into()
            }
            other => printable(&other.to_string()),
        }
    }
}

/// Ends the program: says what failed, if anything did. Nobody reading the output any more is not a failure.
pub fn end(result: Result<(), Failure>, now: UnixTime) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Usage(help)) if !help.use_stderr() => end(help.print().map_err(Failure::Output), now),
        Err(Failure::Usage(help)) if help.kind() == MissingSubcommand => show_help(&help),
        Err(failure) => {
            say(&failure.message(now));
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Says something on standard error.
pub fn say(message: &str) {
    // Where standard error is gone, nobody is left to be told.
    let _ = writeln!(io::stderr(), "keyfob: {message}");
}

/// No command was given: what there is comes without a sentence of ours in front.
fn show_help(help: &clap::Error) -> ExitCode {
    let _ = help.print();
    ExitCode::from(USAGE)
}

/// The parser's own message, in our form and without what could disturb a terminal.
fn usage_message(error: &clap::Error) -> String {
    let message = error.render().to_string();
    message.strip_prefix("error: ").unwrap_or(&message).trim_end().to_owned()
}

/// Makes what the parser quotes from the command line harmless.
pub fn escape_arguments(mut error: clap::Error) -> clap::Error {
    let quoted: Vec<_> = error.context().filter_map(|(kind, value)| Some((kind, escaped(value)?))).collect();
    for (kind, value) in quoted {
        error.insert(kind, value);
    }
    error
}

fn escaped(value: &ContextValue) -> Option<ContextValue> {
    match value {
        ContextValue::String(text) => Some(ContextValue::String(printable(text))),
        ContextValue::Strings(texts) => {
            Some(ContextValue::Strings(texts.iter().map(|text| printable(text)).collect()))
        }
        _ => None,
    }
}
