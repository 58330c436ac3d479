use keyfob_core::Message;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/outcomes.js")]
extern "C" {
    fn misuse(name: &str, message: &str) -> JsValue;
}

/// A call that no input of a person explains: an `Error` that has the code as its name.
#[derive(Debug)]
pub struct Misuse(JsValue);

impl Misuse {
    /// What core says of a value.
    pub(crate) fn invalid(code: &str, why: &dyn Message) -> Self {
        Self::new(code, &why.message())
    }

    pub(crate) fn new(code: &str, message: &str) -> Self {
        Self(misuse(code, message))
    }
}

impl From<Misuse> for JsValue {
    fn from(misuse: Misuse) -> Self {
        misuse.0
    }
}
