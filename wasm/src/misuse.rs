use alloc::string::ToString;
use core::fmt::Display;

use js_sys::Error;
use wasm_bindgen::JsValue;

/// A call that no input of a person explains: an `Error` that has the code as its name.
#[derive(Debug)]
pub struct Misuse(Error);

impl Misuse {
    /// The argument has another type.
    #[cold]
    pub(crate) fn wrong_type(name: &str, expected: &str) -> Self {
        Self::new("wrong-type", &[name, " has to be ", expected].concat())
    }

    /// A number beyond what can be meant.
    #[cold]
    pub(crate) fn out_of_range(name: &str, expected: &str) -> Self {
        Self::new("out-of-range", &[name, " has to be ", expected].concat())
    }

    /// A text beyond what can be meant.
    #[cold]
    pub(crate) fn too_long(name: &str, most: u32) -> Self {
        Self::new("too-long", &[name, " has to have at most ", &most.to_string(), " characters"].concat())
    }

    /// A text with lone surrogates.
    #[cold]
    pub(crate) fn not_well_formed(name: &str) -> Self {
        Self::new("not-well-formed", &[name, " has a lone surrogate: pass whole characters"].concat())
    }

    /// What core says of a value.
    #[cold]
    pub(crate) fn invalid(code: &str, why: &dyn Display) -> Self {
        Self::new(code, &why.to_string())
    }

    fn new(code: &str, message: &str) -> Self {
        let error = Error::new(message);
        error.set_name(code);
        Self(error)
    }
}

/// A getter of the page has thrown.
impl From<JsValue> for Misuse {
    #[cold]
    fn from(_thrown: JsValue) -> Self {
        Self::new("wrong-type", "a property can't be read: its getter throws")
    }
}

impl From<Misuse> for JsValue {
    fn from(misuse: Misuse) -> Self {
        misuse.0.into()
    }
}
