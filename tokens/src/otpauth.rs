//! A list of `otpauth://` URIs, one a line. Blank lines and lines that begin with `#` are skipped.

use keyfob_core::{ImportedDevice, Otpauth, SerialNumber};

use crate::{Place, RejectReason, lines::lines, records::Records};

const SCHEME: &str = "otpauth://";

pub(crate) fn read(text: &str, records: &mut Records) {
    for (number, line) in lines(text).filter(|(_, line)| !is_comment(line)) {
        match device(line.trim()) {
            Ok(device) => records.accept(Place::Line(number), device),
            Err(reason) => records.reject(Place::Line(number), None, reason),
        }
    }
}

pub(crate) fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

pub(crate) fn is_uri(line: &str) -> bool {
    line.trim_start().get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
}

/// The serial number is the parameter `serial`, as tokens' vendors write it, or else the label's account, where other vendors put
/// it. The issuer is who gave the secret out, not who made the device, and is not kept.
fn device(uri: &str) -> Result<ImportedDevice, RejectReason> {
    let uri = Otpauth::parse(uri)?;
    Ok(ImportedDevice {
        serial: serial(&uri)?,
        position: uri.position(),
        secret: uri.secret,
        parameters: uri.parameters,
        manufacturer: None,
        model: None,
        expires: None,
    })
}

fn serial(uri: &Otpauth) -> Result<SerialNumber, RejectReason> {
    let serial = uri.serial.as_deref().unwrap_or(&uri.account).trim();
    if serial.is_empty() { Err(RejectReason::MissingSerial) } else { Ok(serial.parse()?) }
}
