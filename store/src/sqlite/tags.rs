use rusqlite::{Connection, Result};

use crate::DeviceId;

pub(super) fn of_device(connection: &Connection, device: DeviceId) -> Result<Vec<(String, String)>> {
    connection
        .prepare_cached("SELECT key, value FROM device_tag WHERE device = ?1 ORDER BY key")?
        .query_map([device.0], |row| Ok((row.get("key")?, row.get("value")?)))?
        .collect()
}

pub(super) fn set(connection: &Connection, device: DeviceId, key: &str, value: &str) -> Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO device_tag VALUES (?1, ?2, ?3)")?
        .execute((device.0, key, value))
        .map(drop)
}

/// One that is not there is left out.
pub(super) fn remove(connection: &Connection, device: DeviceId, key: &str) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM device_tag WHERE device = ?1 AND key = ?2")?
        .execute((device.0, key))
        .map(drop)
}
