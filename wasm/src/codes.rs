use alloc::string::String;
use keyfob_core::{Device, Parameters, Position, TimeSteps};
use wasm_bindgen::prelude::*;

use crate::arguments;
use crate::misuse::Misuse;
use crate::properties::{counter_parameters, optional_object, period_and_t0, time_parameters};

/// The code of an HOTP device at a counter (RFC 4226 §5.3).
///
/// # Errors
/// [`Misuse`] names the argument.
#[wasm_bindgen]
pub fn hotp(secret: &JsValue, counter: &JsValue, options: &JsValue) -> Result<String, Misuse> {
    let parameters = counter_parameters(optional_object("options", options)?)?;
    code_at(secret, parameters, arguments::counter("counter", counter)?)
}

/// The code of a TOTP device at a time (RFC 6238 §4.2).
///
/// # Errors
/// [`Misuse`] names the argument.
#[wasm_bindgen]
pub fn totp(secret: &JsValue, seconds: &JsValue, options: &JsValue) -> Result<String, Misuse> {
    let parameters = time_parameters(optional_object("options", options)?)?;
    code_at(secret, parameters, time_step(seconds, options)?)
}

/// The time step that a time falls into (RFC 6238 §4.2: T).
///
/// # Errors
/// [`Misuse`] names the argument; before T0 there is no step.
#[wasm_bindgen(js_name = timeStep)]
pub fn time_step(seconds: &JsValue, options: &JsValue) -> Result<u64, Misuse> {
    let now = arguments::time("seconds", seconds)?;
    steps(options)?.current(now).ok_or_else(|| Misuse::out_of_range("seconds", "at or after t0"))
}

/// How many seconds the step that a time falls into still lasts, 1 to the period.
///
/// # Errors
/// [`Misuse`] names the argument.
#[wasm_bindgen(js_name = secondsLeft)]
pub fn seconds_left(seconds: &JsValue, options: &JsValue) -> Result<u32, Misuse> {
    let now = arguments::time("seconds", seconds)?;
    Ok(steps(options)?.seconds_left(now))
}

fn code_at(secret: &JsValue, parameters: Parameters, counter: u64) -> Result<String, Misuse> {
    let secret = arguments::secret("secret", secret)?;
    Ok(Device::new(&secret, parameters, Position::default()).code_at(counter).reveal())
}

fn steps(options: &JsValue) -> Result<TimeSteps, Misuse> {
    let (period, t0) = period_and_t0(optional_object("options", options)?)?;
    Ok(TimeSteps { period, t0 })
}
