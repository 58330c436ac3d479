//! The objects that JavaScript gets.

use alloc::string::String;

use keyfob_core::{Algorithm, Drift, Otpauth, Parameters, Period, Position, Step, Submission};
use wasm_bindgen::prelude::*;

use crate::reason::Reason;

#[wasm_bindgen(module = "/outcomes.js")]
extern "C" {
    /// `{ ok: true }`.
    pub fn entered() -> JsValue;
    #[wasm_bindgen(js_name = refused)]
    fn refused_because(reason: &str, message: &str) -> JsValue;
    /// `{ ok: true, code }`.
    pub fn code(code: &str) -> JsValue;
    /// `{ ok: true, serial }`.
    #[wasm_bindgen(js_name = serialNumber)]
    pub fn serial_number(serial: &str) -> JsValue;
    #[wasm_bindgen(js_name = position)]
    fn position_of(accepted: Option<u64>, drift: i32, entry_delay: u32) -> JsValue;
    #[wasm_bindgen(js_name = found)]
    fn found_at(counter: u64, position: JsValue) -> JsValue;
    #[wasm_bindgen(js_name = step)]
    fn step_of(state: &str, label: Option<&str>, notice: Option<String>, seconds: Option<u32>) -> JsValue;
    #[wasm_bindgen(js_name = submission)]
    fn submission_of(serial: &str, code1: &str, code2: &str) -> JsValue;
    #[wasm_bindgen(js_name = parameters)]
    fn parameters_of(kind: &str, algorithm: &str, digits: u8, period: Option<u32>) -> JsValue;
    #[wasm_bindgen(js_name = otpauth)]
    fn otpauth_of(
        parameters: JsValue,
        secret: JsValue,
        account: &str,
        issuer: Option<&str>,
        serial: Option<&str>,
        counter: Option<u64>,
        position: JsValue,
    ) -> JsValue;
    /// A copy of some bytes, for the page.
    pub fn copied(bytes: &[u8]) -> JsValue;
}

/// `{ ok: false, reason, message }`.
pub fn refused(why: &dyn Reason) -> JsValue {
    refused_because(why.reason(), &why.message())
}

/// `{ ok: true, counter, position }`.
pub fn found(counter: u64, at: Position) -> JsValue {
    found_at(counter, position(at))
}

/// `{ state, label, notice, seconds }`.
pub fn step(step: Step) -> JsValue {
    let seconds = match step {
        // A wait is one period at most.
        Step::Wait(seconds) => Some(u32::try_from(seconds).unwrap_or(u32::MAX)),
        _ => None,
    };
    step_of(state(step), step.label(), step.notice(), seconds)
}

const fn state(step: Step) -> &'static str {
    match step {
        Step::SerialNumber => "serial-number",
        Step::SerialNumberAgain => "serial-number-again",
        Step::FirstCode => "first-code",
        Step::Wait(_) => "wait",
        Step::SecondCode => "second-code",
        Step::SecondCodeAfterPress => "second-code-after-press",
        Step::Submit => "submit",
    }
}

/// `{ serial, code1, code2 }`.
pub fn submission(submission: &Submission) -> JsValue {
    submission_of(submission.serial.as_str(), &submission.code1.reveal(), &submission.code2.reveal())
}

/// `{ ok: true, type, secret, account, … }`.
pub fn otpauth(otpauth: &Otpauth) -> JsValue {
    otpauth_of(
        parameters(otpauth.parameters),
        copied(otpauth.secret.expose()),
        &otpauth.account,
        otpauth.issuer.as_deref(),
        otpauth.serial.as_deref(),
        otpauth.counter,
        position(otpauth.position()),
    )
}

fn parameters(parameters: Parameters) -> JsValue {
    let algorithm = match parameters.algorithm {
        Algorithm::Sha1 => "SHA-1",
        Algorithm::Sha256 => "SHA-256",
        Algorithm::Sha512 => "SHA-512",
    };
    let period = parameters.moving_factor.period().map(Period::seconds);
    parameters_of(parameters.moving_factor.name(), algorithm, parameters.digits.get(), period)
}

/// `{ accepted, drift, entryDelay }`.
fn position(position: Position) -> JsValue {
    let Drift { seconds, entry_delay } = position.drift;
    // A drift is a year at most.
    position_of(position.accepted, i32::try_from(seconds).unwrap_or_default(), entry_delay)
}
