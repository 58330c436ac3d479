//! A message on the socket: one byte of version, four of length (big-endian), then the message.

use std::io::{Error, ErrorKind, Result};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::socket::{MsgFlags, recv, send};
use zeroize::Zeroizing;

/// Both ends have to speak the same.
const VERSION: u8 = 1;

const HEADER: usize = 5;

/// When a message has to be through.
#[derive(Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    pub fn after(patience: Duration) -> Self {
        Self(Instant::now() + patience)
    }

    pub fn left(self) -> Result<Duration> {
        let left = self.0.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

/// A frame with room for a message of that length.
pub fn start(length: usize) -> Result<Zeroizing<Vec<u8>>> {
    let stated = u32::try_from(length).map_err(|_| Error::from(ErrorKind::FileTooLarge))?;
    let mut frame = Zeroizing::new(Vec::with_capacity(HEADER + length));
    frame.push(VERSION);
    frame.extend(stated.to_be_bytes());
    Ok(frame)
}

/// Sends a frame. Never raises SIGPIPE: the process may be somebody else's.
pub fn write(socket: &UnixStream, mut frame: &[u8], deadline: Deadline) -> Result<()> {
    while !frame.is_empty() {
        socket.set_write_timeout(Some(deadline.left()?))?;
        match send(socket.as_raw_fd(), frame, MsgFlags::MSG_NOSIGNAL) {
            Ok(sent) => frame = frame.get(sent..).unwrap_or_default(),
            Err(Errno::EINTR) => {}
            Err(Errno::EAGAIN) => return Err(ErrorKind::TimedOut.into()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Reads a frame's message, of at most `limit` bytes.
pub fn read(socket: &UnixStream, limit: usize, deadline: Deadline) -> Result<Zeroizing<Vec<u8>>> {
    let length = read_length(socket, deadline)?;
    if length > limit {
        return Err(too_long());
    }
    read_message(socket, length, deadline)
}

/// Why a frame is not read.
pub fn too_long() -> Error {
    Error::new(ErrorKind::InvalidData, "the message is too long")
}

/// Reads how many bytes a frame's message has.
pub fn read_length(socket: &UnixStream, deadline: Deadline) -> Result<usize> {
    let mut header = [0; HEADER];
    fill(socket, &mut header, deadline)?;
    let [version, length @ ..] = header;
    if version != VERSION {
        return Err(Error::new(ErrorKind::InvalidData, "the other end is of another version of Keyfob"));
    }
    Ok(usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX))
}

/// Reads a frame's message of that length.
pub fn read_message(socket: &UnixStream, length: usize, deadline: Deadline) -> Result<Zeroizing<Vec<u8>>> {
    let mut message = Zeroizing::new(vec![0; length]);
    fill(socket, &mut message, deadline)?;
    Ok(message)
}

fn fill(socket: &UnixStream, mut buffer: &mut [u8], deadline: Deadline) -> Result<()> {
    while !buffer.is_empty() {
        socket.set_read_timeout(Some(deadline.left()?))?;
        match recv(socket.as_raw_fd(), buffer, MsgFlags::empty()) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(received) => buffer = buffer.get_mut(received..).unwrap_or_default(),
            Err(Errno::EINTR) => {}
            Err(Errno::EAGAIN) => return Err(ErrorKind::TimedOut.into()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
