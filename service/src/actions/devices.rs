use std::collections::BTreeMap;

use keyfob_authority::{DeviceSummary, Error, Refused, Role};
use keyfob_core::{PairRefusal, Submission};
use serde::Serialize;

use super::Call;
use super::page::page;
use crate::answer::Outcome;
use crate::error::Failure;
use crate::parameter;
use crate::time::rfc3339;

/// A device that a user has.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AssociatedDevice {
    user_name: String,
    serial_number: String,
    enable_date: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListMfaDevices {
    #[serde(rename = "MFADevices")]
    devices: Vec<AssociatedDevice>,
    is_truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    marker: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GetMfaDevice {
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<String>,
    serial_number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    enable_date: Option<String>,
    certifications: BTreeMap<String, String>,
}

/// Associates a device with a user.
pub fn enable(call: &Call) -> Result<Outcome, Failure> {
    let (user, submission) = (parameter::user_name(call.query)?, submission(call)?);
    call.acts.associate(&user, &submission, call.caller).map_err(|error| hidden_from_users(call, error))?;
    Ok(Outcome::NOTHING)
}

/// Who administers nothing does not learn which serial numbers there are.
fn hidden_from_users(call: &Call, error: Error) -> Failure {
    match error {
        Error::Refused(refused) if call.principal.role == Role::User && tells_serial_numbers(&refused) => {
            Refused::from(PairRefusal::Wrong).into()
        }
        other => other.into(),
    }
}

/// Whoever knows no secret could tell by it which serial numbers there are, and which of them are taken.
const fn tells_serial_numbers(refused: &Refused) -> bool {
    use PairRefusal::{SameCode, WrongLength};

    matches!(
        refused,
        Refused::UnknownSerialNumber(_) | Refused::Taken { .. } | Refused::Pair(SameCode | WrongLength)
    )
}

/// Finds the clock or counter of a user's device again.
pub fn resync(call: &Call) -> Result<Outcome, Failure> {
    let (user, submission) = (parameter::user_name(call.query)?, submission(call)?);
    call.acts.resynchronise(&user, &submission, call.caller)?;
    Ok(Outcome::NOTHING)
}

fn submission(call: &Call) -> Result<Submission, Failure> {
    let serial = parameter::serial_number(call.query)?;
    let [code1, code2] = parameter::codes(call.query)?;
    Ok(Submission { serial, code1, code2 })
}

/// Takes a device from its user.
pub fn deactivate(call: &Call) -> Result<Outcome, Failure> {
    let user = call.user_or_caller()?;
    let serial = parameter::serial_number(call.query)?;
    call.acts.deactivate(&user, &serial, call.caller)?;
    Ok(Outcome::NOTHING)
}

/// Lists the devices of a user.
pub fn list(call: &Call) -> Result<Outcome, Failure> {
    let paging = parameter::paging(call.query)?;
    let devices = call.acts.devices_of(&call.user_or_caller()?)?;
    let devices = devices.into_iter().filter_map(associated).collect();
    let page = page(devices, |device: &AssociatedDevice| device.serial_number.as_str(), &paging);
    call.result(&ListMfaDevices {
        devices: page.items,
        is_truncated: page.marker.is_some(),
        marker: page.marker,
    })
}

fn associated(device: DeviceSummary) -> Option<AssociatedDevice> {
    let owner = device.owner?;
    Some(AssociatedDevice {
        user_name: owner.account.to_string(),
        serial_number: device.serial.to_string(),
        enable_date: rfc3339(owner.since),
    })
}

/// Shows a device; with a user's name only where that user has it.
pub fn get(call: &Call) -> Result<Outcome, Failure> {
    let serial = parameter::serial_number(call.query)?;
    let user = parameter::optional_user_name(call.query)?;
    let device = call.acts.device(&serial)?;
    if let Some(user) = user {
        let name = call.acts.account(&user)?.name;
        if device.owner.as_ref().is_none_or(|owner| owner.account != name) {
            return Err(Failure::not_the_users_device());
        }
    }
    call.result(&GetMfaDevice {
        user_name: device.owner.as_ref().map(|owner| owner.account.to_string()),
        serial_number: device.serial.to_string(),
        enable_date: device.owner.as_ref().map(|owner| rfc3339(owner.since)),
        certifications: BTreeMap::new(),
    })
}
