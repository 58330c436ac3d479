use keyfob_core::{AccountName, UnixTime};
use rusqlite::{Connection, OptionalExtension, Result, Row};

use super::columns::{Columns, one_row};
use crate::{Account, AccountId};

pub(super) fn by_name(connection: &Connection, name: &AccountName) -> Result<Option<Account>> {
    connection
        .prepare_cached("SELECT * FROM account WHERE name = ?1")?
        .query_row([name.as_str()], account)
        .optional()
}

pub(super) fn by_id(connection: &Connection, id: AccountId) -> Result<Account> {
    connection.prepare_cached("SELECT * FROM account WHERE id = ?1")?.query_row([id.0], account)
}

pub(super) fn all(connection: &Connection) -> Result<Vec<Account>> {
    connection.prepare("SELECT * FROM account ORDER BY name")?.query_map((), account)?.collect()
}

pub(super) fn after(connection: &Connection, name: Option<&AccountName>, limit: u32) -> Result<Vec<Account>> {
    connection
        .prepare_cached("SELECT * FROM account WHERE name > ?1 ORDER BY name LIMIT ?2")?
        .query_map((name.map_or("", AccountName::as_str), limit), account)?
        .collect()
}

pub(super) fn add(
    connection: &Connection,
    name: &AccountName,
    uid: Option<u32>,
    now: UnixTime,
) -> Result<Account> {
    let values = (name.as_str(), uid, now.0.to_be_bytes());
    connection.execute("INSERT INTO account (name, uid, created) VALUES (?1, ?2, ?3)", values)?;
    let id = AccountId(connection.last_insert_rowid());
    Ok(Account { id, name: name.clone(), uid, created: now })
}

pub(super) fn set_uid(connection: &Connection, account: AccountId, uid: Option<u32>) -> Result<()> {
    one_row(connection.execute("UPDATE account SET uid = ?2 WHERE id = ?1", (account.0, uid))?)
}

/// Throttles and recovery codes go along by their foreign keys; a device stands in the way by its own.
pub(super) fn remove(connection: &Connection, account: AccountId) -> Result<()> {
    connection.prepare_cached("DELETE FROM notice WHERE account = ?1")?.execute([account.0])?;
    one_row(connection.execute("DELETE FROM account WHERE id = ?1", [account.0])?)
}

fn account(row: &Row<'_>) -> Result<Account> {
    let mut columns = Columns::of(row);
    Ok(Account {
        id: AccountId(columns.next()?),
        name: columns.next_parsed()?,
        uid: columns.next()?,
        created: UnixTime(columns.next_unsigned()?),
    })
}
