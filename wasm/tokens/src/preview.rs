use keyfob_core::{Algorithm, MovingFactor};
use keyfob_tokens::{Entry, Place, Reject, SeedFile};
use serde::Serialize;

/// What stands in a seed file, without a secret: `SeedFilePreview` of `tokens.d.ts`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Preview<'a> {
    format: &'static str,
    unverified_signature: bool,
    devices: Vec<PreviewedDevice<'a>>,
    rejects: Vec<PreviewedReject<'a>>,
}

/// A device that can be used.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct PreviewedDevice<'a> {
    line: u32,
    place: String,
    serial: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    algorithm: &'static str,
    digits: u8,
    /// TOTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<u32>,
    /// TOTP: seconds that its clock is ahead.
    #[serde(skip_serializing_if = "Option::is_none")]
    drift: Option<i32>,
    /// HOTP: the next counter.
    #[serde(skip_serializing_if = "Option::is_none")]
    counter: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    manufacturer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
}

/// A record that can't be used.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct PreviewedReject<'a> {
    line: u32,
    place: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<&'a str>,
    reason: String,
}

impl<'a> Preview<'a> {
    pub(crate) fn of(file: &'a SeedFile) -> Self {
        Self {
            format: file.format.name(),
            unverified_signature: file.unverified_signature,
            devices: file.devices.iter().map(PreviewedDevice::of).collect(),
            rejects: file.rejects.iter().map(PreviewedReject::of).collect(),
        }
    }
}

impl<'a> PreviewedDevice<'a> {
    fn of(Entry { place, device }: &'a Entry) -> Self {
        let (parameters, position) = (device.parameters, device.position);
        let (period, drift, counter) = match parameters.moving_factor {
            // One past the last accepted one; past 2^64 − 1 there is none.
            MovingFactor::Counter => {
                (None, None, position.accepted.map_or(Some(0), |last| last.checked_add(1)))
            }
            MovingFactor::Time { period, .. } => {
                (Some(period.seconds()), i32::try_from(position.drift.seconds).ok(), None)
            }
        };
        Self {
            line: line(place),
            place: place.to_string(),
            serial: device.serial.as_str(),
            kind: parameters.moving_factor.name(),
            algorithm: algorithm(parameters.algorithm),
            digits: parameters.digits.get(),
            period,
            drift,
            counter,
            manufacturer: device.manufacturer.as_deref(),
            model: device.model.as_deref(),
        }
    }
}

impl<'a> PreviewedReject<'a> {
    fn of(Reject { place, serial, reason }: &'a Reject) -> Self {
        let (line, place) = (line(place), place.to_string());
        Self { line, place, serial: serial.as_deref(), reason: reason.to_string() }
    }
}

/// A file of at most 64 MiB has no more lines than fit.
fn line(place: &Place) -> u32 {
    match place {
        Place::Line(line) => u32::try_from(*line).unwrap_or(u32::MAX),
        Place::KeyPackage { line, .. } => *line,
    }
}

/// As the Web Cryptography API writes it.
fn algorithm(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Sha1 => "SHA-1",
        Algorithm::Sha256 => "SHA-256",
        Algorithm::Sha512 => "SHA-512",
    }
}

#[cfg(test)]
mod tests {
    use keyfob_tokens::ReadError;

    use super::*;

    const FILE: &str = "\
serial,secret,type,algorithm,digits,period,counter,manufacturer
T-1,3132333435363738393031323334353637383930,TOTP,SHA256,8,60,,Acme
T-2,3132333435363738393031323334353637383930,HOTP,,,,7,
T-3,31,TOTP,,,,,
";

    fn file() -> Result<SeedFile, ReadError> {
        keyfob_tokens::read(FILE.as_bytes(), None)
    }

    #[test]
    fn devices_stand_there_with_all_that_codes_depend_on() -> Result<(), ReadError> {
        let (file, place) = (file()?, |line| format!("line {line}"));
        let preview = Preview::of(&file);
        let totp = PreviewedDevice {
            line: 2,
            place: place(2),
            serial: "T-1",
            kind: "TOTP",
            algorithm: "SHA-256",
            digits: 8,
            period: Some(60),
            drift: Some(0),
            counter: None,
            manufacturer: Some("Acme"),
            model: None,
        };
        let hotp = PreviewedDevice {
            line: 3,
            place: place(3),
            serial: "T-2",
            kind: "HOTP",
            algorithm: "SHA-1",
            digits: 6,
            period: None,
            drift: None,
            counter: Some(7),
            manufacturer: None,
            model: None,
        };
        assert_eq!((preview.format, preview.unverified_signature), ("csv", false));
        assert_eq!(preview.devices, [totp, hotp]);
        Ok(())
    }

    #[test]
    fn a_record_that_cannot_be_used_says_where_and_why() -> Result<(), ReadError> {
        let file = file()?;
        let reason = "the secret has 1 bytes: at least 16 (128 bits) are required".to_owned();
        let reject = PreviewedReject { line: 4, place: "line 4".to_owned(), serial: Some("T-3"), reason };
        assert_eq!(Preview::of(&file).rejects, [reject]);
        Ok(())
    }
}
