use std::collections::{BTreeMap, BTreeSet};

use base32ct::{Base32UpperUnpadded, Encoding};
use data_encoding::BASE64;
use keyfob_authority::{DeviceFilter, DeviceSummary, Error, NewSoftwareDevice, Refused};
use keyfob_core::{
    AccountName, Algorithm, Digits, MovingFactor, Otpauth, Parameters, Period, SerialNumber, UnixTime,
};
use serde::Serialize;
use zeroize::Zeroizing;

use super::Call;
use super::accounts::User;
use super::page::cut;
use crate::answer::Outcome;
use crate::error::Failure;
use crate::time::rfc3339;
use crate::{arn, parameter, qr_code};

/// Who issued the secret, as authenticator programs show it.
const ISSUER: &str = "Keyfob";

/// How software devices compute their codes: all programs know this.
const PARAMETERS: Parameters = Parameters {
    moving_factor: MovingFactor::Time { period: Period::THIRTY_SECONDS, t0: UnixTime(0) },
    algorithm: Algorithm::Sha1,
    digits: Digits::SIX,
};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CreateVirtualMfaDevice {
    #[serde(rename = "VirtualMFADevice")]
    device: CreatedDevice,
}

/// A device with its secret, which is told once. Both blobs are in base64.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CreatedDevice {
    serial_number: String,
    base32_string_seed: Zeroizing<String>,
    #[serde(rename = "QRCodePNG")]
    qr_code_png: Zeroizing<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListVirtualMfaDevices {
    #[serde(rename = "VirtualMFADevices")]
    devices: Vec<ListedDevice>,
    is_truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    marker: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListedDevice {
    serial_number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<User>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enable_date: Option<String>,
}

/// Makes a software device that nobody has.
pub fn create(call: &Call) -> Result<Outcome, Failure> {
    let path = parameter::device_path(call.query)?;
    let tags = parameter::tags(call.query)?;
    let serial: SerialNumber =
        format!("{}{path}", arn::DEVICE_PREFIX).parse().map_err(|error| Failure::internal(&error))?;
    let device = call.acts.create_software_device(&serial, &tags, call.caller)?;
    call.result(&CreateVirtualMfaDevice { device: created(&path, &device)? })
}

fn created(path: &str, device: &NewSoftwareDevice) -> Result<CreatedDevice, Failure> {
    let seed = Zeroizing::new(Base32UpperUnpadded::encode_string(device.secret.expose()));
    let name = path.rsplit('/').next().unwrap_or(path);
    let uri = Zeroizing::new(
        Otpauth {
            issuer: Some(ISSUER.into()),
            account: name.into(),
            secret: device.secret.clone(),
            parameters: PARAMETERS,
            counter: None,
            serial: None,
        }
        .reveal(),
    );
    let png = Zeroizing::new(qr_code::png(&uri).map_err(|error| Failure::internal(&error))?);
    Ok(CreatedDevice {
        serial_number: device.serial.to_string(),
        base32_string_seed: Zeroizing::new(BASE64.encode(seed.as_bytes())),
        qr_code_png: Zeroizing::new(BASE64.encode(&png)),
    })
}

/// Forgets a software device that nobody has.
pub fn delete(call: &Call) -> Result<Outcome, Failure> {
    let serial = parameter::serial_number(call.query)?;
    match call.acts.device(&serial) {
        Ok(device) if !device.is_software => return Err(Failure::unknown_device(&serial)),
        // It may be gone by this very request, sent before: the daemon knows.
        Ok(_) | Err(Error::Refused(_)) => {}
        Err(error) => return Err(error.into()),
    }
    call.acts.remove_device(&serial, call.caller).map_err(in_use)?;
    Ok(Outcome::NOTHING)
}

/// A device is not forgotten while somebody has it.
pub fn in_use(error: Error) -> Failure {
    match error {
        Error::Refused(Refused::Taken { .. }) => {
            Failure::DeleteConflict("MFA VirtualDevice in use. Must deactivate first.".into())
        }
        other => other.into(),
    }
}

/// Lists software devices with the users who have them.
pub fn list(call: &Call) -> Result<Outcome, Failure> {
    let part = parameter::part::<SerialNumber>(call.query)?;
    let filter = DeviceFilter {
        limit: part.limit(),
        after: part.after,
        text: None,
        is_associated: parameter::assignment_status(call.query)?,
        is_software: Some(true),
    };
    let devices = call.acts.devices_matching(&filter)?;
    let page = cut(devices, |device| device.serial.as_str(), part.max_items);
    let users = users(call, &page.items)?;
    call.result(&ListVirtualMfaDevices {
        devices: page.items.iter().map(|device| listed(device, &users)).collect(),
        is_truncated: page.marker.is_some(),
        marker: page.marker,
    })
}

/// Who has these devices.
fn users(call: &Call, devices: &[DeviceSummary]) -> Result<BTreeMap<AccountName, User>, Failure> {
    let owners = devices.iter().filter_map(|device| device.owner.as_ref());
    let names: BTreeSet<_> = owners.map(|owner| owner.account.clone()).collect();
    let accounts = call.acts.accounts_named(&names.into_iter().collect::<Vec<_>>())?;
    Ok(accounts.into_iter().map(|account| (account.name.clone(), account.into())).collect())
}

fn listed(device: &DeviceSummary, users: &BTreeMap<AccountName, User>) -> ListedDevice {
    let user = device.owner.as_ref().and_then(|owner| users.get(&owner.account));
    ListedDevice {
        serial_number: device.serial.to_string(),
        user: user.cloned(),
        enable_date: device.owner.as_ref().map(|owner| rfc3339(owner.since)),
    }
}
