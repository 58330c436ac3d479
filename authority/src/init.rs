use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use keyfob_store::{SqliteStore, StoreError, StoreId, StoreIdentity};
use zeroize::Zeroizing;

use crate::files::folder_of;
use crate::local::open_store_by;
use crate::master_key::MasterKey;
use crate::{DEFAULT_POLICY, Files, Surroundings, Unusable};

/// What [`init`] made; what was there already is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Initialised {
    /// The store.
    pub store: InitialisedStore,
    /// The policy is new.
    pub policy: bool,
    /// The master key is new.
    pub key: bool,
}

/// What [`init`] found where the store is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InitialisedStore {
    /// Nothing, so it is new.
    New,
    /// A store that can be used.
    There,
    /// A store that another process has open, such as the daemon. It was not looked into.
    InUse,
}

/// Makes policy, master key and store, and their folders, where they are missing. The missing key of an existing store is never made
/// anew: it would open nothing.
///
/// # Errors
/// [`Unusable`] where something can't be made, or what is there can't be used.
pub fn init(files: &Files, surroundings: &Surroundings) -> Result<Initialised, Unusable> {
    make_folder(folder_of(&files.policy), "policy's folder", 0o755)?;
    make_folder(folder_of(&files.store), "store's folder", 0o700)?;
    let policy = make_file(&files.policy, "policy", 0o644, DEFAULT_POLICY.as_bytes())?;
    files.read_policy()?;
    let key = !exists(&files.store, "store")? && make_key(files, surroundings)?;
    let key_id = files.read_key()?.id();
    let is_new = make_store(files, key_id, surroundings)?;
    let found = look_into_store(files)?;
    Ok(Initialised { store: if is_new { InitialisedStore::New } else { found }, policy, key })
}

/// Opens the store, so that it is known to be usable; but waits for nobody, since a daemon never closes it.
fn look_into_store(files: &Files) -> Result<InitialisedStore, Unusable> {
    match open_store_by(SqliteStore::open_at_once, files) {
        Ok(_) => Ok(InitialisedStore::There),
        Err(Unusable::Store(StoreError::Busy(_))) => Ok(InitialisedStore::InUse),
        Err(unusable) => Err(unusable),
    }
}

fn make_key(files: &Files, surroundings: &Surroundings) -> Result<bool, Unusable> {
    let mut bytes = Zeroizing::new([0; MasterKey::BYTES]);
    surroundings.randomness.fill(&mut *bytes)?;
    make_file(&files.key, "master key", 0o600, &*bytes)
}

fn make_store(
    files: &Files,
    key: keyfob_store::KeyId,
    surroundings: &Surroundings,
) -> Result<bool, Unusable> {
    if exists(&files.store, "store")? {
        return Ok(false);
    }
    let mut id = [0; 16];
    surroundings.randomness.fill(&mut id)?;
    SqliteStore::create(&files.store, StoreIdentity { store: StoreId(id), key })?;
    Ok(true)
}

fn make_folder(path: &Path, what: &'static str, mode: u32) -> Result<(), Unusable> {
    DirBuilder::new().recursive(true).mode(mode).create(path).map_err(|source| failed(path, what, source))
}

/// Writes a new file as a whole or not at all: false where there is one already, which stays as it is.
fn make_file(path: &Path, what: &'static str, mode: u32, content: &[u8]) -> Result<bool, Unusable> {
    if exists(path, what)? {
        return Ok(false);
    }
    let temporary = path.with_extension("new");
    write_file(&temporary, mode, content)
        .and_then(|()| put_in_place(&temporary, path))
        .map_err(|source| failed(path, what, source))
}

/// Gives the temporary file its name, unless something has that name meanwhile.
fn put_in_place(temporary: &Path, path: &Path) -> std::io::Result<bool> {
    let is_new = match fs::hard_link(temporary, path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => false,
        linked => linked.map(|()| true)?,
    };
    fs::remove_file(temporary)?;
    File::open(folder_of(path))?.sync_all()?;
    Ok(is_new)
}

fn write_file(path: &Path, mode: u32, content: &[u8]) -> std::io::Result<()> {
    // What an interrupted call left behind.
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    // The umask may have taken bits away.
    file.set_permissions(fs::Permissions::from_mode(mode))?;
    file.write_all(content)?;
    file.sync_all()
}

/// Whether anything has that name, be it a dangling link.
fn exists(path: &Path, what: &'static str) -> Result<bool, Unusable> {
    match path.symlink_metadata() {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(source) => Err(failed(path, what, source)),
    }
}

fn failed(path: &Path, what: &'static str, source: std::io::Error) -> Unusable {
    Unusable::File { what, path: path.into(), source }
}
