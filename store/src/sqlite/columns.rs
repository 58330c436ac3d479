//! Columns read into types. What doesn't parse is an error, never a default.

use std::error::Error;
use std::str::FromStr;

use keyfob_core::UnixTime;
use rusqlite::types::FromSqlError;
use rusqlite::{Result, Row};

/// A text in a type of its own.
pub(super) fn parsed<T>(row: &Row<'_>, column: &str) -> Result<T>
where
    T: FromStr,
    T::Err: Error + Send + Sync + 'static,
{
    let text = row.get_ref(column)?.as_str()?;
    text.parse().map_err(|error| malformed(column, &error))
}

/// The same, or NULL.
pub(super) fn optional_parsed<T>(row: &Row<'_>, column: &str) -> Result<Option<T>>
where
    T: FromStr,
    T::Err: Error + Send + Sync + 'static,
{
    let text = row.get_ref(column)?.as_str_or_null()?;
    text.map(str::parse).transpose().map_err(|error| malformed(column, &error))
}

/// An unsigned 64-bit number: 8 bytes, big-endian.
pub(super) fn unsigned(row: &Row<'_>, column: &str) -> Result<u64> {
    row.get(column).map(u64::from_be_bytes)
}

/// The same, or NULL.
pub(super) fn optional_unsigned(row: &Row<'_>, column: &str) -> Result<Option<u64>> {
    row.get::<_, Option<[u8; 8]>>(column).map(|bytes| bytes.map(u64::from_be_bytes))
}

/// A time.
pub(super) fn time(row: &Row<'_>, column: &str) -> Result<UnixTime> {
    unsigned(row, column).map(UnixTime)
}

/// The error for a column's value that is none of its type.
pub(super) fn malformed(column: &str, reason: &dyn Error) -> rusqlite::Error {
    FromSqlError::Other(format!("{column}: {reason}").into()).into()
}

/// A statement that changes the row it names, and no other.
pub(super) fn one_row(changed: usize) -> Result<()> {
    if changed == 1 { Ok(()) } else { Err(rusqlite::Error::StatementChangedRows(changed)) }
}
