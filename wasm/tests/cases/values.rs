//! JavaScript's values for the tests, as the package passes them when it has read them, and what comes back.

use js_sys::{Error, Object, Reflect, Uint8Array};
use keyfob_wasm::{GivenDevice, Misuse, hotp};
use wasm_bindgen::{JsCast, JsValue};

pub const SECRET: &[u8] = b"12345678901234567890";
/// In the middle of step 40,000,000 of 30 s.
pub const NOW: f64 = 1_200_000_015.0;

/// An HOTP device that has not been used.
pub fn hotp_device() -> JsValue {
    let secret = with(&Object::new(), "secret", Uint8Array::from(SECRET));
    ["t0", "drift", "entryDelay"].into_iter().fold(secret, |object, name| with(&object, name, 0))
}

/// A TOTP device with time steps of 30 s.
pub fn totp_device() -> JsValue {
    with(&hotp_device(), "period", 30)
}

/// The object with one property set anew.
pub fn with(object: &JsValue, name: &str, value: impl Into<JsValue>) -> JsValue {
    let copy = Object::assign(&Object::new(), object.unchecked_ref());
    Reflect::set(&copy, &name.into(), &value.into()).unwrap();
    copy.into()
}

/// The device where an outcome says that it stands.
pub fn after(device: &JsValue, outcome: &JsValue) -> GivenDevice {
    let position = get(outcome, "position");
    ["accepted", "drift", "entryDelay"]
        .into_iter()
        .fold(device.clone(), |device, name| with(&device, name, get(&position, name)))
        .unchecked_into()
}

pub fn hotp_at(counter: u64) -> String {
    hotp(SECRET.into(), counter, None, None).unwrap()
}

pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

pub fn text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap()
}

/// The reason of a refusal.
pub fn reason(outcome: &JsValue) -> String {
    assert_eq!(get(outcome, "ok"), JsValue::FALSE);
    assert!(!text(outcome, "message").is_empty());
    text(outcome, "reason")
}

/// The counter of an acceptance.
pub fn counter(outcome: &JsValue) -> u64 {
    assert_eq!(get(outcome, "ok"), JsValue::TRUE, "{outcome:?}");
    get(outcome, "counter").try_into().unwrap()
}

/// The code of a misuse.
pub fn misuse<T>(result: Result<T, Misuse>) -> String {
    let Err(error) = result else { panic!("it was taken") };
    let error: Error = JsValue::from(error).dyn_into().unwrap();
    assert!(!String::from(error.message()).is_empty());
    error.name().into()
}
