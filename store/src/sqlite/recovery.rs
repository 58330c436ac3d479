use keyfob_core::{HashedRecoveryCode, UnixTime};
use rusqlite::{Connection, OptionalExtension, Result, Row};

use super::columns;
use crate::{AccountId, RecoveryCodes, UnusedRecoveryCode};

pub(super) fn read(connection: &Connection, account: AccountId) -> Result<Option<RecoveryCodes>> {
    let salt = connection
        .prepare_cached("SELECT salt FROM recovery WHERE account = ?1")?
        .query_row([account.0], |row| row.get(0))
        .optional()?;
    let Some(salt) = salt else {
        return Ok(None);
    };
    let unused = connection
        .prepare_cached("SELECT hash, expires FROM recovery_code WHERE account = ?1")?
        .query_map([account.0], unused_code)?
        .collect::<Result<_>>()?;
    Ok(Some(RecoveryCodes { salt, unused }))
}

pub(super) fn write(connection: &Connection, account: AccountId, codes: &RecoveryCodes) -> Result<()> {
    // The codes of an earlier set go along by their foreign key.
    connection.execute("DELETE FROM recovery WHERE account = ?1", [account.0])?;
    connection.execute("INSERT INTO recovery VALUES (?1, ?2)", (account.0, codes.salt))?;
    let mut insert = connection.prepare("INSERT INTO recovery_code VALUES (?1, ?2, ?3)")?;
    codes.unused.iter().try_for_each(|UnusedRecoveryCode { hash, expires }| {
        insert.execute((account.0, hash.0, expires.map(|time| time.0.to_be_bytes()))).map(drop)
    })
}

fn unused_code(row: &Row<'_>) -> Result<UnusedRecoveryCode> {
    let expires = columns::optional_unsigned(row, "expires")?.map(UnixTime);
    Ok(UnusedRecoveryCode { hash: HashedRecoveryCode(row.get("hash")?), expires })
}

pub(super) fn spend(connection: &Connection, account: AccountId, code: &HashedRecoveryCode) -> Result<bool> {
    let changed = connection
        .prepare_cached("DELETE FROM recovery_code WHERE account = ?1 AND hash = ?2")?
        .execute((account.0, code.0))?;
    Ok(changed == 1)
}
