//! Objects as JavaScript passes them: what is read of them, and what they stand for.

use keyfob_core::{Algorithm, Device, Digits, Drift, MovingFactor, Parameters, Period, Position, UnixTime};
use wasm_bindgen::prelude::*;

use crate::arguments;
use crate::misuse::Misuse;

#[wasm_bindgen]
extern "C" {
    /// An object of the page. Its getters may throw.
    pub type Properties;

    #[wasm_bindgen(method, getter, catch)]
    pub fn secret(this: &Properties) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch, js_name = type)]
    pub fn kind(this: &Properties) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    pub fn algorithm(this: &Properties) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    pub fn digits(this: &Properties) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    pub fn period(this: &Properties) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    pub fn t0(this: &Properties) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    pub fn position(this: &Properties) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    pub fn accepted(this: &Properties) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    pub fn drift(this: &Properties) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch, js_name = entryDelay)]
    pub fn entry_delay(this: &Properties) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch, js_name = totpSteps)]
    pub fn totp_steps(this: &Properties) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch, js_name = totpSeconds)]
    pub fn totp_seconds(this: &Properties) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch, js_name = hotpLookAhead)]
    pub fn hotp_look_ahead(this: &Properties) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch, js_name = hotpCounters)]
    pub fn hotp_counters(this: &Properties) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    pub fn issuer(this: &Properties) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    pub fn account(this: &Properties) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    pub fn counter(this: &Properties) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    pub fn serial(this: &Properties) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch, js_name = forRoot)]
    pub fn for_root(this: &Properties) -> Result<JsValue, JsValue>;
}

/// One of the above. A single one that takes the name would be smaller, but making a text of it costs more than the rest of a call.
pub type Getter = fn(&Properties) -> Result<JsValue, JsValue>;

impl Properties {
    /// A property, `undefined` where it is missing.
    ///
    /// # Errors
    /// [`Misuse`] where its getter throws.
    #[inline(never)]
    pub fn get(&self, getter: Getter) -> Result<JsValue, Misuse> {
        Ok(getter(self)?)
    }

    /// A property that may be left out, parsed.
    ///
    /// # Errors
    /// [`Misuse`] where its getter throws, and what `parse` says.
    pub fn optional<T>(
        &self,
        name: &str,
        getter: Getter,
        default: T,
        parse: impl FnOnce(&str, &JsValue) -> Result<T, Misuse>,
    ) -> Result<T, Misuse> {
        let value = self.get(getter)?;
        if value.is_undefined() { Ok(default) } else { parse(name, &value) }
    }
}

/// # Errors
/// [`Misuse`] unless the value is an object.
pub fn object<'a>(name: &str, value: &'a JsValue) -> Result<&'a Properties, Misuse> {
    if value.is_object() { Ok(value.unchecked_ref()) } else { Err(Misuse::wrong_type(name, "an object")) }
}

/// The object, `None` for `undefined`.
pub fn optional_object<'a>(name: &str, value: &'a JsValue) -> Result<Option<&'a Properties>, Misuse> {
    if value.is_undefined() { Ok(None) } else { object(name, value).map(Some) }
}

/// Parameters of an HOTP device, HMAC-SHA-1 and 6 digits by default.
pub fn counter_parameters(options: Option<&Properties>) -> Result<Parameters, Misuse> {
    parameters(MovingFactor::Counter, options)
}

/// Parameters of a TOTP device, HMAC-SHA-1, 6 digits and 30 s since 1970 by default.
pub fn time_parameters(options: Option<&Properties>) -> Result<Parameters, Misuse> {
    let (period, t0) = period_and_t0(options)?;
    parameters(MovingFactor::Time { period, t0 }, options)
}

pub fn period_and_t0(options: Option<&Properties>) -> Result<(Period, UnixTime), Misuse> {
    let Some(options) = options else {
        return Ok((Period::THIRTY_SECONDS, UnixTime(0)));
    };
    let period = options.optional("period", Properties::period, Period::THIRTY_SECONDS, arguments::period)?;
    let t0 = options.optional("t0", Properties::t0, UnixTime(0), arguments::time)?;
    Ok((period, t0))
}

fn parameters(moving_factor: MovingFactor, options: Option<&Properties>) -> Result<Parameters, Misuse> {
    let defaults = Parameters { moving_factor, algorithm: Algorithm::Sha1, digits: Digits::SIX };
    let Some(options) = options else {
        return Ok(defaults);
    };
    Ok(Parameters {
        algorithm: options.optional(
            "algorithm",
            Properties::algorithm,
            defaults.algorithm,
            arguments::algorithm,
        )?,
        digits: options.optional("digits", Properties::digits, defaults.digits, arguments::digits)?,
        ..defaults
    })
}

/// The parameters of an object that names its type.
pub fn typed_parameters(object: &Properties) -> Result<Parameters, Misuse> {
    let kind = object.get(Properties::kind)?;
    match arguments::text("type", &kind)?.as_str() {
        "HOTP" => counter_parameters(Some(object)),
        "TOTP" => time_parameters(Some(object)),
        _ => Err(Misuse::out_of_range("type", "'HOTP' or 'TOTP'")),
    }
}

/// A device with its secret, ready to verify.
pub fn device(value: &JsValue) -> Result<Device, Misuse> {
    let object = object("device", value)?;
    let secret = arguments::secret("secret", &object.get(Properties::secret)?)?;
    Ok(Device::new(&secret, typed_parameters(object)?, position(object)?))
}

fn position(device: &Properties) -> Result<Position, Misuse> {
    let value = device.get(Properties::position)?;
    let Some(position) = optional_object("position", &value)? else {
        return Ok(Position::default());
    };
    let accepted = position.optional("accepted", Properties::accepted, None, |name, value| {
        arguments::counter(name, value).map(Some)
    })?;
    let seconds = position.optional("drift", Properties::drift, 0, arguments::signed_number)?;
    let entry_delay = position.optional("entryDelay", Properties::entry_delay, 0, arguments::small_number)?;
    Ok(Position { accepted, drift: Drift { seconds, entry_delay } })
}
