use rusqlite::{Connection, Result, named_params};

use super::columns::time;
use keyfob_core::UnixTime;

use crate::{DeviceId, StoredDrift};

/// Most rows of a device.
const MOST: i64 = 24;

/// A day has one row, unless the clock moved by a whole time step of the usual length.
const SECONDS_PER_ROW: u64 = 24 * 60 * 60;
const TELLING_SECONDS: i64 = 30;

/// Keeps where a TOTP device's clock stands, unless what was kept in the last day says as much: the usual sign-in writes nothing here.
pub(super) fn keep(connection: &Connection, device: DeviceId, seconds: i64, now: UnixTime) -> Result<()> {
    let kept = connection
        .prepare_cached(
            "INSERT OR REPLACE INTO device_drift SELECT id, :now, :seconds FROM device
                WHERE id = :device AND moving_factor = 'TOTP' AND NOT EXISTS
                    (SELECT 1 FROM device_drift WHERE device = :device AND time > :earlier
                        AND abs(seconds - :seconds) < :telling)",
        )?
        .execute(named_params! {
            ":device": device.0,
            ":now": now.0.to_be_bytes(),
            ":seconds": seconds,
            ":earlier": now.0.saturating_sub(SECONDS_PER_ROW).to_be_bytes(),
            ":telling": TELLING_SECONDS,
        })?;
    if kept == 0 { Ok(()) } else { drop_oldest(connection, device) }
}

fn drop_oldest(connection: &Connection, device: DeviceId) -> Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM device_drift WHERE device = ?1 AND time IN
                (SELECT time FROM device_drift WHERE device = ?1 ORDER BY time DESC LIMIT -1 OFFSET ?2)",
        )?
        .execute((device.0, MOST))
        .map(drop)
}

pub(super) fn of_device(connection: &Connection, device: DeviceId) -> Result<Vec<StoredDrift>> {
    connection
        .prepare_cached("SELECT time, seconds FROM device_drift WHERE device = ?1 ORDER BY time")?
        .query_map([device.0], |row| {
            Ok(StoredDrift { time: time(row, "time")?, seconds: row.get("seconds")? })
        })?
        .collect()
}
