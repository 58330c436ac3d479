use keyfob_core::Throttle;
use rusqlite::{Connection, OptionalExtension, Result, Row};

use super::columns::time;
use crate::{AccountId, Purpose};

pub(super) fn read(connection: &Connection, account: AccountId, purpose: Purpose) -> Result<Throttle> {
    let found = connection.query_row(
        "SELECT * FROM throttle WHERE account = ?1 AND purpose = ?2",
        (account.0, name(purpose)),
        throttle,
    );
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
        let key = (account.0, name(purpose));
        connection.execute("DELETE FROM throttle WHERE account = ?1 AND purpose = ?2", key)?;
    } else {
        connection.execute(
            "INSERT OR REPLACE INTO throttle VALUES (?1, ?2, ?3, ?4)",
            (account.0, name(purpose), throttle.failures, throttle.failed_at.0.to_be_bytes()),
        )?;
    }
    Ok(())
}

fn throttle(row: &Row<'_>) -> Result<Throttle> {
    Ok(Throttle { failures: row.get("failures")?, failed_at: time(row, "failed_at")? })
}

const fn name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::SignIn => "sign-in",
        Purpose::Association => "association",
    }
}
