//! JavaScript's values, parsed into core's types.

use alloc::string::String;
use alloc::vec::Vec;

use js_sys::{ArrayBuffer, JsString, Uint8Array};
use keyfob_core::{Algorithm, Digits, Period, Secret, UnixTime};
use wasm_bindgen::{JsCast, JsValue};

use crate::misuse::Misuse;

/// Longer than any text that is meant, an `otpauth://` URI with all its parts among them.
pub const MOST_CHARACTERS: u32 = 4096;
/// The end of the year 9999; what is later was meant in milliseconds.
const LATEST: u64 = 253_402_300_799;
/// JavaScript's `Number.MAX_SAFE_INTEGER`.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// Seconds since 1970.
pub fn time(name: &str, value: &JsValue) -> Result<UnixTime, Misuse> {
    let number = value.as_f64().ok_or_else(|| Misuse::wrong_type(name, "a number of seconds since 1970"))?;
    let seconds = whole_number(number).filter(|seconds| *seconds <= LATEST);
    seconds.map(UnixTime).ok_or_else(|| {
        Misuse::out_of_range(
            name,
            "whole seconds since 1970: Math.floor(Date.now() / 1000), not milliseconds",
        )
    })
}

/// A counter or time step: a bigint of 64 bits or a safe integer.
pub fn counter(name: &str, value: &JsValue) -> Result<u64, Misuse> {
    let out_of_range = || Misuse::out_of_range(name, "from 0 to 2^64 - 1, as a bigint or a safe integer");
    if let Some(number) = value.as_f64() {
        return whole_number(number).ok_or_else(out_of_range);
    }
    if !value.is_bigint() {
        return Err(Misuse::wrong_type(name, "a bigint or a safe integer"));
    }
    u64::try_from(value.clone()).map_err(|_| out_of_range())
}

/// Bytes, or base32 as people pass it on.
pub fn secret(name: &str, value: &JsValue) -> Result<Secret, Misuse> {
    // A proxy of an array passes for one, and throws when it is read.
    if let Some(bytes) = value.dyn_ref::<Uint8Array>().filter(|_| ArrayBuffer::is_view(value)) {
        return secret_bytes(bytes);
    }
    if value.is_string() {
        return Secret::from_base32(&text(name, value)?)
            .map_err(|why| Misuse::invalid("invalid-secret", &why));
    }
    Err(Misuse::wrong_type(name, "a Uint8Array or a base32 text"))
}

fn secret_bytes(bytes: &Uint8Array) -> Result<Secret, Misuse> {
    // One more than is accepted, so that core sees that it is too long, whatever the array's size.
    let most = u32::try_from(Secret::MAX_BYTES + 1).unwrap_or(u32::MAX);
    let copy = match bytes.length() {
        // A detached buffer says so too, and copying from it throws.
        0 => Vec::new(),
        length if length > most => bytes.subarray(0, most).to_vec(),
        _ => bytes.to_vec(),
    };
    Secret::new(copy.into_boxed_slice()).map_err(|why| Misuse::invalid("invalid-secret", &why))
}

/// A text of moderate length, without lone surrogates.
pub fn text(name: &str, value: &JsValue) -> Result<String, Misuse> {
    let given = value.dyn_ref::<JsString>().ok_or_else(|| Misuse::wrong_type(name, "a string"))?;
    if given.length() > MOST_CHARACTERS {
        return Err(Misuse::too_long(name, MOST_CHARACTERS));
    }
    let text = String::from(given);
    // On its way here a lone surrogate has become the replacement character.
    if !text.is_ascii() && JsValue::from_str(&text) != *value {
        return Err(Misuse::not_well_formed(name));
    }
    Ok(text)
}

pub fn algorithm(name: &str, value: &JsValue) -> Result<Algorithm, Misuse> {
    let algorithm = text(name, value)?;
    algorithm.parse().map_err(|why| Misuse::invalid("unsupported-algorithm", &why))
}

pub fn digits(name: &str, value: &JsValue) -> Result<Digits, Misuse> {
    Digits::new(small_number(name, value)?).map_err(|why| Misuse::invalid("unsupported-digits", &why))
}

pub fn period(name: &str, value: &JsValue) -> Result<Period, Misuse> {
    let seconds = small_number(name, value)?;
    Period::from_seconds(seconds).ok_or_else(|| Misuse::out_of_range(name, "at least one second"))
}

pub fn truth(name: &str, value: &JsValue) -> Result<bool, Misuse> {
    value.as_bool().ok_or_else(|| Misuse::wrong_type(name, "true or false"))
}

/// A whole number of 32 bits.
pub fn small_number(name: &str, value: &JsValue) -> Result<u32, Misuse> {
    let number = value.as_f64().ok_or_else(|| Misuse::wrong_type(name, "a number"))?;
    let number = whole_number(number).and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| Misuse::out_of_range(name, "a whole number from 0 to 4294967295"))
}

/// A whole number of either sign.
pub fn signed_number(name: &str, value: &JsValue) -> Result<i64, Misuse> {
    let number = value.as_f64().ok_or_else(|| Misuse::wrong_type(name, "a number"))?;
    let size = whole_number(number.abs()).and_then(|size| i64::try_from(size).ok());
    let size = size.ok_or_else(|| Misuse::out_of_range(name, "a safe integer"))?;
    Ok(if number < 0.0 { -size } else { size })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    reason = "only whole numbers within the limits are converted"
)]
fn whole_number(number: f64) -> Option<u64> {
    let whole = number as u64;
    let is_whole = (0.0..=MAX_SAFE_INTEGER).contains(&number) && whole as f64 == number;
    is_whole.then_some(whole)
}
