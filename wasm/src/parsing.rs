use keyfob_core::{Code, SerialNumber};
use wasm_bindgen::prelude::*;

use crate::arguments;
use crate::misuse::Misuse;
use crate::outcome::Outcome;

/// Reads a code as typed or pasted: `{ ok: true, code }` or `{ ok: false, reason, message }`.
///
/// # Errors
/// [`Misuse`] where it is no text of moderate length.
#[wasm_bindgen(js_name = parseCode)]
pub fn parse_code(text: &JsValue) -> Result<Outcome, Misuse> {
    Ok(match Code::from_typed(&arguments::text("text", text)?) {
        Ok(code) => {
            let outcome = Outcome::accepted();
            outcome.set_text("code", &code.reveal());
            outcome
        }
        Err(malformed) => Outcome::refused(&malformed),
    })
}

/// Reads a serial number as typed or pasted: `{ ok: true, serial }` or `{ ok: false, reason, message }`.
///
/// # Errors
/// [`Misuse`] where it is no text of moderate length.
#[wasm_bindgen(js_name = parseSerialNumber)]
pub fn parse_serial_number(text: &JsValue) -> Result<Outcome, Misuse> {
    Ok(match SerialNumber::from_typed(&arguments::text("text", text)?) {
        Ok(serial) => {
            let outcome = Outcome::accepted();
            outcome.set_text("serial", serial.as_str());
            outcome
        }
        Err(invalid) => Outcome::refused(&invalid),
    })
}
