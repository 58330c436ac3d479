//! The objects that JavaScript gets.

use std::fmt::Display;

use js_sys::{Object, Uint8Array};
use keyfob_core::{Algorithm, Drift, MovingFactor, Parameters, Position};
use wasm_bindgen::prelude::*;

use crate::reason::Reason;

#[wasm_bindgen]
extern "C" {
    /// An object that is filled here.
    #[wasm_bindgen(extends = Object)]
    pub type Outcome;

    #[wasm_bindgen(method, setter)]
    pub fn set_ok(this: &Outcome, value: bool);
    #[wasm_bindgen(method, setter)]
    pub fn set_reason(this: &Outcome, value: &str);
    #[wasm_bindgen(method, setter)]
    pub fn set_message(this: &Outcome, value: &str);

    #[wasm_bindgen(method, setter)]
    pub fn set_counter(this: &Outcome, value: u64);
    #[wasm_bindgen(method, setter)]
    pub fn set_position(this: &Outcome, value: &Outcome);
    #[wasm_bindgen(method, setter)]
    pub fn set_accepted(this: &Outcome, value: u64);
    #[wasm_bindgen(method, setter)]
    pub fn set_drift(this: &Outcome, value: i32);
    #[wasm_bindgen(method, setter, js_name = entryDelay)]
    pub fn set_entry_delay(this: &Outcome, value: u32);

    #[wasm_bindgen(method, setter)]
    pub fn set_code(this: &Outcome, value: &str);
    #[wasm_bindgen(method, setter)]
    pub fn set_serial(this: &Outcome, value: &str);
    #[wasm_bindgen(method, setter)]
    pub fn set_code1(this: &Outcome, value: &str);
    #[wasm_bindgen(method, setter)]
    pub fn set_code2(this: &Outcome, value: &str);

    #[wasm_bindgen(method, setter)]
    pub fn set_state(this: &Outcome, value: &str);
    #[wasm_bindgen(method, setter)]
    pub fn set_label(this: &Outcome, value: Option<String>);
    #[wasm_bindgen(method, setter)]
    pub fn set_notice(this: &Outcome, value: Option<String>);
    #[wasm_bindgen(method, setter)]
    pub fn set_seconds(this: &Outcome, value: u32);

    #[wasm_bindgen(method, setter)]
    pub fn set_secret(this: &Outcome, value: &Uint8Array);
    #[wasm_bindgen(method, setter, js_name = type)]
    pub fn set_kind(this: &Outcome, value: &str);
    #[wasm_bindgen(method, setter)]
    pub fn set_algorithm(this: &Outcome, value: &str);
    #[wasm_bindgen(method, setter)]
    pub fn set_digits(this: &Outcome, value: u8);
    #[wasm_bindgen(method, setter)]
    pub fn set_period(this: &Outcome, value: u32);
    #[wasm_bindgen(method, setter)]
    pub fn set_issuer(this: &Outcome, value: &str);
    #[wasm_bindgen(method, setter)]
    pub fn set_account(this: &Outcome, value: &str);
}

impl Outcome {
    /// `{}`, to be filled.
    pub fn empty() -> Self {
        Object::new().unchecked_into()
    }

    /// `{ ok: true }`, to be filled.
    pub fn accepted() -> Self {
        let outcome = Self::empty();
        outcome.set_ok(true);
        outcome
    }

    /// `{ ok: false, reason, message }`.
    pub fn refused(why: &(impl Reason + Display)) -> Self {
        let outcome = Self::empty();
        outcome.set_ok(false);
        outcome.set_reason(why.reason());
        outcome.set_message(&why.to_string());
        outcome
    }

    /// `{ accepted, drift, entryDelay }`.
    pub fn position(position: Position) -> Self {
        let Drift { seconds, entry_delay } = position.drift;
        let outcome = Self::empty();
        if let Some(accepted) = position.accepted {
            outcome.set_accepted(accepted);
        }
        // A drift is a year at most.
        outcome.set_drift(i32::try_from(seconds).unwrap_or_default());
        outcome.set_entry_delay(entry_delay);
        outcome
    }

    /// Adds `type`, `algorithm`, `digits` and, for TOTP, `period`.
    pub fn describe(&self, parameters: Parameters) {
        self.set_kind(parameters.moving_factor.name());
        self.set_algorithm(match parameters.algorithm {
            Algorithm::Sha1 => "SHA-1",
            Algorithm::Sha256 => "SHA-256",
            Algorithm::Sha512 => "SHA-512",
        });
        self.set_digits(parameters.digits.get());
        if let MovingFactor::Time { period, .. } = parameters.moving_factor {
            self.set_period(period.seconds());
        }
    }
}
