use keyfob_core::UnixTime;
use rusqlite::types::FromSqlError;
use rusqlite::{Connection, OptionalExtension, Result, Row};

use super::columns::{malformed, one_row, optional_unsigned, parsed, time};
use crate::{AccessKeyId, AccountId, StoredAccessKey, StoredSession};

pub(super) fn add(connection: &Connection, key: &StoredAccessKey) -> Result<()> {
    let (id, account, created) = (key.id.as_str(), key.account.0, key.created.0.to_be_bytes());
    let token = key.session.map(|session| session.token);
    let expires = key.session.map(|session| session.expires.0.to_be_bytes());
    connection
        .prepare_cached("INSERT INTO access_key VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute((id, account, created, token, expires))
        .map(drop)
}

pub(super) fn by_id(connection: &Connection, id: &AccessKeyId) -> Result<Option<StoredAccessKey>> {
    connection
        .prepare_cached("SELECT * FROM access_key WHERE id = ?1")?
        .query_row([id.as_str()], access_key)
        .optional()
}

pub(super) fn kept(connection: &Connection) -> Result<Vec<StoredAccessKey>> {
    connection
        .prepare("SELECT * FROM access_key WHERE expires IS NULL ORDER BY created, id")?
        .query_map((), access_key)?
        .collect()
}

pub(super) fn remove(connection: &Connection, id: &AccessKeyId) -> Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM access_key WHERE expires IS NOT NULL AND id <> ?1
                AND account = (SELECT account FROM access_key WHERE id = ?1)",
        )?
        .execute([id.as_str()])?;
    one_row(connection.execute("DELETE FROM access_key WHERE id = ?1", [id.as_str()])?)
}

pub(super) fn remove_expired(connection: &Connection, now: UnixTime) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM access_key WHERE expires <= ?1")?
        .execute([now.0.to_be_bytes()])
        .map(drop)
}

fn access_key(row: &Row<'_>) -> Result<StoredAccessKey> {
    Ok(StoredAccessKey {
        id: parsed(row, "id")?,
        account: AccountId(row.get("account")?),
        created: time(row, "created")?,
        session: session(row)?,
    })
}

fn session(row: &Row<'_>) -> Result<Option<StoredSession>> {
    match (row.get("token")?, optional_unsigned(row, "expires")?) {
        (None, None) => Ok(None),
        (Some(token), Some(expires)) => Ok(Some(StoredSession { token, expires: UnixTime(expires) })),
        _ => Err(malformed("token", &FromSqlError::InvalidType)),
    }
}
