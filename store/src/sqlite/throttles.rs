use keyfob_core::Throttle;
use rusqlite::{Connection, OptionalExtension, Result, Row};

use super::columns::time;
use crate::{AccountId, Purpose};

pub(super) fn read(connection: &Connection, account: AccountId, purpose: Purpose) -> Result<Throttle> {
    let mut read = connection.prepare_cached("SELECT * FROM throttle WHERE account = ?1 AND purpose = ?2")?;
    let found = read.query_row((account.0, name(purpose)), throttle);
    Ok(found.optional()?.unwrap_or_default())
}

/// No failures are no row: the usual sign-in writes nothing here.
pub(super) fn write(
    connection: &Connection,
    account: AccountId,
    purpose: Purpose,
    throttle: Throttle,
) -> Result<()> {
    if throttle.failures == 0 {
        connection
            .prepare_cached("DELETE FROM throttle WHERE account = ?1 AND purpose = ?2")?
            .execute((account.0, name(purpose)))?;
    } else {
        let values = (account.0, name(purpose), throttle.failures, throttle.failed_at.0.to_be_bytes());
        connection
            .prepare_cached("INSERT OR REPLACE INTO throttle VALUES (?1, ?2, ?3, ?4)")?
            .execute(values)?;
    }
    Ok(())
}

pub(super) fn throttle(row: &Row<'_>) -> Result<Throttle> {
    Ok(Throttle { failures: row.get("failures")?, failed_at: time(row, "failed_at")? })
}

pub(super) const fn name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::SignIn => "sign-in",
        Purpose::Association => "association",
    }
}
