use keyfob_core::UnixTime;
use rusqlite::{Connection, OptionalExtension, Result};

use crate::RememberedChange;

pub(super) fn find(
    connection: &Connection,
    hash: &[u8; 32],
    now: UnixTime,
) -> Result<Option<RememberedChange>> {
    connection
        .prepare_cached("SELECT outcome FROM signed_change WHERE hash = ?1 AND expires >= ?2")?
        .query_row((hash, now.0.to_be_bytes()), |row| Ok(RememberedChange { outcome: row.get(0)? }))
        .optional()
}

pub(super) fn remember(
    connection: &Connection,
    hash: &[u8; 32],
    change: &RememberedChange,
    now: UnixTime,
    expires: UnixTime,
) -> Result<()> {
    let (now, expires) = (now.0.to_be_bytes(), expires.0.to_be_bytes());
    connection.prepare_cached("DELETE FROM signed_change WHERE expires < ?1")?.execute((now,))?;
    let remember = "INSERT INTO signed_change (hash, expires, outcome) VALUES (?1, ?2, ?3)
                    ON CONFLICT (hash) DO UPDATE SET outcome = excluded.outcome";
    connection.prepare_cached(remember)?.execute((hash, expires, &change.outcome))?;
    Ok(())
}
