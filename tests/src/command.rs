//! Programs run to their end.

use std::{
    ffi::OsStr,
    process::{Command, Output},
};

use crate::Result;

/// Runs a program that has to succeed, and returns what it wrote to standard output, without the last line's end.
///
/// # Errors
/// It can't be started, or does not succeed: with its command line and what it wrote to standard error.
pub fn run(command: &mut Command) -> Result<String> {
    let output = output(command)?;
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(format!("`{}` failed ({}): {}", shown(command), output.status, text(&output.stderr)).into())
    }
}

/// Runs a program, whatever comes of it.
///
/// # Errors
/// It can't be started.
pub fn output(command: &mut Command) -> Result<Output> {
    command.output().map_err(|error| format!("`{}` can't be started: {error}", shown(command)).into())
}

/// A program's command line that begins with another's (`nsenter … --`), or with none.
#[must_use]
pub fn after(prefix: &[String], program: impl AsRef<OsStr>) -> Command {
    let Some((first, rest)) = prefix.split_first() else {
        return Command::new(program);
    };
    let mut command = Command::new(first);
    command.args(rest).arg(program);
    command
}

/// The command line that ties a program to the thread that starts it, so that it is killed with it, however that ends: the program's
/// own follows.
pub const TIE: [&str; 3] = ["setpriv", "--pdeathsig", "KILL"];

/// A program that is killed when the thread that starts it ends.
#[must_use]
pub fn tied(program: impl AsRef<OsStr>) -> Command {
    after(&TIE.map(str::to_owned), program)
}

/// What a program wrote, without the last line's end.
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end_matches('\n').to_owned()
}

/// The command line as a person types it.
#[must_use]
pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| quoted(&word.to_string_lossy())).collect::<Vec<_>>().join(" ")
}

/// A word as a person types it to a shell.
#[must_use]
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=+./:,@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
