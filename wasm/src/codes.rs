use alloc::string::String;
use alloc::vec::Vec;

use keyfob_core::{Device, MovingFactor, Position, Secret};
use wasm_bindgen::prelude::*;

use crate::given::{parameters, secret, time, time_steps};
use crate::misuse::Misuse;
use crate::outcome::copied;

/// The code of a device at a counter or time step (RFC 4226 §5.3, RFC 6238 §4.2).
///
/// # Errors
/// [`Misuse`] beyond what core supports.
#[wasm_bindgen]
pub fn hotp(
    bytes: Vec<u8>,
    counter: u64,
    algorithm: Option<String>,
    digits: Option<u32>,
) -> Result<String, Misuse> {
    let secret = secret(bytes)?;
    let parameters = parameters(MovingFactor::Counter, algorithm, digits)?;
    Ok(Device::new(&secret, parameters, Position::default()).code_at(counter).reveal())
}

/// The time step that a time falls into (RFC 6238 §4.2: T); `undefined` before T0.
///
/// # Errors
/// [`Misuse`] for a period of 0.
#[wasm_bindgen(js_name = timeStep)]
pub fn time_step(seconds: f64, period: u32, t0: f64) -> Result<Option<u64>, Misuse> {
    Ok(time_steps(period, t0)?.current(time(seconds)))
}

/// How many seconds the step that a time falls into still lasts, 1 to the period.
///
/// # Errors
/// [`Misuse`] for a period of 0.
#[wasm_bindgen(js_name = secondsLeft)]
pub fn seconds_left(seconds: f64, period: u32, t0: f64) -> Result<u32, Misuse> {
    Ok(time_steps(period, t0)?.seconds_left(time(seconds)))
}

/// The bytes of a secret in base32 (RFC 4648 §6).
///
/// # Errors
/// [`Misuse`] unless it is base32 of a secret's length.
#[wasm_bindgen(js_name = secretFromBase32)]
pub fn secret_from_base32(text: &str) -> Result<JsValue, Misuse> {
    let secret = Secret::from_base32(text).map_err(|why| Misuse::invalid("invalid-secret", &why))?;
    Ok(copied(secret.expose()))
}
