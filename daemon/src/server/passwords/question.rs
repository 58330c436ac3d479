use std::io;
use std::os::unix::net::UnixStream;

use serde::{Deserialize, Serialize};

use crate::frame::{self, Deadline};
use crate::protocol::encode;

/// Most bytes of a question: name, address and password have a few hundred each.
pub const MAX_QUESTION: usize = 4096;

/// What the child is asked, in a frame on its standard input, which is a socket. It borrows, so that the password stands in the frame alone.
#[derive(Serialize, Deserialize)]
pub struct Question<'a> {
    /// The account's canonical name.
    pub account: &'a str,
    /// Where the request comes from.
    pub remote: Option<&'a str>,
    /// The password.
    pub password: &'a str,
}

/// The two answers. Nothing else is one, and either counts only where the child then ends well.
pub const RIGHT: &[u8] = b"keyfob: the password is right";
pub const REFUSED: &[u8] = b"keyfob: refused";

impl Question<'_> {
    pub fn write(&self, socket: &UnixStream, deadline: Deadline) -> io::Result<()> {
        frame::write(socket, &encode(self)?, deadline)
    }
}

/// Reads an answer: was it right?
pub fn read_answer(socket: &UnixStream, deadline: Deadline) -> io::Result<bool> {
    match frame::read(socket, RIGHT.len(), deadline)?.as_slice() {
        RIGHT => Ok(true),
        REFUSED => Ok(false),
        _ => Err(io::Error::other("the answer is none")),
    }
}

pub fn write_answer(is_right: bool, socket: &UnixStream, deadline: Deadline) -> io::Result<()> {
    let answer = if is_right { RIGHT } else { REFUSED };
    let mut frame = frame::start(answer.len())?;
    frame.extend_from_slice(answer);
    frame::write(socket, &frame, deadline)
}
