use std::path::PathBuf;
use thiserror::Error;

/// Why a store can't be used. None of these ever means that an account has no device.
#[derive(Debug, Error)]
pub enum StoreError {
    /// There is no such file.
    #[error("the store {0} does not exist: make it with `keyfob init`")]
    Missing(PathBuf),
    /// The file is something else.
    #[error("{0} is not a Keyfob store: move it away, or name the store with --store")]
    NotAStore(PathBuf),
    /// Written by a newer Keyfob.
    #[error(
        "the store {path} has version {found}, newer than version {known} which this Keyfob knows: update Keyfob"
    )]
    Newer {
        /// Where.
        path: PathBuf,
        /// The store's version.
        found: u32,
        /// The newest version this program knows.
        known: u32,
    },
    /// Damaged: truncated, or not what the schema promises.
    #[error("the store {path} is damaged ({detail}): restore it from a backup")]
    Corrupt {
        /// Where.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// Held by another process for too long.
    #[error(
        "the store {0} is in use by another process for too long: try again, or name the daemon's socket if it is a daemon"
    )]
    Busy(PathBuf),
    /// The disk is full.
    #[error("the disk of the store {0} is full: make room, then try again")]
    Full(PathBuf),
    /// The disk, or the file, can't be written.
    #[error("the store {0} can't be written: make its disk and folder writable")]
    ReadOnly(PathBuf),
    /// Anything else the operating system or SQLite says.
    #[error("the store {path} can't be used: {detail}")]
    Unusable {
        /// Where.
        path: PathBuf,
        /// What was said.
        detail: String,
    },
}
