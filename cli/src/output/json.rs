//! What `--json` writes. The names are stable: AWS's words, in lower case with underscores.

use std::collections::BTreeMap;
use std::io::{self, Write};

use keyfob_authority::{AccessKey, AccessKeySummary, AccountSummary, DeviceSummary, Event};
use keyfob_core::{AccountName, MovingFactor, Throttled};
use serde::Serialize;

use super::time::rfc3339;

/// A device. Times are RFC 3339 in UTC, what a device doesn't have is null.
#[derive(Serialize)]
pub struct DeviceView<'a> {
    serial_number: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    algorithm: &'static str,
    digits: u8,
    /// Seconds; TOTP only.
    period: Option<u32>,
    /// Seconds since 1970 where the time steps start; TOTP only.
    t0: Option<u64>,
    /// The last accepted counter or time step.
    accepted_counter: Option<u64>,
    /// Seconds its clock is ahead of ours; TOTP only.
    drift: Option<i64>,
    manufacturer: Option<&'a str>,
    model: Option<&'a str>,
    /// When its maker says that it does.
    expires: Option<String>,
    imported: String,
    user_name: Option<&'a str>,
    enable_date: Option<String>,
    /// Made here, not imported.
    software: bool,
    tags: BTreeMap<&'a str, &'a str>,
}

impl<'a> From<&'a DeviceSummary> for DeviceView<'a> {
    fn from(device: &'a DeviceSummary) -> Self {
        let parameters = &device.parameters;
        let (period, t0) = match parameters.moving_factor {
            MovingFactor::Counter => (None, None),
            MovingFactor::Time { period, t0 } => (Some(period.seconds()), Some(t0.0)),
        };
        Self {
            serial_number: device.serial.as_str(),
            kind: parameters.moving_factor.name(),
            algorithm: parameters.algorithm.name(),
            digits: parameters.digits.get(),
            period,
            t0,
            accepted_counter: device.position.accepted,
            drift: period.map(|_| device.position.drift.seconds),
            manufacturer: device.manufacturer.as_deref(),
            model: device.model.as_deref(),
            expires: device.expires.map(rfc3339),
            imported: rfc3339(device.imported),
            user_name: device.owner.as_ref().map(|owner| owner.account.as_str()),
            enable_date: device.owner.as_ref().map(|owner| rfc3339(owner.since)),
            software: device.is_software,
            tags: device.tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect(),
        }
    }
}

/// An account.
#[derive(Serialize)]
pub struct AccountView<'a> {
    user_name: &'a str,
    uid: Option<u32>,
    created: Option<String>,
    serial_numbers: Vec<&'a str>,
    /// How many are unused.
    recovery_codes: usize,
    sign_in: TriesView,
    association: TriesView,
}

/// Wrong codes since the last accepted one, and what follows.
#[derive(Serialize)]
struct TriesView {
    failures: u32,
    throttled_until: Option<String>,
    locked: bool,
}

impl TriesView {
    fn new(failures: u32, throttled: Option<Throttled>) -> Self {
        let throttled_until = match throttled {
            Some(Throttled::Until(time)) => Some(rfc3339(time)),
            Some(Throttled::Locked) | None => None,
        };
        Self { failures, throttled_until, locked: throttled == Some(Throttled::Locked) }
    }
}

impl<'a> From<&'a AccountSummary> for AccountView<'a> {
    fn from(account: &'a AccountSummary) -> Self {
        Self {
            user_name: account.name.as_str(),
            uid: account.uid,
            created: account.created.map(rfc3339),
            serial_numbers: account.devices.iter().map(keyfob_core::SerialNumber::as_str).collect(),
            recovery_codes: account.recovery_codes,
            sign_in: TriesView::new(account.sign_in_failures, account.sign_in_throttled),
            association: TriesView::new(account.association_failures, account.association_throttled),
        }
    }
}

/// An access key with its secret, in AWS's words and as its clients read it from a credential process.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct NewAccessKeyView<'a> {
    version: u8,
    user_name: &'a str,
    access_key_id: &'a str,
    secret_access_key: &'a str,
}

impl<'a> NewAccessKeyView<'a> {
    pub fn new(user: &'a AccountName, key: &'a AccessKey) -> Self {
        Self {
            version: 1,
            user_name: user.as_str(),
            access_key_id: key.id.as_str(),
            secret_access_key: key.secret.reveal(),
        }
    }
}

/// An access key without its secret.
#[derive(Serialize)]
pub struct AccessKeyView<'a> {
    access_key_id: &'a str,
    user_name: &'a str,
    created: String,
}

impl<'a> From<&'a AccessKeySummary> for AccessKeyView<'a> {
    fn from(key: &'a AccessKeySummary) -> Self {
        Self {
            access_key_id: key.id.as_str(),
            user_name: key.account.as_str(),
            created: rfc3339(key.created),
        }
    }
}

/// An audit event. `user_name`, `door` and `remote` were escaped when they were written.
#[derive(Serialize)]
pub struct EventView<'a> {
    id: i64,
    time: String,
    act: &'static str,
    user_name: Option<&'a str>,
    serial_number: Option<&'a str>,
    door: &'a str,
    remote: Option<&'a str>,
    outcome: &'static str,
    reason: Option<&'a str>,
}

impl<'a> From<&'a Event> for EventView<'a> {
    fn from(event: &'a Event) -> Self {
        Self {
            id: event.id.0,
            time: rfc3339(event.time),
            act: event.act.name(),
            user_name: event.account.as_deref(),
            serial_number: event.serial.as_ref().map(keyfob_core::SerialNumber::as_str),
            door: &event.door,
            remote: event.remote.as_deref(),
            outcome: event.outcome.name(),
            reason: event.reason.as_deref(),
        }
    }
}

/// Writes one value, over several lines.
pub fn write_json(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    writeln!(out, "{}", ascii(&serde_json::to_string_pretty(value)?))
}

/// Writes one value in one line.
pub fn write_json_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    writeln!(out, "{}", ascii(&serde_json::to_string(value)?))
}

/// Escapes what is not ASCII: the value stays the same, and nothing in it can disturb a terminal.
fn ascii(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() && c != '\u{7f}' {
            escaped.push(c);
        } else {
            escaped.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_ascii_is_escaped_and_means_the_same() -> io::Result<()> {
        let value = "zo\u{eb}\u{7f}\u{202e}\u{1f511}\n";
        let mut out = Vec::new();
        write_json_line(&mut out, &value)?;
        assert_eq!(String::from_utf8_lossy(&out), "\"zo\\u00eb\\u007f\\u202e\\ud83d\\udd11\\n\"\n");
        assert_eq!(serde_json::from_slice::<String>(&out)?, value);
        Ok(())
    }
}
