use nix::sys::mman::{MlockAllFlags, mlockall};
use nix::sys::prctl::set_dumpable;
use nix::sys::resource::{RLIM_INFINITY, Resource, getrlimit, setrlimit};

/// Keeps secrets out of core files and out of the swap space, and other processes of the same user out of this one. Where that is not
/// allowed the program runs all the same, and `not_done` is told.
pub fn harden(not_done: impl Fn(&str, nix::Error)) {
    if let Err(error) = set_dumpable(false) {
        not_done("other processes of this user may read the memory", error);
    }
    if let Err(error) = setrlimit(Resource::RLIMIT_CORE, 0, 0) {
        not_done("core files may be written", error);
    }
    if let Err(error) = lock() {
        not_done("the memory is not locked and may get into the swap space", error);
    }
}

/// Only without a limit: under one, what is asked for later would be refused, threads among it, and the daemon could not run. A limit that can't
/// be lifted is set to nothing: then only a process that is above limits (`CAP_IPC_LOCK`) can lock anything.
fn lock() -> nix::Result<()> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_MEMLOCK)?;
    if setrlimit(Resource::RLIMIT_MEMLOCK, RLIM_INFINITY, RLIM_INFINITY).is_err() {
        setrlimit(Resource::RLIMIT_MEMLOCK, 0, hard)?;
    }
    let locked = mlockall(MlockAllFlags::MCL_CURRENT | MlockAllFlags::MCL_FUTURE);
    if locked.is_err() {
        setrlimit(Resource::RLIMIT_MEMLOCK, soft, hard)?;
    }
    locked
}
