use keyfob_core::SerialNumber;
use rusqlite::{Connection, Result, Row, named_params};

use super::columns::{parsed, time};
use crate::{AccountId, NewNotice, StoredNotice};

/// Most notices of an account.
const MOST: i64 = 32;

pub(super) fn add(connection: &Connection, account: AccountId, notice: &NewNotice) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO notice VALUES (:account, :kind, :serial, :door, :time, :remote, 0, 1)
                ON CONFLICT DO UPDATE SET time = excluded.time, remote = excluded.remote,
                    several_remotes = several_remotes OR remote IS NOT excluded.remote,
                    count = min(count + 1, 4294967295)",
        )?
        .execute(named_params! {
            ":account": account.0,
            ":kind": notice.kind.name(),
            ":serial": notice.serial.as_ref().map_or("", SerialNumber::as_str),
            ":door": notice.door,
            ":time": notice.time.0.to_be_bytes(),
            ":remote": notice.remote,
        })?;
    drop_oldest(connection, account)
}

fn drop_oldest(connection: &Connection, account: AccountId) -> Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM notice WHERE account = ?1 AND (kind, serial, door) IN
                (SELECT kind, serial, door FROM notice WHERE account = ?1 ORDER BY time DESC LIMIT -1 OFFSET ?2)",
        )?
        .execute((account.0, MOST))
        .map(drop)
}

/// Where there are none, nothing is written.
pub(super) fn take(connection: &Connection, account: AccountId) -> Result<Vec<StoredNotice>> {
    let notices: Vec<_> = connection
        .prepare_cached("SELECT * FROM notice WHERE account = ?1 ORDER BY time")?
        .query_map([account.0], notice)?
        .collect::<Result<_>>()?;
    if !notices.is_empty() {
        connection.prepare_cached("DELETE FROM notice WHERE account = ?1")?.execute([account.0])?;
    }
    Ok(notices)
}

fn notice(row: &Row<'_>) -> Result<StoredNotice> {
    Ok(StoredNotice {
        kind: parsed(row, "kind")?,
        time: time(row, "time")?,
        serial: serial(row)?,
        door: row.get("door")?,
        remote: row.get("remote")?,
        several_remotes: row.get("several_remotes")?,
        count: row.get("count")?,
    })
}

fn serial(row: &Row<'_>) -> Result<Option<SerialNumber>> {
    if row.get_ref("serial")?.as_str()?.is_empty() { Ok(None) } else { parsed(row, "serial").map(Some) }
}
