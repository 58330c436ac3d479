use std::fs::{self, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use listenfd::ListenFd;

use super::Failure;

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
            listener.set_nonblocking(false).map_err(failed)?;
            return Ok(Self { listener, path, made_here: false });
        }
        make_folder(&path).map_err(failed)?;
        remove_stale(&path)?;
        let listener = UnixListener::bind(&path).map_err(failed)?;
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
    pub fn listener(&self) -> io::Result<UnixListener> {
        self.listener.try_clone()
    }

    /// Takes it away, so that nobody waits for a daemon that stops.
    pub fn remove(&self) {
        if self.made_here {
            // Where it is gone already, so much the better.
            let _ = fs::remove_file(&self.path);
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
