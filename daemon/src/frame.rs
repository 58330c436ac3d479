//! A message on the socket: one byte of version, four of length (big-endian), then the message.

use std::io::{Error, ErrorKind, Result};
#[cfg(feature = "server")]
use std::net::Shutdown;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
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
    let flags = MsgFlags::MSG_NOSIGNAL | MsgFlags::MSG_DONTWAIT;
    while !frame.is_empty() {
        match send(socket.as_raw_fd(), frame, flags) {
            Ok(sent) => frame = frame.get(sent..).unwrap_or_default(),
            Err(Errno::EINTR) => {}
            Err(Errno::EAGAIN) => wait(socket, PollFlags::POLLOUT, deadline)?,
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
    // Mostly it is still to come.
    wait(socket, PollFlags::POLLIN, deadline)?;
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

/// Whether another frame begins on this connection before the deadline. Where none does, none is taken any more: sending one fails at the
/// other end, which knows by that that it has not been read.
#[cfg(feature = "server")]
pub fn follows(socket: &UnixStream, deadline: Deadline) -> Result<bool> {
    match wait(socket, PollFlags::POLLIN, deadline) {
        Err(error) if error.kind() == ErrorKind::TimedOut => socket.shutdown(Shutdown::Read)?,
        waited => waited?,
    }
    // What came before the end was said is still there.
    let come = recv(socket.as_raw_fd(), &mut [0], MsgFlags::MSG_PEEK | MsgFlags::MSG_DONTWAIT);
    Ok(come.is_ok_and(|bytes| bytes > 0))
}

fn fill(socket: &UnixStream, mut buffer: &mut [u8], deadline: Deadline) -> Result<()> {
    while !buffer.is_empty() {
        match recv(socket.as_raw_fd(), buffer, MsgFlags::MSG_DONTWAIT) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(received) => buffer = buffer.get_mut(received..).unwrap_or_default(),
            Err(Errno::EINTR) => {}
            Err(Errno::EAGAIN) => wait(socket, PollFlags::POLLIN, deadline)?,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Waits until the socket may be ready, but not beyond the deadline.
fn wait(socket: &UnixStream, ready: PollFlags, deadline: Deadline) -> Result<()> {
    // Rounded up, or what is left of a millisecond would be waited for by asking again and again.
    let left = deadline.left()? + Duration::from_millis(1);
    let patience = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
    match poll(&mut [PollFd::new(socket.as_fd(), ready)], patience) {
        Ok(0) => Err(ErrorKind::TimedOut.into()),
        Ok(_) | Err(Errno::EINTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(all(test, feature = "server"))]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;

    fn now() -> Deadline {
        Deadline::after(Duration::ZERO)
    }

    fn soon() -> Deadline {
        Deadline::after(Duration::from_secs(10))
    }

    #[test]
    fn what_follows_is_read_even_if_it_comes_with_the_deadline() {
        for deadline in [soon(), now()] {
            let (daemon, client) = UnixStream::pair().unwrap();
            let mut frame = start(2).unwrap();
            frame.extend(b"hi");
            write(&client, &frame, soon()).unwrap();
            assert!(follows(&daemon, deadline).unwrap());
            assert_eq!(read(&daemon, 2, soon()).unwrap().as_slice(), b"hi");
        }
    }

    #[test]
    fn whoever_comes_too_late_knows_that_nothing_was_read() {
        let (daemon, client) = UnixStream::pair().unwrap();
        assert!(!follows(&daemon, now()).unwrap());
        let error = write(&client, b"late", soon()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    }

    #[test]
    fn nothing_follows_from_whoever_has_hung_up() {
        let (daemon, client) = UnixStream::pair().unwrap();
        drop(client);
        assert!(!follows(&daemon, soon()).unwrap());
    }
}
