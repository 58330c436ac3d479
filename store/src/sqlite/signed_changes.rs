use keyfob_core::UnixTime;
use rusqlite::{Connection, Result};

pub(super) fn remember(
    connection: &Connection,
    hash: &[u8; 32],
    now: UnixTime,
    expires: UnixTime,
) -> Result<bool> {
    let (now, expires) = (now.0.to_be_bytes(), expires.0.to_be_bytes());
    connection.prepare_cached("DELETE FROM signed_change WHERE expires < ?1")?.execute((now,))?;
    let mut insert = connection.prepare_cached("INSERT OR IGNORE INTO signed_change VALUES (?1, ?2)")?;
    Ok(insert.execute((hash, expires))? == 1)
}
