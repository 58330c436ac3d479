use alloc::string::String;
use wasm_bindgen::prelude::*;

use crate::given::{GivenParameters, time};
use crate::misuse::Misuse;
use crate::outcome;

/// The steps that page and command line share when a device is associated or resynchronised; see core's `Enrollment`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Enrollment(keyfob_core::Enrollment);

#[wasm_bindgen]
impl Enrollment {
    /// Starts. `for_root` asks for the serial number twice.
    #[must_use]
    #[wasm_bindgen(constructor)]
    pub fn new(for_root: bool) -> Self {
        Self(keyfob_core::Enrollment::new(for_root))
    }

    /// Tells how the device counts.
    ///
    /// # Errors
    /// [`Misuse`] beyond what core supports.
    pub fn describe(&mut self, parameters: &GivenParameters) -> Result<(), Misuse> {
        self.0.describe(&parameters.parsed()?);
        Ok(())
    }

    /// The serial number, once it was entered.
    #[must_use]
    #[wasm_bindgen(getter)]
    pub fn serial(&self) -> Option<String> {
        self.0.serial().map(|serial| serial.as_str().into())
    }

    /// What to ask for or to do now: `{ state, label, notice, seconds }`.
    #[must_use]
    pub fn step(&self, now: f64) -> JsValue {
        outcome::step(self.0.step(time(now)))
    }

    /// Takes what was typed for the current step: `{ ok: true }` or `{ ok: false, reason, message }`.
    pub fn enter(&mut self, text: &str, now: f64) -> JsValue {
        match self.0.enter(text, time(now)) {
            Ok(()) => outcome::entered(),
            Err(mistake) => outcome::refused(&mistake),
        }
    }

    /// Forgets the codes and keeps the serial number, after a refusal.
    #[wasm_bindgen(js_name = startCodesAgain)]
    pub fn start_codes_again(&mut self) {
        self.0.start_codes_again();
    }

    /// Hands over `{ serial, code1, code2 }` and forgets the codes; `undefined` before the state `submit`.
    #[wasm_bindgen(js_name = takeSubmission)]
    pub fn take_submission(&mut self) -> Option<JsValue> {
        self.0.take_submission().as_ref().map(outcome::submission)
    }
}
