use keyfob_core::{AccountName, SerialNumber};
use rusqlite::{Connection, Result, Row, named_params};

use super::columns::{optional_parsed, parsed, time};
use crate::{Event, EventFilter, EventId, NewEvent, Retention};

/// Each of so many events drops what is kept no longer, for itself and those before it: a sign-in is not to pay for that each time.
const DROPS_AFTER: i64 = 8;

/// And looks at so many of the oldest, so that it does not pay for thousands when the policy has been tightened.
const LOOKED_AT: i64 = 64;

pub(super) fn append(connection: &Connection, event: &NewEvent, retention: Retention) -> Result<()> {
    insert(connection, event)?;
    let newest = connection.last_insert_rowid();
    if newest % DROPS_AFTER != 0 {
        return Ok(());
    }
    drop_oldest(connection, newest, event.time.0.saturating_sub(retention.max_age), retention.max_events)
}

fn insert(connection: &Connection, event: &NewEvent) -> Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO event (time, act, account, serial, door, remote, outcome, reason)
            VALUES (:time, :act, :account, :serial, :door, :remote, :outcome, :reason)",
    )?;
    insert.execute(named_params! {
        ":time": event.time.0.to_be_bytes(),
        ":act": event.act.name(),
        ":account": event.account,
        ":serial": event.serial.as_ref().map(SerialNumber::as_str),
        ":door": event.door,
        ":remote": event.remote,
        ":outcome": event.outcome.name(),
        ":reason": event.reason,
    })?;
    Ok(())
}

/// Ids are consecutive, so that the distance to the newest bounds the number. The oldest by their ids are the oldest by their times, but for
/// what a wrong clock has written: an index on the times would cost each sign-in a page.
fn drop_oldest(connection: &Connection, newest: i64, oldest_kept: u64, max_events: u64) -> Result<()> {
    let kept = i64::try_from(max_events).unwrap_or(i64::MAX).max(1);
    connection
        .prepare_cached(
            "DELETE FROM event WHERE id IN
                (SELECT id FROM (SELECT id, time FROM event ORDER BY id LIMIT :looked_at)
                    WHERE id <= :last_dropped OR (time < :oldest_kept AND id < :newest))",
        )?
        .execute(named_params! {
            ":looked_at": LOOKED_AT,
            ":last_dropped": newest.saturating_sub(kept),
            ":oldest_kept": oldest_kept.to_be_bytes(),
            ":newest": newest,
        })?;
    Ok(())
}

pub(super) fn matching(connection: &Connection, filter: &EventFilter) -> Result<Vec<Event>> {
    let mut events: Vec<_> = connection
        .prepare(
            "SELECT * FROM event WHERE id > :after AND id < :before AND (:account IS NULL OR account = :account)
                AND (:serial IS NULL OR serial = :serial) ORDER BY id DESC LIMIT :newest",
        )?
        .query_map(
            named_params! {
                ":after": filter.after.map_or(0, |id| id.0),
                ":before": filter.before.map_or(i64::MAX, |id| id.0),
                ":newest": filter.newest.map_or(-1, i64::from),
                ":account": filter.account.as_ref().map(AccountName::as_str),
                ":serial": filter.serial.as_ref().map(SerialNumber::as_str),
            },
            event,
        )?
        .collect::<Result<_>>()?;
    events.reverse();
    Ok(events)
}

fn event(row: &Row<'_>) -> Result<Event> {
    Ok(Event {
        id: EventId(row.get("id")?),
        time: time(row, "time")?,
        act: parsed(row, "act")?,
        account: row.get("account")?,
        serial: optional_parsed(row, "serial")?,
        door: row.get("door")?,
        remote: row.get("remote")?,
        outcome: parsed(row, "outcome")?,
        reason: row.get("reason")?,
    })
}
