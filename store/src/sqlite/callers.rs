use keyfob_core::CallerBudget;
use rusqlite::{Connection, OptionalExtension, Result, Row};

use super::columns::time;

pub(super) fn read(connection: &Connection, uid: u32) -> Result<CallerBudget> {
    let found =
        connection.prepare_cached("SELECT * FROM caller WHERE uid = ?1")?.query_row([uid], budget).optional();
    Ok(found?.unwrap_or_default())
}

pub(super) fn write(connection: &Connection, uid: u32, budget: CallerBudget) -> Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO caller VALUES (?1, ?2, ?3)")?
        .execute((uid, budget.failures, budget.since.0.to_be_bytes()))
        .map(drop)
}

fn budget(row: &Row<'_>) -> Result<CallerBudget> {
    Ok(CallerBudget { failures: row.get("failures")?, since: time(row, "since")? })
}
