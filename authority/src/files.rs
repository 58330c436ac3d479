use std::fs::{File, Metadata, OpenOptions};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;
use nix::unistd::geteuid;
use zeroize::Zeroizing;

use crate::master_key::MasterKey;
use crate::{Policy, Unusable};

/// Where store, policy and master key are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// The store.
    pub store: PathBuf,
    /// The policy.
    pub policy: PathBuf,
    /// The master key.
    pub key: PathBuf,
}

/// Most bytes of a policy file.
const MAX_POLICY_BYTES: u64 = 64 * 1024;

impl Files {
    /// The system's store and policy, or others. The master key always stands beside the policy.
    #[must_use]
    pub fn new(store: Option<PathBuf>, policy: Option<PathBuf>) -> Self {
        let policy = policy.unwrap_or_else(|| "/etc/keyfob/keyfob.toml".into());
        let store = store.unwrap_or_else(|| "/var/lib/keyfob/keyfob.db".into());
        Self { store, key: policy.with_file_name("master.key"), policy }
    }

    pub(crate) fn read_policy(&self) -> Result<Policy, Unusable> {
        let policy = GuardedFile::POLICY.at(&self.policy);
        let mut text = String::new();
        policy
            .open()?
            .take(MAX_POLICY_BYTES)
            .read_to_string(&mut text)
            .map_err(|error| policy.failed(error))?;
        Policy::parse(&text, &self.policy)
    }

    pub(crate) fn policy_version(&self) -> Result<FileVersion, Unusable> {
        GuardedFile::POLICY.at(&self.policy).check_by_name()
    }

    pub(crate) fn read_key(&self) -> Result<MasterKey, Unusable> {
        let key = GuardedFile::KEY.at(&self.key);
        let mut file = key.open()?;
        let length = file.metadata().map_err(|error| key.failed(error))?.len();
        if length != MasterKey::BYTES as u64 {
            return Err(Unusable::KeyLength { path: self.key.clone(), length });
        }
        let mut bytes = Zeroizing::new([0; MasterKey::BYTES]);
        file.read_exact(&mut *bytes).map_err(|error| key.failed(error))?;
        Ok(MasterKey::new(&bytes))
    }

    /// Whose the store is and who may read it. Looked at by name, never opened here: closing a descriptor of it would drop the locks that
    /// SQLite holds elsewhere in this process. Says which file it is.
    pub(crate) fn check_store(&self) -> Result<FileVersion, Unusable> {
        GuardedFile::STORE_FOLDER.at(folder_of(&self.store)).check_by_name()?;
        GuardedFile::STORE.at(&self.store).check_by_name()
    }
}

/// Tells whether a file is still the one that it was.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileVersion {
    device: u64,
    inode: u64,
    length: u64,
    /// Seconds and nanoseconds; any change of content, owner or mode sets them.
    changed: (i64, i64),
}

impl FileVersion {
    fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            length: metadata.len(),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// Whether it is the same file, be its content another one.
    pub(crate) fn is_same_file(self, other: Self) -> bool {
        (self.device, self.inode) == (other.device, other.inode)
    }
}

/// The folder a file stands in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// A file, or folder, whose owner and mode decide whether it is used.
struct GuardedFile {
    what: &'static str,
    is_folder: bool,
    /// The mode to recommend.
    wanted: u32,
    /// The bits that must not be set.
    forbidden: u32,
}

impl GuardedFile {
    const STORE: Self = Self { what: "store", is_folder: false, wanted: 0o600, forbidden: 0o077 };
    const KEY: Self = Self { what: "master key", is_folder: false, wanted: 0o600, forbidden: 0o077 };
    const POLICY: Self = Self { what: "policy", is_folder: false, wanted: 0o644, forbidden: 0o022 };
    /// Whoever may write to the folder may put a journal beside the store.
    const STORE_FOLDER: Self =
        Self { what: "store's folder", is_folder: true, wanted: 0o700, forbidden: 0o022 };

    const fn at(self, path: &Path) -> GuardedPath<'_> {
        GuardedPath { rule: self, path }
    }
}

struct GuardedPath<'a> {
    rule: GuardedFile,
    path: &'a Path,
}

impl GuardedPath<'_> {
    /// Opens for reading, then checks what was opened. Never follows a link, never waits on a pipe.
    fn open(&self) -> Result<File, Unusable> {
        let flags = OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(flags.bits())
            .open(self.path)
            .map_err(|error| self.failed(error))?;
        self.check(&file.metadata().map_err(|error| self.failed(error))?)?;
        Ok(file)
    }

    fn check_by_name(&self) -> Result<FileVersion, Unusable> {
        let metadata = if self.rule.is_folder { self.path.metadata() } else { self.path.symlink_metadata() };
        let metadata = metadata.map_err(|error| self.failed(error))?;
        self.check(&metadata)?;
        Ok(FileVersion::of(&metadata))
    }

    fn check(&self, metadata: &Metadata) -> Result<(), Unusable> {
        if metadata.is_dir() != self.rule.is_folder || metadata.is_file() == self.rule.is_folder {
            return Err(Unusable::NotAFile { what: self.rule.what, path: self.path.to_path_buf() });
        }
        self.check_access(metadata.uid(), metadata.mode() & 0o7777, geteuid().as_raw())
    }

    /// It has to belong to root or to `me`, and nobody else may have more access than the rule allows.
    fn check_access(&self, owner: u32, mode: u32, me: u32) -> Result<(), Unusable> {
        let (what, path) = (self.rule.what, self.path.to_path_buf());
        if owner != 0 && owner != me {
            Err(Unusable::Owner { what, path, owner, wanted: me })
        } else if mode & self.rule.forbidden != 0 {
            Err(Unusable::Mode { what, path, mode, wanted: self.rule.wanted })
        } else {
            Ok(())
        }
    }

    fn failed(&self, error: std::io::Error) -> Unusable {
        let (what, path) = (self.rule.what, self.path.to_path_buf());
        match error.raw_os_error().map(nix::errno::Errno::from_raw) {
            Some(nix::errno::Errno::ENOENT) => Unusable::Missing { what, path },
            Some(nix::errno::Errno::ELOOP) => Unusable::NotAFile { what, path },
            _ => Unusable::File { what, path, source: error },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_belongs_to_root_or_to_the_effective_user() {
        let store = GuardedFile::STORE.at(Path::new("keyfob.db"));
        for (owner, me, good) in
            [(0, 0, true), (0, 1000, true), (1000, 1000, true), (1000, 0, false), (1001, 1000, false)]
        {
            let result = store.check_access(owner, 0o600, me).map_err(|error| error.to_string());
            let refusal = format!("the store keyfob.db belongs to uid {owner}: run `chown {me} keyfob.db`");
            assert_eq!(result, if good { Ok(()) } else { Err(refusal) });
        }
    }
}
