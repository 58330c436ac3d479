use alloc::string::String;
use keyfob_core::Step;
use wasm_bindgen::prelude::*;

use crate::arguments;
use crate::misuse::Misuse;
use crate::outcome::Outcome;
use crate::properties::{Properties, object, optional_object, typed_parameters};

/// The steps that page and command line share when a device is associated or resynchronised; see core's `Enrollment`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Enrollment(keyfob_core::Enrollment);

#[wasm_bindgen]
impl Enrollment {
    /// Starts. `{ forRoot: true }` asks for the serial number twice.
    ///
    /// # Errors
    /// [`Misuse`] names the argument.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Self, Misuse> {
        let for_root = match optional_object("options", options)? {
            Some(options) => options.optional("forRoot", Properties::for_root, false, arguments::truth)?,
            None => false,
        };
        Ok(Self(keyfob_core::Enrollment::new(for_root)))
    }

    /// Tells how the device counts: `{ type, digits, period, t0 }`.
    ///
    /// # Errors
    /// [`Misuse`] names the argument.
    pub fn describe(&mut self, parameters: &JsValue) -> Result<(), Misuse> {
        self.0.describe(&typed_parameters(object("parameters", parameters)?)?);
        Ok(())
    }

    /// The serial number, once it was entered.
    #[must_use]
    #[wasm_bindgen(getter)]
    pub fn serial(&self) -> Option<String> {
        self.0.serial().map(|serial| serial.as_str().into())
    }

    /// What to ask for or to do now: `{ state, label, notice, seconds }`.
    ///
    /// # Errors
    /// [`Misuse`] names the argument.
    pub fn step(&self, now: &JsValue) -> Result<Outcome, Misuse> {
        let step = self.0.step(arguments::time("now", now)?);
        let outcome = Outcome::empty();
        outcome.set_text("state", state(step));
        outcome.set_optional("label", step.label());
        outcome.set_optional("notice", step.notice().as_deref());
        if let Step::Wait(seconds) = step {
            // A wait is one period at most.
            outcome.set_number("seconds", u32::try_from(seconds).unwrap_or(u32::MAX).into());
        }
        Ok(outcome)
    }

    /// Takes what was typed for the current step: `{ ok: true }` or `{ ok: false, reason, message }`.
    ///
    /// # Errors
    /// [`Misuse`] names the argument.
    pub fn enter(&mut self, text: &JsValue, now: &JsValue) -> Result<Outcome, Misuse> {
        let (text, now) = (arguments::text("text", text)?, arguments::time("now", now)?);
        Ok(match self.0.enter(&text, now) {
            Ok(()) => Outcome::accepted(),
            Err(mistake) => Outcome::refused(&mistake),
        })
    }

    /// Forgets the codes and keeps the serial number, after a refusal.
    #[wasm_bindgen(js_name = startCodesAgain)]
    pub fn start_codes_again(&mut self) {
        self.0.start_codes_again();
    }

    /// Hands over `{ serial, code1, code2 }` and forgets the codes; `undefined` before the state `submit`.
    #[wasm_bindgen(js_name = takeSubmission)]
    pub fn take_submission(&mut self) -> Option<Outcome> {
        let submission = self.0.take_submission()?;
        let outcome = Outcome::empty();
        outcome.set_text("serial", submission.serial.as_str());
        outcome.set_text("code1", &submission.code1.reveal());
        outcome.set_text("code2", &submission.code2.reveal());
        Some(outcome)
    }
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
