use std::fs::{self, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use listenfd::ListenFd;
use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};

use super::Failure;
use super::activity::wait_until;

/// The socket that is served.
pub struct Socket {
    listener: UnixListener,
    path: PathBuf,
    /// Whether it is ours to remove; systemd keeps its own.
    made_here: bool,
}

impl Socket {
    /// The one that systemd has opened, or a new one at `path`. What a daemon that was killed has left there is replaced.
    ///
    /// # Errors
    /// [`Failure`] where there can't be one, or a daemon serves it.
    pub fn take(path: PathBuf) -> Result<Self, Failure> {
        let failed = |source| Failure::Socket { path: path.clone(), source };
        if let Some(listener) = ListenFd::from_env().take_unix_listener(0).map_err(failed)? {
            listener.set_nonblocking(true).map_err(failed)?;
            return Ok(Self { listener, path, made_here: false });
        }
        make_folder(&path).map_err(failed)?;
        remove_stale(&path)?;
        let listener = UnixListener::bind(&path).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        // Everybody may ask; who may ask what is decided by who asks.
        fs::set_permissions(&path, Permissions::from_mode(0o666)).map_err(failed)?;
        Ok(Self { listener, path, made_here: true })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The socket for one more worker.
    pub fn listener(&self) -> io::Result<Listener> {
        Listener::new(self.listener.try_clone()?)
    }

    /// Takes it away, so that nobody waits for a daemon that stops, and lets the workers take whoever has come, but for no longer than
    /// `patience`. systemd keeps its own, and whoever has come to it, for the next daemon.
    pub fn close(&self, patience: Duration) {
        if !self.made_here {
            return;
        }
        // Where it is gone already, so much the better.
        let _ = fs::remove_file(&self.path);
        if let Ok(listener) = self.listener() {
            wait_until(patience, || !listener.is_ready(EpollTimeout::ZERO).unwrap_or(false));
        }
    }
}

/// The socket as one worker has it.
pub struct Listener {
    socket: UnixListener,
    connections: Epoll,
}

impl Listener {
    fn new(socket: UnixListener) -> io::Result<Self> {
        let connections = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
        // Of all the workers that wait, one is woken.
        let events = EpollFlags::EPOLLIN | EpollFlags::EPOLLEXCLUSIVE;
        connections.add(&socket, EpollEvent::new(events, 0))?;
        Ok(Self { socket, connections })
    }

    /// Waits until there is a connection, unless another worker takes it.
    pub fn wait(&self) -> io::Result<()> {
        self.is_ready(EpollTimeout::NONE).map(drop)
    }

    /// The next connection, if there is one.
    pub fn accept(&self) -> io::Result<Option<UnixStream>> {
        match self.socket.accept() {
            Ok((connection, _)) => Ok(Some(connection)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn is_ready(&self, patience: EpollTimeout) -> io::Result<bool> {
        match self.connections.wait(&mut [EpollEvent::empty()], patience) {
            Ok(number) => Ok(number > 0),
            Err(Errno::EINTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

fn make_folder(path: &Path) -> io::Result<()> {
    let Some(folder) = path.parent() else { return Ok(()) };
    fs::DirBuilder::new().recursive(true).mode(0o755).create(folder)
}

fn remove_stale(path: &Path) -> Result<(), Failure> {
    let failed = |source| Failure::Socket { path: path.to_path_buf(), source };
    match UnixStream::connect(path) {
        Ok(_) => Err(Failure::Running(path.to_path_buf())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => fs::remove_file(path).map_err(failed),
        Err(error) => Err(failed(error)),
    }
}
