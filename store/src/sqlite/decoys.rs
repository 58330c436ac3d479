use keyfob_core::Throttle;
use rusqlite::{Connection, OptionalExtension, Result};

use super::throttles::{name, throttle};
use crate::{DecoyName, Purpose};

/// Most rows.
const SLOTS: u64 = 10_000;

pub(super) fn read(connection: &Connection, decoy: DecoyName, purpose: Purpose) -> Result<Throttle> {
    let found = connection
        .prepare_cached("SELECT * FROM decoy WHERE slot = ?1 AND name = ?2 AND purpose = ?3")?
        .query_row((slot(decoy, purpose), decoy.0, name(purpose)), throttle);
    Ok(found.optional()?.unwrap_or_default())
}

pub(super) fn write(
    connection: &Connection,
    decoy: DecoyName,
    purpose: Purpose,
    throttle: Throttle,
) -> Result<()> {
    let (slot, failed_at) = (slot(decoy, purpose), throttle.failed_at.0.to_be_bytes());
    connection
        .prepare_cached("INSERT OR REPLACE INTO decoy VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute((slot, decoy.0, name(purpose), throttle.failures, failed_at))
        .map(drop)
}

/// Where a name's failures stand.
fn slot(decoy: DecoyName, purpose: Purpose) -> i64 {
    let shift = match purpose {
        Purpose::SignIn => 0,
        Purpose::Association => SLOTS / 2,
    };
    let slot = u64::from_be_bytes(decoy.0).wrapping_add(shift) % SLOTS;
    slot.cast_signed()
}
