use alloc::format;

use js_sys::Uint8Array;
use keyfob_core::Secret;
use wasm_bindgen::prelude::*;

use crate::arguments::small_number;
use crate::misuse::Misuse;

/// The length that RFC 4226 §4 R6 recommends: 160 bits.
const RECOMMENDED_BYTES: u32 = 20;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &Uint8Array) -> Result<(), JsValue>;
}

/// A new secret of as many bytes from the browser's own generator; it never enters this module's memory.
///
/// # Errors
/// [`Misuse`] beyond the lengths that core accepts, or where there is no generator.
#[wasm_bindgen(js_name = generateSecret)]
pub fn generate_secret(bytes: &JsValue) -> Result<Uint8Array, Misuse> {
    let length = if bytes.is_undefined() { RECOMMENDED_BYTES } else { small_number("bytes", bytes)? };
    let accepted = Secret::MIN_BYTES..=Secret::MAX_BYTES;
    if !usize::try_from(length).is_ok_and(|length| accepted.contains(&length)) {
        let (least, most) = (accepted.start(), accepted.end());
        return Err(Misuse::out_of_range("bytes", &format!("from {least} to {most}")));
    }
    let secret = Uint8Array::new_with_length(length);
    get_random_values(&secret).map_err(|_| {
        Misuse::invalid(
            "no-random-numbers",
            &"crypto.getRandomValues is missing: use a browser or Node that has it",
        )
    })?;
    Ok(secret)
}
