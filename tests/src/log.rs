//! What is written to the system's log: everything is taken out at once, so that no program waits for room in it.

use std::{
    fs::{self, Permissions},
    os::unix::{fs::PermissionsExt, net::UnixDatagram},
    path::{Path, PathBuf},
    sync::{
        Mutex,
        mpsc::{self, Receiver, Sender},
    },
    thread,
};

use crate::Result;

/// Ends what has been asked for so far.
const MARK: &[u8] = b"that is all";

/// The socket that stands as `/dev/log` in a place apart.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    messages: Mutex<Receiver<Vec<u8>>>,
}

impl Log {
    /// Listens at `log` in a folder that becomes `/dev`.
    ///
    /// # Errors
    /// The socket can't be made.
    pub fn new(dev: &Path) -> Result<Self> {
        let path = dev.join("log");
        let socket = UnixDatagram::bind(&path)?;
        fs::set_permissions(&path, Permissions::from_mode(0o666))?;
        let (sender, messages) = mpsc::channel();
        thread::spawn(move || pass_on(&socket, &sender));
        Ok(Self { path, messages: Mutex::new(messages) })
    }

    /// The messages that have come since the last call, with the program: `sshd[2]: pam_keyfob(sshd:auth): …`. A program that has ended has sent all
    /// of its own.
    ///
    /// # Errors
    /// The socket is gone.
    pub fn lines(&self) -> Result<Vec<String>> {
        self.send(MARK)?;
        let messages = self.messages.lock().map_err(|_| "a test has failed")?;
        Ok(messages.iter().take_while(|message| message != MARK).map(|message| line(&message)).collect())
    }

    fn send(&self, message: &[u8]) -> Result<()> {
        UnixDatagram::unbound()?.send_to(message, &self.path)?;
        Ok(())
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        // Its end is an empty message, which no program sends.
        drop(self.send(b""));
    }
}

fn pass_on(socket: &UnixDatagram, sender: &Sender<Vec<u8>>) {
    let mut datagram = vec![0; 65536];
    while let Ok(length @ 1..) = socket.recv(&mut datagram) {
        let message = datagram.get(..length).unwrap_or_default().to_vec();
        if sender.send(message).is_err() {
            break;
        }
    }
}

/// `<83>Nov 24 07:00:00 sshd[2]: MESSAGE`, without the facility and the time.
fn line(datagram: &[u8]) -> String {
    let text = String::from_utf8_lossy(datagram);
    let text = text.trim_end_matches(['\0', '\n']);
    text.splitn(4, ' ').last().unwrap_or_default().trim_start_matches(' ').to_owned()
}
