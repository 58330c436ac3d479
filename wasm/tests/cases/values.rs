//! JavaScript's values for the tests, and what comes back.

use js_sys::{Array, BigInt, Error, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

pub const SECRET: &[u8] = b"12345678901234567890";
pub const UNDEFINED: JsValue = JsValue::UNDEFINED;
/// In the middle of step 40,000,000 of 30 s.
pub const NOW: f64 = 1_200_000_015.0;

pub fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

pub fn bigint(number: u64) -> JsValue {
    BigInt::from(number).into()
}

/// An object with these properties.
pub fn object(properties: &[(&str, JsValue)]) -> JsValue {
    let entries = Array::new();
    for (name, value) in properties {
        entries.push(&Array::of2(&JsValue::from_str(name), value));
    }
    Object::from_entries(&entries).unwrap().into()
}

/// The object with one property set anew.
pub fn with(object: &JsValue, name: &str, value: impl Into<JsValue>) -> JsValue {
    let copy = Object::assign(&Object::new(), object.unchecked_ref());
    Reflect::set(&copy, &name.into(), &value.into()).unwrap();
    copy.into()
}

pub fn device(kind: &str) -> JsValue {
    object(&[("secret", bytes(SECRET)), ("type", kind.into())])
}

pub fn get(object: &(impl AsRef<JsValue> + ?Sized), name: &str) -> JsValue {
    Reflect::get(object.as_ref(), &name.into()).unwrap()
}

pub fn text(object: &(impl AsRef<JsValue> + ?Sized), name: &str) -> String {
    get(object, name).as_string().unwrap()
}

/// The reason of a refusal.
pub fn reason(outcome: &(impl AsRef<JsValue> + ?Sized)) -> String {
    assert_eq!(get(outcome, "ok"), JsValue::FALSE);
    assert!(!text(outcome, "message").is_empty());
    text(outcome, "reason")
}

/// The counter of an acceptance.
pub fn counter(outcome: &(impl AsRef<JsValue> + ?Sized)) -> u64 {
    assert_eq!(get(outcome, "ok"), JsValue::TRUE, "{outcome:?}", outcome = outcome.as_ref());
    get(outcome, "counter").try_into().unwrap()
}

/// The code of a misuse.
pub fn misuse<T>(result: Result<T, impl Into<JsValue>>) -> String {
    let Err(error) = result else { panic!("it was taken") };
    let error: Error = error.into().dyn_into().unwrap();
    assert!(!String::from(error.message()).is_empty());
    error.name().into()
}
