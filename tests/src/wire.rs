//! The daemon's protocol, spoken by hand: what no client of Keyfob's sends, and a sign-in without any.

use std::{
    io::{Read, Write},
    os::unix::net::UnixStream,
    path::Path,
};

use crate::Result;

const VERSION: u8 = 1;
const HEADER: usize = 5;

/// A message as it is sent: the version, its length and itself.
#[must_use]
pub fn frame(message: &[u8]) -> Vec<u8> {
    // Nothing as long as that is sent here.
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    [&[VERSION], &length.to_be_bytes()[..], message].concat()
}

/// The first call of a sign-in: is a code to be asked for?
#[must_use]
pub fn begin(account: &str, uid: u32) -> Vec<u8> {
    let mut message = request(0, &[account]);
    message.extend(caller(uid));
    message
}

/// The second call of a sign-in: an answer.
#[must_use]
pub fn answer(account: &str, answer: &str, uid: u32) -> Vec<u8> {
    let mut message = request(1, &[account, answer]);
    message.extend(caller(uid));
    message
}

/// A request by its number in the protocol, with texts of less than 128 bytes. It is nobody else's on whose behalf it would be sent.
#[must_use]
pub fn request(number: u8, texts: &[&str]) -> Vec<u8> {
    let mut message = vec![0, number];
    for text in texts {
        message.extend(u8::try_from(text.len()).ok());
        message.extend(text.bytes());
    }
    message
}

/// The command line, without a remote host, and the real uid that it tells.
#[must_use]
pub fn caller(uid: u32) -> Vec<u8> {
    let mut caller = vec![0, 0];
    let mut rest = uid;
    while rest >= 128 {
        caller.extend(u8::try_from(rest % 128).ok().map(|byte| byte | 128));
        rest /= 128;
    }
    caller.extend(u8::try_from(rest).ok());
    caller
}

/// What the daemon answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It hung up.
    Nothing,
    /// It has begun a sign-in, and says how it goes on.
    Begun,
    /// The answer was accepted.
    SignedIn,
    /// It has decided that not.
    Refused,
    /// It can't decide.
    Unusable,
    /// Something else.
    Other(Vec<u8>),
}

impl Reply {
    /// Reads what came.
    #[must_use]
    pub fn of(frame: &[u8]) -> Self {
        match frame.get(HEADER..) {
            None => Self::Nothing,
            Some([1, 1, ..]) => Self::Begun,
            Some([1, 2, ..]) => Self::SignedIn,
            Some([2, ..]) => Self::Refused,
            Some([3, ..]) => Self::Unusable,
            Some(_) => Self::Other(frame.to_vec()),
        }
    }
}

/// Sends a message; the answer is still to come.
///
/// # Errors
/// Nobody takes it.
pub fn send(socket: &Path, message: &[u8]) -> Result<UnixStream> {
    let mut connection = UnixStream::connect(socket)?;
    connection.write_all(&frame(message))?;
    Ok(connection)
}

/// Waits for the answer.
///
/// # Errors
/// It can't be read.
pub fn receive(mut connection: UnixStream) -> Result<Reply> {
    let mut frame = Vec::new();
    connection.read_to_end(&mut frame)?;
    Ok(Reply::of(&frame))
}
