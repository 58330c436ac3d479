use keyfob_core::Throttle;
use rusqlite::{Connection, OptionalExtension, Result};

use super::throttles::{name, throttle};
use crate::{DecoyName, Purpose};

/// Most rows.
const MOST: i64 = 10_000;

pub(super) fn read(connection: &Connection, decoy: DecoyName, purpose: Purpose) -> Result<Throttle> {
    let found = connection
        .prepare_cached("SELECT * FROM decoy WHERE name = ?1 AND purpose = ?2")?
        .query_row((decoy.0, name(purpose)), throttle);
    Ok(found.optional()?.unwrap_or_default())
}

/// A row that is replaced gets a new id, the highest.
pub(super) fn write(
    connection: &Connection,
    decoy: DecoyName,
    purpose: Purpose,
    throttle: Throttle,
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO decoy (name, purpose, failures, failed_at) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((decoy.0, name(purpose), throttle.failures, throttle.failed_at.0.to_be_bytes()))?;
    // Of ids without a gap this keeps that many rows; gaps make it fewer, never more.
    connection
        .prepare_cached("DELETE FROM decoy WHERE id <= ?1")?
        .execute([connection.last_insert_rowid().saturating_sub(MOST)])
        .map(drop)
}
