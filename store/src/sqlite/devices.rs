use keyfob_core::{Digits, Drift, MovingFactor, Parameters, Period, Position, SerialNumber, UnixTime};
use rusqlite::types::FromSqlError;
use rusqlite::{Connection, OptionalExtension, Result, Row, named_params};

use super::columns::{Columns, malformed, one_row};
use super::drifts;
use crate::{
    AccountId, Association, Counts, Device, DeviceFilter, DeviceId, NewDevice, Origin, SealedSecret,
};

pub(super) fn by_serial(connection: &Connection, serial: &SerialNumber) -> Result<Option<Device>> {
    connection.query_row("SELECT * FROM device WHERE serial = ?1", [serial.as_str()], device).optional()
}

/// The exact one comes first; of several others none is meant.
pub(super) fn by_typed_serial(connection: &Connection, serial: &SerialNumber) -> Result<Option<Device>> {
    let found: Vec<Device> = connection
        .prepare_cached(
            "SELECT * FROM device WHERE replace(lower(serial), '-', '') = replace(lower(?1), '-', '')
                ORDER BY serial = ?1 DESC LIMIT 2",
        )?
        .query_map([serial.as_str()], device)?
        .collect::<Result<_>>()?;
    Ok(match found.as_slice() {
        [exact, ..] if exact.serial == *serial => Some(exact.clone()),
        [only] => Some(only.clone()),
        _ => None,
    })
}

pub(super) fn of_account(connection: &Connection, account: AccountId) -> Result<Vec<Device>> {
    connection
        .prepare_cached("SELECT * FROM device WHERE account = ?1 ORDER BY associated, id")?
        .query_map([account.0], device)?
        .collect()
}

pub(super) fn any(connection: &Connection) -> Result<Option<Device>> {
    let any = "SELECT * FROM device WHERE account IS NOT NULL ORDER BY account, associated LIMIT 1";
    connection.prepare_cached(any)?.query_row((), device).optional()
}

/// Counted in indices: no device is read.
pub(super) fn counts(connection: &Connection) -> Result<Counts> {
    let counts = "SELECT (SELECT count(*) FROM device) AS devices,
            (SELECT count(*) FROM device WHERE account IS NOT NULL) AS associated,
            (SELECT count(*) FROM account) AS accounts";
    connection.prepare_cached(counts)?.query_row((), |row| {
        Ok(Counts {
            devices: row.get("devices")?,
            associated: row.get("associated")?,
            accounts: row.get("accounts")?,
        })
    })
}

pub(super) fn count_of_account(connection: &Connection, account: AccountId) -> Result<u32> {
    connection.query_row("SELECT count(*) FROM device WHERE account = ?1", [account.0], |row| row.get(0))
}

pub(super) fn unassociated_count(connection: &Connection, creator: AccountId) -> Result<u32> {
    let count = "SELECT count(*) FROM device WHERE creator = ?1 AND account IS NULL";
    connection.query_row(count, [creator.0], |row| row.get(0))
}

pub(super) fn all(connection: &Connection) -> Result<Vec<Device>> {
    connection.prepare("SELECT * FROM device ORDER BY serial")?.query_map((), device)?.collect()
}

/// Read in the order of the serial numbers, so that only what comes before the page's end is looked at.
pub(super) fn matching(connection: &Connection, filter: &DeviceFilter) -> Result<Vec<Device>> {
    let text = filter.text.as_ref().map(|text| text.to_ascii_lowercase());
    connection
        .prepare_cached(
            "SELECT * FROM device WHERE serial > :after
                AND (:is_associated IS NULL OR (account IS NOT NULL) = :is_associated)
                AND (:is_software IS NULL OR is_software = :is_software)
                AND (:text IS NULL OR instr(lower(serial), :text) > 0
                    OR (:compact <> '' AND instr(replace(lower(serial), '-', ''), :compact) > 0) OR account IN
                    (SELECT id FROM account WHERE instr(lower(name), :text) > 0))
                ORDER BY serial LIMIT :limit",
        )?
        .query_map(
            named_params! {
                ":after": filter.after.as_ref().map_or("", SerialNumber::as_str),
                ":is_associated": filter.is_associated,
                ":is_software": filter.is_software,
                ":text": text,
                ":compact": text.as_ref().map(|text| text.replace('-', "")),
                ":limit": filter.limit,
            },
            device,
        )?
        .collect()
}

pub(super) fn next_id(connection: &Connection) -> Result<DeviceId> {
    connection
        .query_row("UPDATE last_device_id SET id = id + 1 RETURNING id", (), |row| row.get(0))
        .map(DeviceId)
}

