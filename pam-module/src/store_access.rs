use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use keyfob_authority::Unusable;
use nix::errno::Errno;
use nix::unistd::{ResUid, Uid};
use thiserror::Error;

/// Why this process may not open the store. It is then not told either which accounts have a device.
#[derive(Debug, Error)]
pub enum Denied {
    /// Not root throughout, as under su and sudo, which run with the caller's real uid: the caller could stop or starve the process
    /// while it holds the store.
    #[error(
        "no daemon runs, and the system's store is opened only where real, effective and saved uid are 0, and here they are {}, {} and {}: \
         start `keyfob daemon`",
        .0.real, .0.effective, .0.saved
    )]
    NotRoot(ResUid),
    /// Whether there is a daemon can't be found out.
    #[error(transparent)]
    Daemon(Unusable),
    /// Whose the process is can't be found out.
    #[error("the uids of this process can't be found out: {0}")]
    NoUids(#[from] Errno),
    /// Neither root nor the owner of the store that was given.
    #[error(
        "the store {store} is opened only where real, effective and saved uid are 0 or its owner's, {owner}, and here they are {}, {} \
         and {}: run the application as its owner",
        .uids.real, .uids.effective, .uids.saved
    )]
    NotOwner {
        /// The store.
        store: PathBuf,
        /// Whose it is.
        owner: Uid,
        /// Whose the process is.
        uids: ResUid,
    },
    /// A store that is a link, a folder or a device.
    #[error("the store {0} is not a regular file: name the store itself with store=")]
    NotAFile(PathBuf),
    /// A store whose owner can't be found out.
    #[error("the store {store} can't be looked at: {source}")]
    File {
        /// The store.
        store: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// May a process with these uids open the store? Root throughout may; others may open a store that was given by `store=` if they are its
/// owner throughout.
///
/// # Errors
/// [`Denied`] says why not.
pub fn check(uids: nix::Result<ResUid>, given_store: Option<&Path>) -> Result<(), Denied> {
    let uids = uids?;
    if is_throughout(uids, Uid::from_raw(0)) {
        return Ok(());
    }
    let store = given_store.ok_or(Denied::NotRoot(uids))?;
    let owner = owner(store)?;
    if is_throughout(uids, owner) {
        return Ok(());
    }
    Err(Denied::NotOwner { store: store.into(), owner, uids })
}

fn is_throughout(uids: ResUid, uid: Uid) -> bool {
    uids == ResUid { real: uid, effective: uid, saved: uid }
}

fn owner(store: &Path) -> Result<Uid, Denied> {
    let metadata =
        fs::symlink_metadata(store).map_err(|source| Denied::File { store: store.into(), source })?;
    if metadata.is_file() { Ok(Uid::from_raw(metadata.uid())) } else { Err(Denied::NotAFile(store.into())) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn uids(real: u32, effective: u32, saved: u32) -> ResUid {
        ResUid { real: Uid::from_raw(real), effective: Uid::from_raw(effective), saved: Uid::from_raw(saved) }
    }

    /// Every way to have one of two uids in three places, but for the same one in all.
    fn mixtures(a: u32, b: u32) -> [ResUid; 6] {
        [uids(a, a, b), uids(a, b, a), uids(b, a, a), uids(b, b, a), uids(b, a, b), uids(a, b, b)]
    }

    #[test]
    fn root_throughout_may() {
        assert!(check(Ok(uids(0, 0, 0)), None).is_ok());
        assert!(check(Ok(uids(0, 0, 0)), Some(Path::new("/nowhere/store.db"))).is_ok());
    }

    #[test]
    fn nobody_else_opens_the_systems_store() {
        for uids in mixtures(0, 1000).into_iter().chain([uids(1000, 1000, 1000)]) {
            let Err(Denied::NotRoot(told)) = check(Ok(uids), None) else { unreachable!("{uids:?}") };
            assert_eq!(told, uids);
        }
    }

    #[test]
    fn its_owner_opens_a_given_store() {
        let store = tempfile::NamedTempFile::new().unwrap();
        let owner = store.as_file().metadata().unwrap().uid();
        let (a, b) = (owner + 1, owner + 2);
        assert!(check(Ok(uids(owner, owner, owner)), Some(store.path())).is_ok());
        for uids in mixtures(owner, a).into_iter().chain([uids(a, a, a), uids(owner, a, b)]) {
            let denied = check(Ok(uids), Some(store.path()));
            assert!(matches!(denied, Err(Denied::NotOwner { .. })), "{uids:?}: {denied:?}");
        }
    }

    #[test]
    fn a_link_or_folder_is_no_store() {
        let folder = tempfile::tempdir().unwrap();
        let owner = folder.path().metadata().unwrap().uid();
        fs::write(folder.path().join("store"), "").unwrap();
        symlink("store", folder.path().join("link")).unwrap();
        // Where these tests run as root, its uids pass by themselves.
        for uids in [uids(owner + 1, owner + 1, owner + 1), uids(owner, owner + 1, owner)] {
            for path in [folder.path().join("link"), folder.path().into()] {
                assert!(matches!(check(Ok(uids), Some(&path)), Err(Denied::NotAFile(_))), "{path:?}");
            }
        }
    }

    #[test]
    fn a_store_that_is_not_there_is_denied() {
        let denied = check(Ok(uids(1000, 1000, 1000)), Some(Path::new("/nowhere/store.db")));
        assert!(matches!(denied, Err(Denied::File { .. })), "{denied:?}");
    }

    #[test]
    fn unknown_uids_are_denied() {
        assert!(matches!(check(Err(Errno::EFAULT), None), Err(Denied::NoUids(Errno::EFAULT))));
    }

    #[test]
    fn the_log_line_says_what_to_do() {
        assert_eq!(
            Denied::NotRoot(uids(1000, 0, 0)).to_string(),
            "no daemon runs, and the system's store is opened only where real, effective and saved uid are 0, and here they are 1000, 0 \
             and 0: start `keyfob daemon`"
        );
    }
}
