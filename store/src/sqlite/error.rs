use std::io::{self, ErrorKind};
use std::path::Path;

use nix::unistd::{AccessFlags, eaccess};
use rusqlite::{Error, ErrorCode};

use crate::StoreError;

/// Turns what was said about a store into a [`StoreError`] that names it.
pub(super) trait At<T> {
    fn at(self, path: &Path) -> Result<T, StoreError>;
}

impl<T> At<T> for rusqlite::Result<T> {
    fn at(self, path: &Path) -> Result<T, StoreError> {
        self.map_err(|error| from_sqlite(path, &error))
    }
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T, StoreError> {
        self.map_err(|error| from_io(path, &error))
    }
}

/// What SQLite says about the store at `path`.
pub(super) fn from_sqlite(path: &Path, error: &Error) -> StoreError {
    match error {
        Error::SqliteFailure(failure, _) => from_code(path, failure.code, error),
        Error::FromSqlConversionFailure(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::InvalidColumnType(..)
        | Error::Utf8Error(..)
        | Error::QueryReturnedNoRows
        | Error::SqlInputError { .. } => corrupt(path, error.to_string()),
        Error::StatementChangedRows(_) => unusable(path, "what was to be changed is not there"),
        _ => unusable(path, error.to_string()),
    }
}

fn from_code(path: &Path, code: ErrorCode, error: &Error) -> StoreError {
    match code {
        ErrorCode::NotADatabase => StoreError::NotAStore(path.to_owned()),
        // An unknown error is one in our fixed SQL: a table or column is missing.
        ErrorCode::DatabaseCorrupt | ErrorCode::Unknown => corrupt(path, error.to_string()),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy(path.to_owned()),
        ErrorCode::DiskFull => StoreError::Full(path.to_owned()),
        ErrorCode::ReadOnly => StoreError::ReadOnly(path.to_owned()),
        _ => unusable(path, error.to_string()),
    }
}

/// What SQLite says when it can't open the file: it does not tell a missing permission from other reasons.
pub(super) fn from_open(path: &Path, error: &Error) -> StoreError {
    match eaccess(path, AccessFlags::R_OK | AccessFlags::W_OK) {
        Err(reason) if error.sqlite_error_code() == Some(ErrorCode::CannotOpen) => {
            from_io(path, &reason.into())
        }
        _ => from_sqlite(path, error),
    }
}

/// What the operating system says.
pub(super) fn from_io(path: &Path, error: &io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull => StoreError::Full(path.to_owned()),
        ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly(path.to_owned()),
        ErrorKind::PermissionDenied => unusable(path, "permission denied: only its owner may open it"),
        _ => unusable(path, error.to_string()),
    }
}

pub(super) fn corrupt(path: &Path, detail: impl Into<String>) -> StoreError {
    StoreError::Corrupt { path: path.to_owned(), detail: detail.into() }
}

pub(super) fn unusable(path: &Path, detail: impl Into<String>) -> StoreError {
    StoreError::Unusable { path: path.to_owned(), detail: detail.into() }
}