pub(super) fn add(connection: &Connection, device: &NewDevice, now: UnixTime) -> Result<()> {
    let (period, t0) = match device.parameters.moving_factor {
        MovingFactor::Counter => (None, None),
        MovingFactor::Time { period, t0 } => (Some(period.seconds()), Some(t0.0.to_be_bytes())),
    };
    let (is_software, creator) = match device.origin {
        Origin::Imported => (false, None),
        Origin::Software { creator } => (true, creator.map(|creator| creator.0)),
    };
    connection.execute(
        "INSERT INTO device VALUES (:id, :serial, :moving_factor, :period, :t0, :algorithm, :digits, :accepted,
            :drift_seconds, :entry_delay, :sealed, :generation, NULL, NULL, :manufacturer, :model, :imported,
            :is_software, :creator, NULL, :expires)",
        named_params! {
            ":id": device.id.0,
            ":serial": device.serial.as_str(),
            ":moving_factor": device.parameters.moving_factor.name(),
            ":period": period,
            ":t0": t0,
            ":algorithm": device.parameters.algorithm.name(),
            ":digits": device.parameters.digits.get(),
            ":accepted": device.position.accepted.map(u64::to_be_bytes),
            ":drift_seconds": device.position.drift.seconds,
            ":entry_delay": device.position.drift.entry_delay,
            ":sealed": device.sealed.0,
            ":generation": 0_u64.to_be_bytes(),
            ":manufacturer": device.manufacturer,
            ":model": device.model,
            ":imported": now.0.to_be_bytes(),
            ":is_software": is_software,
            ":creator": creator,
            ":expires": device.expires.map(|expires| expires.0.to_be_bytes()),
        },
    )?;
    Ok(())
}

pub(super) fn remove(connection: &Connection, device: DeviceId) -> Result<()> {
    one_row(connection.execute("DELETE FROM device WHERE id = ?1", [device.0])?)
}

pub(super) fn set_association(
    connection: &Connection,
    device: DeviceId,
    association: Option<Association>,
    generation: u64,
    sealed: &SealedSecret,
) -> Result<()> {
    let changed = connection.execute(
        "UPDATE device SET account = :account, associated = :associated, generation = :generation, sealed = :sealed
            WHERE id = :id AND generation < :generation",
        named_params! {
            ":id": device.0,
            ":account": association.map(|association| association.account.0),
            ":associated": association.map(|association| association.since.0.to_be_bytes()),
            ":generation": generation.to_be_bytes(),
            ":sealed": sealed.0,
        },
    )?;
    one_row(changed)
}

/// The one statement that lets a code in: of any number of racing tries, it changes a row for one.
pub(super) fn advance(
    connection: &Connection,
    device: DeviceId,
    generation: u64,
    position: Position,
    now: UnixTime,
) -> Result<bool> {
    let Some(accepted) = position.accepted else {
        return Ok(false);
    };
    let mut advance = connection.prepare_cached(
        "UPDATE device SET accepted = :accepted, drift_seconds = :drift_seconds, entry_delay = :entry_delay,
                last_used = :now
            WHERE id = :id AND generation = :generation AND (accepted IS NULL OR accepted < :accepted)",
    )?;
    let changed = advance.execute(named_params! {
        ":id": device.0,
        ":generation": generation.to_be_bytes(),
        ":accepted": accepted.to_be_bytes(),
        ":drift_seconds": position.drift.seconds,
        ":entry_delay": position.drift.entry_delay,
        ":now": now.0.to_be_bytes(),
    })?;
    if changed == 1 {
        drifts::keep(connection, device, position.drift.seconds, now)?;
    }
    Ok(changed == 1)
}

fn device(row: &Row<'_>) -> Result<Device> {
    let mut columns = Columns::of(row);
    Ok(Device {
        id: DeviceId(columns.next()?),
        serial: columns.next_parsed()?,
        parameters: parameters(&mut columns)?,
        position: position(&mut columns)?,
        sealed: SealedSecret(columns.next()?),
        generation: columns.next_unsigned()?,
        association: association(&mut columns)?,
        manufacturer: columns.next()?,
        model: columns.next()?,
        imported: UnixTime(columns.next_unsigned()?),
        origin: origin(&mut columns)?,
        last_used: columns.next_optional_unsigned()?.map(UnixTime),
        expires: columns.next_optional_unsigned()?.map(UnixTime),
    })
}

fn parameters(columns: &mut Columns<'_>) -> Result<Parameters> {
    Ok(Parameters {
        moving_factor: moving_factor(columns)?,
        algorithm: columns.next_parsed()?,
        digits: Digits::new(columns.next()?).map_err(|error| malformed("digits", &error))?,
    })
}

fn moving_factor(columns: &mut Columns<'_>) -> Result<MovingFactor> {
    let name: String = columns.next()?;
    let period = columns.next::<Option<u32>>()?.and_then(Period::from_seconds);
    let t0 = columns.next_optional_unsigned()?.map(UnixTime);
    match (name.as_str(), period, t0) {
        ("HOTP", None, None) => Ok(MovingFactor::Counter),
        ("TOTP", Some(period), Some(t0)) => Ok(MovingFactor::Time { period, t0 }),
        _ => Err(malformed("moving_factor", &FromSqlError::InvalidType)),
    }
}

fn position(columns: &mut Columns<'_>) -> Result<Position> {
    Ok(Position {
        accepted: columns.next_optional_unsigned()?,
        drift: Drift { seconds: columns.next()?, entry_delay: columns.next()? },
    })
}

fn association(columns: &mut Columns<'_>) -> Result<Option<Association>> {
    match (columns.next()?, columns.next_optional_unsigned()?) {
        (None, None) => Ok(None),
        (Some(account), Some(since)) => {
            Ok(Some(Association { account: AccountId(account), since: UnixTime(since) }))
        }
        _ => Err(malformed("account", &FromSqlError::InvalidType)),
    }
}

fn origin(columns: &mut Columns<'_>) -> Result<Origin> {
    let (is_software, creator) = (columns.next()?, columns.next::<Option<_>>()?.map(AccountId));
    Ok(if is_software { Origin::Software { creator } } else { Origin::Imported })
}
