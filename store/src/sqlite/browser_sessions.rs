use keyfob_core::UnixTime;
use rusqlite::types::FromSqlError;
use rusqlite::{Connection, OptionalExtension, Result, Row};

use super::columns::{malformed, parsed, time};
use crate::{AccountId, SessionId, Stage, StoredBrowserSession};

/// Of one account; the oldest are dropped.
const MOST_OF_AN_ACCOUNT: u32 = 20;

/// Adds it, or puts it in the place of the one with the same id.
pub(super) fn set(connection: &Connection, session: &StoredBrowserSession) -> Result<()> {
    let StoredBrowserSession { id, token, account, stage, created, last_used, expires, remote } = session;
    let [created, last_used, expires] = [created, last_used, expires].map(|time| time.0.to_be_bytes());
    connection
        .prepare_cached("INSERT OR REPLACE INTO browser_session VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?
        .execute((id.as_str(), token, account.0, number(*stage), created, last_used, expires, remote))?;
    connection
        .prepare_cached(
            "DELETE FROM browser_session WHERE account = ?1 AND id NOT IN
                (SELECT id FROM browser_session WHERE account = ?1 ORDER BY last_used DESC, id LIMIT ?2)",
        )?
        .execute((account.0, MOST_OF_AN_ACCOUNT))
        .map(drop)
}

pub(super) fn by_token(connection: &Connection, token: &[u8; 32]) -> Result<Option<StoredBrowserSession>> {
    connection
        .prepare_cached("SELECT * FROM browser_session WHERE token = ?1")?
        .query_row([token], browser_session)
        .optional()
}

pub(super) fn by_id(connection: &Connection, id: &SessionId) -> Result<Option<StoredBrowserSession>> {
    connection
        .prepare_cached("SELECT * FROM browser_session WHERE id = ?1")?
        .query_row([id.as_str()], browser_session)
        .optional()
}

pub(super) fn of_account(connection: &Connection, account: AccountId) -> Result<Vec<StoredBrowserSession>> {
    connection
        .prepare_cached("SELECT * FROM browser_session WHERE account = ?1 ORDER BY created, id")?
        .query_map([account.0], browser_session)?
        .collect()
}

pub(super) fn remove(connection: &Connection, id: &SessionId) -> Result<()> {
    connection.prepare_cached("DELETE FROM browser_session WHERE id = ?1")?.execute([id.as_str()]).map(drop)
}

pub(super) fn remove_expired(connection: &Connection, now: UnixTime) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM browser_session WHERE expires <= ?1")?
        .execute([now.0.to_be_bytes()])
        .map(drop)
}

fn browser_session(row: &Row<'_>) -> Result<StoredBrowserSession> {
    Ok(StoredBrowserSession {
        id: parsed(row, "id")?,
        token: row.get("token")?,
        account: AccountId(row.get("account")?),
        stage: stage(row)?,
        created: time(row, "created")?,
        last_used: time(row, "last_used")?,
        expires: time(row, "expires")?,
        remote: row.get("remote")?,
    })
}

const fn number(stage: Stage) -> u8 {
    match stage {
        Stage::Password => 0,
        Stage::WithoutCode => 1,
        Stage::WithCode => 2,
    }
}

fn stage(row: &Row<'_>) -> Result<Stage> {
    match row.get("stage")? {
        0 => Ok(Stage::Password),
        1 => Ok(Stage::WithoutCode),
        2 => Ok(Stage::WithCode),
        other => Err(malformed("stage", &FromSqlError::OutOfRange(other))),
    }
}
