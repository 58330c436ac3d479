//! The daemon: workers that each serve one connection at a time, and the one store behind them.

mod activity;
mod callers;
mod memory;
mod notifier;
mod passwords;
mod repeats;
mod requests;
mod sign_in_log;
mod signed;
mod socket;
mod store_owner;
mod worker;

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use keyfob_authority::{Files, KeptOpen, Surroundings, Unusable};
use sd_notify::NotifyState;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use thiserror::Error;

use self::activity::Activity;
use self::passwords::Passwords;
pub use self::passwords::{CheckFailure, Fault as PasswordServiceFault, answer_password_check};
use self::socket::Socket;
pub use self::store_owner::Machine;
use self::store_owner::StoreOwner;
use self::worker::Worker;

/// How many connections are served at the same time.
const WORKERS: usize = 64;

/// Bytes of each worker's stack, which may be locked into memory.
const STACK_BYTES: usize = 512 * 1024;

/// How long acts that have begun may take when the daemon is told to stop.
const STOP_PATIENCE: Duration = Duration::from_secs(5);

/// Why the daemon does not run.
#[derive(Debug, Error)]
pub enum Failure {
    /// Store, key or policy.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// The socket.
    #[error("the socket {path} can't be used: {source}")]
    Socket {
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Somebody else serves it.
    #[error("a daemon answers on {0} already: stop it first")]
    Running(PathBuf),
    /// Threads or signals.
    #[error("the system does not let the daemon run: {0}")]
    System(#[from] io::Error),
}

/// Owns the store and serves `socket` until SIGTERM or SIGINT; acts that have begun are ended then.
///
/// # Errors
/// [`Failure`] says why it can't start.
pub fn run(files: Files, socket: PathBuf) -> Result<(), Failure> {
    sign_in_log::open();
    memory::harden(|what, error| log(&format!("{what}: {error}")));
    let mut signals = Signals::new([SIGTERM, SIGINT])?;
    let owner = StoreOwner::new(KeptOpen::open(files)?, Arc::new(Surroundings::system))?;
    let socket = Socket::take(socket)?;
    let activity = Arc::default();
    start_workers(&socket, &Arc::new(owner), &activity, WORKERS)?;
    log(&format!("serving {}", socket.path().display()));
    tell_systemd(NotifyState::Ready);
    // Ends with the first signal.
    signals.forever().next();
    tell_systemd(NotifyState::Stopping);
    socket.close(STOP_PATIENCE);
    activity.stop(STOP_PATIENCE);
    log("stopped");
    Ok(())
}

/// Serves `socket` on a machine that a test sets, until the process ends.
///
/// # Errors
/// [`Failure`] says why it can't start.
pub fn serve_for_tests(files: Files, socket: PathBuf, machine: Machine) -> Result<(), Failure> {
    let owner = StoreOwner::new(KeptOpen::open(files)?, machine)?;
    let socket = Socket::take(socket)?;
    start_workers(&socket, &Arc::new(owner), &Arc::default(), 2)
}

fn start_workers(
    socket: &Socket,
    owner: &Arc<StoreOwner>,
    activity: &Arc<Activity>,
    number: usize,
) -> Result<(), Failure> {
    let (callers, passwords) = (Arc::default(), Arc::new(Passwords::default()));
    // Sign-ins by code go on without it.
    if let Err(unusable) = passwords.check_service() {
        log(&format!("nobody can sign in with a browser: {unusable}"));
    }
    for number in 0..number {
        let (callers, passwords) = (Arc::clone(&callers), Arc::clone(&passwords));
        let worker =
            Worker::new(socket.listener()?, Arc::clone(owner), callers, Arc::clone(activity), passwords);
        let thread = thread::Builder::new().name(format!("worker {number}")).stack_size(STACK_BYTES);
        thread.spawn(move || worker.serve())?;
    }
    Ok(())
}

/// Where no systemd has started the daemon, nobody is told.
fn tell_systemd(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        log(&format!("systemd can't be told: {error}"));
    }
}

/// A worker that panicked has left nothing half done: its transaction was rolled back.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The log is standard error: systemd's journal, or the terminal.
fn log(text: &str) {
    // Where standard error is gone, nobody is left to be told.
    let _ = writeln!(io::stderr(), "keyfob daemon: {}", keyfob_core::escape(text));
}
