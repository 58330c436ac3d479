use keyfob_authority::{DeviceFilter, DeviceSummary, Role, StoredDrift};
use keyfob_core::{Period, SerialNumber};
use serde::Serialize;

use super::Call;
use super::page::cut;
use super::tags::Tag;
use crate::answer::Outcome;
use crate::error::Failure;
use crate::parameter;
use crate::time::rfc3339;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListDevices {
    devices: Vec<Device>,
    is_truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    marker: Option<String>,
}

/// A device with all that is known of it but its secret.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Device {
    serial_number: String,
    #[serde(rename = "Type")]
    kind: &'static str,
    algorithm: &'static str,
    digits: u8,
    period: Option<u32>,
    manufacturer: Option<String>,
    model: Option<String>,
    expires: Option<String>,
    imported: String,
    user_name: Option<String>,
    enable_date: Option<String>,
    is_software: bool,
    drift: Option<i64>,
    drift_seconds: Option<i64>,
    last_used: Option<String>,
    tags: Vec<Tag>,
    #[serde(skip_serializing_if = "Option::is_none")]
    drift_history: Option<Vec<Drift>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(clippy::struct_field_names, reason = "as in a device")]
struct Drift {
    time: String,
    drift: i64,
    drift_seconds: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct FindDevice {
    serial_numbers: Vec<String>,
}

/// Lists devices by serial number.
pub fn list(call: &Call) -> Result<Outcome, Failure> {
    let part = parameter::part::<SerialNumber>(call.query)?;
    let devices = call.acts.devices_matching(&DeviceFilter {
        limit: part.limit(),
        after: part.after,
        text: parameter::filter(call.query)?,
        is_associated: parameter::assignment_status(call.query)?,
        is_software: None,
    })?;
    let page = cut(devices, |device| device.serial.as_str(), part.max_items);
    call.result(&ListDevices {
        devices: page.items.into_iter().map(|device| shown(device, None)).collect(),
        is_truncated: page.marker.is_some(),
        marker: page.marker,
    })
}

/// Shows a device, and how its clock has moved.
pub fn get(call: &Call) -> Result<Outcome, Failure> {
    let serial = parameter::serial_number(call.query)?;
    let device = call.acts.device(&serial)?;
    let drifts = call.acts.drifts(&device.serial)?;
    call.result(&shown(device, Some(drifts)))
}

fn shown(device: DeviceSummary, drifts: Option<Vec<StoredDrift>>) -> Device {
    let period = device.parameters.moving_factor.period().map(Period::seconds);
    let drift_seconds = period.map(|_| device.position.drift.seconds);
    let history = |drifts: Vec<StoredDrift>, period| drifts.into_iter().map(|of| drift(of, period)).collect();
    Device {
        serial_number: device.serial.to_string(),
        kind: device.parameters.moving_factor.name(),
        algorithm: device.parameters.algorithm.name(),
        digits: device.parameters.digits.get(),
        period,
        manufacturer: device.manufacturer,
        model: device.model,
        expires: device.expires.map(rfc3339),
        imported: rfc3339(device.imported),
        user_name: device.owner.as_ref().map(|owner| owner.account.to_string()),
        enable_date: device.owner.as_ref().map(|owner| rfc3339(owner.since)),
        is_software: device.is_software,
        drift: period.zip(drift_seconds).map(|(period, seconds)| steps(seconds, period)),
        drift_seconds,
        last_used: device.last_used.map(rfc3339),
        tags: device.tags.into_iter().map(Tag::from).collect(),
        drift_history: period.zip(drifts).map(|(period, drifts)| history(drifts, period)),
    }
}

fn drift(drift: StoredDrift, period: u32) -> Drift {
    let StoredDrift { time, seconds } = drift;
    Drift { time: rfc3339(time), drift: steps(seconds, period), drift_seconds: seconds }
}

/// A drift in whole time steps, towards zero.
fn steps(seconds: i64, period: u32) -> i64 {
    seconds.checked_div(period.into()).unwrap_or(0)
}

/// Forgets a device that nobody has.
pub fn delete(call: &Call) -> Result<Outcome, Failure> {
    let serial = parameter::serial_number(call.query)?;
    call.acts.remove_device(&serial, call.caller).map_err(super::software_devices::in_use)?;
    Ok(Outcome::NOTHING)
}

/// Finds devices by their codes.
pub fn find(call: &Call) -> Result<Outcome, Failure> {
    let (code1, code2) = if call.principal.role == Role::User {
        let [code1, code2] = parameter::codes(call.query)?;
        (code1, Some(code2))
    } else {
        parameter::codes_to_find(call.query)?
    };
    let found = call.acts.find_device(&call.principal.account, &code1, code2.as_ref(), call.caller)?;
    call.result(&FindDevice { serial_numbers: found.iter().map(ToString::to_string).collect() })
}
