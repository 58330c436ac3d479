use alloc::string::String;
use js_sys::Uint8Array;
use keyfob_core::{MovingFactor, Otpauth, UnixTime};
use wasm_bindgen::prelude::*;

use crate::arguments;
use crate::misuse::Misuse;
use crate::outcome::Outcome;
use crate::properties::{Getter, Properties, object, typed_parameters};

/// Writes an `otpauth://` URI (Google Authenticator's key URI format). It contains the secret.
///
/// # Errors
/// [`Misuse`] names the argument.
#[wasm_bindgen(js_name = otpauthUri)]
pub fn otpauth_uri(device: &JsValue) -> Result<String, Misuse> {
    let device = object("device", device)?;
    let parameters = typed_parameters(device)?;
    if matches!(parameters.moving_factor, MovingFactor::Time { t0, .. } if t0 != UnixTime(0)) {
        return Err(Misuse::out_of_range("t0", "0: an otpauth URI has no place for it"));
    }
    let otpauth = Otpauth {
        issuer: optional_text("issuer", Properties::issuer, device)?,
        account: arguments::text("account", &device.get(Properties::account)?)?,
        secret: arguments::secret("secret", &device.get(Properties::secret)?)?,
        parameters,
        counter: device.optional("counter", Properties::counter, None, |name, value| {
            arguments::counter(name, value).map(Some)
        })?,
        serial: optional_text("serial", Properties::serial, device)?,
    };
    Ok(otpauth.reveal())
}

/// Reads an `otpauth://` URI: `{ ok: true, type, secret, account, … }` or `{ ok: false, reason, message }`.
///
/// # Errors
/// [`Misuse`] where it is no text of moderate length.
#[wasm_bindgen(js_name = parseOtpauthUri)]
pub fn parse_otpauth_uri(text: &JsValue) -> Result<Outcome, Misuse> {
    let otpauth = match Otpauth::parse(&arguments::text("text", text)?) {
        Ok(otpauth) => otpauth,
        Err(error) => return Ok(Outcome::refused(&error)),
    };
    let outcome = Outcome::accepted();
    outcome.set("secret", &Uint8Array::from(otpauth.secret.expose()));
    outcome.set_text("account", &otpauth.account);
    outcome.describe(otpauth.parameters);
    outcome.set("position", &Outcome::position(otpauth.position()));
    if let Some(counter) = otpauth.counter {
        outcome.set_counter("counter", counter);
    }
    for (name, text) in [("issuer", &otpauth.issuer), ("serial", &otpauth.serial)] {
        if let Some(text) = text {
            outcome.set_text(name, text);
        }
    }
    Ok(outcome)
}

fn optional_text(name: &str, getter: Getter, device: &Properties) -> Result<Option<String>, Misuse> {
    device.optional(name, getter, None, |name, value| arguments::text(name, value).map(Some))
}
