use keyfob_core::{Code, SerialNumber};
use wasm_bindgen::prelude::*;

use crate::outcome;

/// Reads a code as typed or pasted: `{ ok: true, code }` or `{ ok: false, reason, message }`.
#[must_use]
#[wasm_bindgen(js_name = parseCode)]
pub fn parse_code(text: &str) -> JsValue {
    match Code::from_typed(text) {
        Ok(code) => outcome::code(&code.reveal()),
        Err(malformed) => outcome::refused(&malformed),
    }
}

/// Reads a serial number as typed or pasted: `{ ok: true, serial }` or `{ ok: false, reason, message }`.
#[must_use]
#[wasm_bindgen(js_name = parseSerialNumber)]
pub fn parse_serial_number(text: &str) -> JsValue {
    match SerialNumber::from_typed(text) {
        Ok(serial) => outcome::serial_number(serial.as_str()),
        Err(invalid) => outcome::refused(&invalid),
    }
}
