use js_sys::Uint8Array;
use keyfob_core::{MovingFactor, Otpauth, UnixTime};
use wasm_bindgen::prelude::*;

use crate::arguments::{self, optional};
use crate::misuse::Misuse;
use crate::outcome::Outcome;
use crate::properties::{Properties, object, typed_parameters};

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
        issuer: optional_text("issuer", &device.issuer()?)?,
        account: arguments::text("account", &device.account()?)?,
        secret: arguments::secret("secret", &device.secret()?)?,
        parameters,
        counter: counter(device)?,
        serial: optional_text("serial", &device.serial()?)?,
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
    outcome.set_secret(&Uint8Array::from(otpauth.secret.expose()));
    outcome.set_account(&otpauth.account);
    outcome.describe(otpauth.parameters);
    outcome.set_position(&Outcome::position(otpauth.position()));
    if let Some(issuer) = &otpauth.issuer {
        outcome.set_issuer(issuer);
    }
    if let Some(counter) = otpauth.counter {
        outcome.set_counter(counter);
    }
    if let Some(serial) = &otpauth.serial {
        outcome.set_serial(serial);
    }
    Ok(outcome)
}

fn counter(device: &Properties) -> Result<Option<u64>, Misuse> {
    optional(&device.counter()?, None, |value| arguments::counter("counter", value).map(Some))
}

fn optional_text(name: &str, value: &JsValue) -> Result<Option<String>, Misuse> {
    optional(value, None, |value| arguments::text(name, value).map(Some))
}
