//! Columns read into types. What doesn't parse is an error, never a default.

use std::error::Error;
use std::str::FromStr;

use keyfob_core::UnixTime;
use rusqlite::types::{FromSql, FromSqlError};
use rusqlite::{Result, Row, RowIndex};

/// A row's columns, one after the other in the order of their table. To find each by its name takes longer than all else that is done with a
/// device's row.
pub(super) struct Columns<'a> {
    row: &'a Row<'a>,
    next: usize,
}

impl<'a> Columns<'a> {
    pub(super) const fn of(row: &'a Row<'a>) -> Self {
        Self { row, next: 0 }
    }

    /// The next one.
    pub(super) fn next<T: FromSql>(&mut self) -> Result<T> {
        let column = self.advance();
        self.row.get(column)
    }

    /// As [`parsed`].
    pub(super) fn next_parsed<T>(&mut self) -> Result<T>
    where
        T: FromStr,
        T::Err: Error + Send + Sync + 'static,
    {
        let column = self.advance();
        parsed(self.row, column)
    }

    /// As [`unsigned`].
    pub(super) fn next_unsigned(&mut self) -> Result<u64> {
        let column = self.advance();
        unsigned(self.row, column)
    }

    /// As [`optional_unsigned`].
    pub(super) fn next_optional_unsigned(&mut self) -> Result<Option<u64>> {
        let column = self.advance();
        optional_unsigned(self.row, column)
    }

    const fn advance(&mut self) -> usize {
        let column = self.next;
        self.next += 1;
        column
    }
}

/// A text in a type of its own.
pub(super) fn parsed<T>(row: &Row<'_>, column: impl RowIndex) -> Result<T>
where
    T: FromStr,
    T::Err: Error + Send + Sync + 'static,
{
    let text = row.get_ref(column)?.as_str()?;
    text.parse().map_err(|error| malformed_in(row, column, &error))
}

/// The same, or NULL.
pub(super) fn optional_parsed<T>(row: &Row<'_>, column: impl RowIndex) -> Result<Option<T>>
where
    T: FromStr,
    T::Err: Error + Send + Sync + 'static,
{
    let text = row.get_ref(column)?.as_str_or_null()?;
    text.map(str::parse).transpose().map_err(|error| malformed_in(row, column, &error))
}

/// An unsigned 64-bit number: 8 bytes, big-endian.
pub(super) fn unsigned(row: &Row<'_>, column: impl RowIndex) -> Result<u64> {
    row.get(column).map(u64::from_be_bytes)
}

/// The same, or NULL.
pub(super) fn optional_unsigned(row: &Row<'_>, column: impl RowIndex) -> Result<Option<u64>> {
    row.get::<_, Option<[u8; 8]>>(column).map(|bytes| bytes.map(u64::from_be_bytes))
}

/// A time.
pub(super) fn time(row: &Row<'_>, column: impl RowIndex) -> Result<UnixTime> {
    unsigned(row, column).map(UnixTime)
}

fn malformed_in(row: &Row<'_>, column: impl RowIndex, reason: &dyn Error) -> rusqlite::Error {
    let statement = row.as_ref();
    match column.idx(statement).and_then(|column| statement.column_name(column)) {
        Ok(column) => malformed(column, reason),
        Err(error) => error,
    }
}

/// The error for a column's value that is none of its type.
pub(super) fn malformed(column: &str, reason: &dyn Error) -> rusqlite::Error {
    FromSqlError::Other(format!("{column}: {reason}").into()).into()
}

/// A statement that changes the row it names, and no other.
pub(super) fn one_row(changed: usize) -> Result<()> {
    if changed == 1 { Ok(()) } else { Err(rusqlite::Error::StatementChangedRows(changed)) }
}
