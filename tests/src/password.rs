//! The child that checks a password, asked as the daemon asks it.
#![allow(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its child has failed")]

use std::{
    io::{Read, Write},
    net::Shutdown,
    os::{fd::OwnedFd, unix::net::UnixStream},
    process::{Command, Stdio},
};

use crate::{Host, command};

/// What came of a check.
#[derive(Debug, PartialEq, Eq)]
pub enum Check {
    /// It was right, and the child ended well.
    Right,
    /// It was not, and the child ended well.
    Refused,
    /// There was no answer; this stands in the log.
    Unanswered(String),
}

/// Has `keyfob check-password` look at a password, as root.
#[must_use]
pub fn check(host: &Host, account: &str, password: &[u8]) -> Check {
    check_by(host.root(&["keyfob", "check-password"]), &question(account, password))
}

/// Has another command line look at a question, and says no more.
#[must_use]
pub fn check_by(mut command: Command, question: &[u8]) -> Check {
    let (mut socket, of_child) = UnixStream::pair().expect("a pair of sockets");
    socket.write_all(question).expect("a question");
    socket.shutdown(Shutdown::Write).expect("an end");
    command.stdin(OwnedFd::from(of_child)).stdout(Stdio::null()).stderr(Stdio::piped());
    let child = command.spawn().expect("a child");
    // It holds the other end of the socket, too.
    drop(command);
    let answer = answer(&mut socket);
    let output = child.wait_with_output().expect("a child that ends");
    match answer.filter(|_| output.status.success()) {
        Some(true) => Check::Right,
        Some(false) => Check::Refused,
        None => Check::Unanswered(command::text(&output.stderr)),
    }
}

/// What is asked: the version, the length, then name, address and password, each after its length.
#[must_use]
pub fn question(account: &str, password: &[u8]) -> Vec<u8> {
    let mut message = text(account.as_bytes());
    message.push(1);
    message.extend(text(b"192.0.2.7"));
    message.extend(text(password));
    let mut frame = vec![1];
    frame.extend(u32::try_from(message.len()).expect("a length").to_be_bytes());
    frame.extend(message);
    frame
}

/// Its length in groups of seven bits, the least first.
fn text(bytes: &[u8]) -> Vec<u8> {
    let mut length = bytes.len();
    let mut message = Vec::new();
    while length >= 128 {
        message.push(u8::try_from(length % 128 + 128).expect("a byte"));
        length /= 128;
    }
    message.push(u8::try_from(length).expect("a byte"));
    message.extend(bytes);
    message
}

/// Reads an answer to its end: was the password right?
#[must_use]
pub fn answer(socket: &mut UnixStream) -> Option<bool> {
    let mut frame = Vec::new();
    // Where the child does not read what it is sent, the system says so in place of an end.
    let _ = socket.read_to_end(&mut frame);
    match frame.get(5..) {
        Some(b"keyfob: the password is right") => Some(true),
        Some(b"keyfob: refused") => Some(false),
        _ => None,
    }
}
