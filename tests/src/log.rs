//! What is written to the system's log.

use std::{os::unix::net::UnixDatagram, path::Path};

use crate::Result;

/// The socket that stands as `/dev/log` in a [`crate::namespace::Namespace`]. It holds some ten messages: a program that writes more before they
/// are read waits.
#[derive(Debug)]
pub struct Log(UnixDatagram);

impl Log {
    /// Listens at `log` in a folder that becomes `/dev`.
    ///
    /// # Errors
    /// The socket can't be made.
    pub fn new(dev: &Path) -> Result<Self> {
        let socket = UnixDatagram::bind(dev.join("log"))?;
        socket.set_nonblocking(true)?;
        Ok(Self(socket))
    }

    /// The messages that have come since the last call: `pam_keyfob(sshd:auth): …`. A program that has ended has sent all of its own.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut datagram = vec![0; 65536];
        while let Ok(length) = self.0.recv(&mut datagram) {
            lines.push(message(datagram.get(..length).unwrap_or_default()));
        }
        lines
    }
}

/// `<83>Nov 24 07:00:00 pam_driver: MESSAGE`
fn message(datagram: &[u8]) -> String {
    let text = String::from_utf8_lossy(datagram);
    let text = text.trim_end_matches(['\0', '\n']);
    text.split_once(": ").map_or(text, |(_, message)| message).to_owned()
}
