//! Standard input: lines for scripts, questions for a person at a terminal. Questions go to standard error,
//! so that standard output stays the command's answer. What is typed is echoed: a code is worth nothing once
//! it is used, and typing it blindly costs tries.

use std::ffi::OsStr;
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::os::fd::AsFd;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use zeroize::Zeroizing;

use crate::exit::Failure;

/// Most bytes of a line, a terminal's own limit.
const MAX_LINE_BYTES: u64 = 4096;

const SAVE_CURSOR: &str = "\x1b7";
const RESTORE_CURSOR: &str = "\x1b8";
const LINE_ABOVE: &str = "\x1b[1A\r\x1b[2K";

/// Whether a person is there to answer.
pub fn is_interactive() -> bool {
    io::stdin().is_terminal()
}

/// The next line of standard input, without white space around it.
pub fn read_line() -> Result<Zeroizing<String>, Failure> {
    let mut line = Zeroizing::new(Vec::new());
    io::stdin().lock().take(MAX_LINE_BYTES).read_until(b'\n', &mut line).map_err(Failure::Input)?;
    if line.is_empty() {
        return Err(Failure::NoInput);
    }
    Ok(Zeroizing::new(String::from_utf8_lossy(&line).trim().to_owned()))
}

/// What was given on the command line; a line of standard input for `-` and where nothing was.
pub fn argument_or_line(argument: Option<&str>) -> Result<Zeroizing<String>, Failure> {
    match argument {
        Some(text) if text != "-" => Ok(Zeroizing::new(text.to_owned())),
        _ => read_line(),
    }
}

/// Asks for a line.
pub fn ask(label: &str) -> Result<Zeroizing<String>, Failure> {
    show(&format!("{label}: "));
    read_line()
}

/// Asks for a line; above the question stands what `notice` says, anew every second. The person may answer at
/// any time.
pub fn ask_under_notice(label: &str, notice: impl Fn() -> String) -> Result<Zeroizing<String>, Failure> {
    let mut shown = notice();
    show(&format!("{shown}\n{label}: "));
    while !answer_is_there()? {
        let current = notice();
        if current != shown && can_move_cursor() {
            show(&format!("{SAVE_CURSOR}{LINE_ABOVE}{current}{RESTORE_CURSOR}"));
        }
        shown = current;
    }
    read_line()
}

/// Tells the person something on a line of its own.
pub fn tell(message: &str) {
    show(&format!("{message}\n"));
}

fn show(text: &str) {
    // A terminal that is gone also ends standard input, which is noticed there.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Waits a second at most. A terminal hands over whole lines, one a read, so that none is left in the buffer
/// of standard input.
fn answer_is_there() -> Result<bool, Failure> {
    let stdin = io::stdin();
    let mut descriptors = [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)];
    match poll(&mut descriptors, PollTimeout::from(1000u16)) {
        Ok(ready) => Ok(ready > 0),
        Err(Errno::EINTR) => Ok(false),
        Err(error) => Err(Failure::Input(error.into())),
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "no sign-in runs this, and only the environment knows the terminal"
)]
fn can_move_cursor() -> bool {
    let terminal = std::env::var_os("TERM");
    io::stderr().is_terminal() && terminal.is_some_and(|name| !name.is_empty() && name != OsStr::new("dumb"))
}
