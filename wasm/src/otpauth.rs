use alloc::string::String;
use keyfob_core::{MovingFactor, Otpauth, UnixTime};
use wasm_bindgen::prelude::*;

use crate::given::{GivenDevice, GivenParameters};
use crate::misuse::Misuse;
use crate::outcome;

/// Writes an `otpauth://` URI (Google Authenticator's key URI format). It contains the secret.
///
/// # Errors
/// [`Misuse`] beyond what core supports, and for a T0.
#[wasm_bindgen(js_name = otpauthUri)]
pub fn otpauth_uri(
    device: &GivenDevice,
    account: String,
    issuer: Option<String>,
    counter: Option<u64>,
    serial: Option<String>,
) -> Result<String, Misuse> {
    let parameters = GivenParameters::parsed(device)?;
    if matches!(parameters.moving_factor, MovingFactor::Time { t0, .. } if t0 != UnixTime(0)) {
        return Err(Misuse::new("out-of-range", "t0 has to be 0: an otpauth URI has no place for it"));
    }
    Ok(Otpauth { issuer, account, secret: device.parsed_secret()?, parameters, counter, serial }.reveal())
}

/// Reads an `otpauth://` URI: `{ ok: true, type, secret, account, … }` or `{ ok: false, reason, message }`.
#[must_use]
#[wasm_bindgen(js_name = parseOtpauthUri)]
pub fn parse_otpauth_uri(text: &str) -> JsValue {
    match Otpauth::parse(text) {
        Ok(otpauth) => outcome::otpauth(&otpauth),
        Err(error) => outcome::refused(&error),
    }
}
