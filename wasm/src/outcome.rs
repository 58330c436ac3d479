//! The objects that JavaScript gets.

use alloc::string::ToString;
use core::fmt::Display;

use js_sys::Object;
use keyfob_core::{Algorithm, Drift, MovingFactor, Parameters, Position};
use wasm_bindgen::prelude::*;

use crate::reason::Reason;

#[wasm_bindgen]
extern "C" {
    /// An object that is filled here.
    #[wasm_bindgen(extends = Object)]
    pub type Outcome;

    // One function for all names, for each type: see `Properties`.
    #[wasm_bindgen(method, structural, indexing_setter)]
    pub fn set(this: &Outcome, name: &str, value: &JsValue);
    #[wasm_bindgen(method, structural, indexing_setter)]
    pub fn set_text(this: &Outcome, name: &str, value: &str);
    #[wasm_bindgen(method, structural, indexing_setter)]
    pub fn set_number(this: &Outcome, name: &str, value: f64);
    #[wasm_bindgen(method, structural, indexing_setter)]
    pub fn set_counter(this: &Outcome, name: &str, value: u64);
}

impl Outcome {
    /// `{}`, to be filled.
    pub fn empty() -> Self {
        Object::new().unchecked_into()
    }

    /// `{ ok: true }`, to be filled.
    pub fn accepted() -> Self {
        let outcome = Self::empty();
        outcome.set("ok", &JsValue::TRUE);
        outcome
    }

    /// `{ ok: false, reason, message }`.
    pub fn refused(why: &(impl Reason + Display)) -> Self {
        let outcome = Self::empty();
        outcome.set("ok", &JsValue::FALSE);
        outcome.set_text("reason", why.reason());
        outcome.set_text("message", &why.to_string());
        outcome
    }

    /// `{ accepted, drift, entryDelay }`.
    pub fn position(position: Position) -> Self {
        let Drift { seconds, entry_delay } = position.drift;
        let outcome = Self::empty();
        if let Some(accepted) = position.accepted {
            outcome.set_counter("accepted", accepted);
        }
        // A drift is a year at most.
        outcome.set_number("drift", i32::try_from(seconds).unwrap_or_default().into());
        outcome.set_number("entryDelay", entry_delay.into());
        outcome
    }

    /// Adds a text, or `undefined`.
    pub fn set_optional(&self, name: &str, text: Option<&str>) {
        match text {
            Some(text) => self.set_text(name, text),
            None => self.set(name, &JsValue::UNDEFINED),
        }
    }

    /// Adds `type`, `algorithm`, `digits` and, for TOTP, `period`.
    pub fn describe(&self, parameters: Parameters) {
        self.set_text("type", parameters.moving_factor.name());
        self.set_text(
            "algorithm",
            match parameters.algorithm {
                Algorithm::Sha1 => "SHA-1",
                Algorithm::Sha256 => "SHA-256",
                Algorithm::Sha512 => "SHA-512",
            },
        );
        self.set_number("digits", parameters.digits.get().into());
        if let MovingFactor::Time { period, .. } = parameters.moving_factor {
            self.set_number("period", period.seconds().into());
        }
    }
}
