use std::fmt::Display;

use wasm_bindgen::JsValue;

/// A call that no input of a person explains. Thrown as an `Error` that has the code as its name.
#[derive(Debug)]
pub struct Misuse {
    code: &'static str,
    message: String,
}

impl Misuse {
    /// The argument has another type.
    pub fn wrong_type(name: &str, expected: &str) -> Self {
        Self { code: "wrong-type", message: format!("{name} has to be {expected}") }
    }

    /// A number beyond what can be meant.
    pub fn out_of_range(name: &str, expected: &str) -> Self {
        Self { code: "out-of-range", message: format!("{name} has to be {expected}") }
    }

    /// A text beyond what can be meant.
    pub fn too_long(name: &str, most: u32) -> Self {
        Self { code: "too-long", message: format!("{name} has to have at most {most} characters") }
    }

    /// A text with lone surrogates.
    pub fn not_well_formed(name: &str) -> Self {
        Self {
            code: "not-well-formed",
            message: format!("{name} has a lone surrogate: pass whole characters"),
        }
    }

    /// What core says of a value.
    pub fn invalid(code: &'static str, why: &impl Display) -> Self {
        Self { code, message: why.to_string() }
    }
}

/// A getter of the page has thrown.
impl From<JsValue> for Misuse {
    fn from(_thrown: JsValue) -> Self {
        Self { code: "wrong-type", message: "a property can't be read: its getter throws".into() }
    }
}

impl From<Misuse> for JsValue {
    fn from(misuse: Misuse) -> Self {
        let error = js_sys::Error::new(&misuse.message);
        error.set_name(misuse.code);
        error.into()
    }
}
