//! Whatever is passed, a typed error comes back, and the module goes on.

use super::values::{NOW, SECRET, UNDEFINED, bigint, bytes, device, misuse, object, with};
use js_sys::{ArrayBuffer, BigInt, JsString, Object, Symbol, Uint8Array};
use keyfob_wasm::{
    associate, generate_secret, hotp, otpauth_uri, parse_code, parse_otpauth_uri, parse_serial_number,
    resynchronise, seconds_left, time_step, totp, verify,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

/// What is no number of any use, and the code of the misuse.
fn bad_numbers() -> Vec<(JsValue, &'static str)> {
    let out_of_range =
        [f64::NAN, -1.0, f64::INFINITY, f64::NEG_INFINITY, 1.5, 1e300, 9_007_199_254_740_992.0];
    let mut bad: Vec<_> = out_of_range.map(|number| (number.into(), "out-of-range")).into();
    bad.extend(not_a_number().map(|value| (value, "wrong-type")));
    bad
}

fn not_a_number() -> [JsValue; 6] {
    ["12".into(), "".into(), true.into(), JsValue::NULL, Object::new().into(), Symbol::iterator().into()]
}

/// What is no text, and the code of the misuse.
fn bad_texts() -> Vec<(JsValue, &'static str)> {
    let not_a_text =
        [UNDEFINED, JsValue::NULL, 123_456.into(), true.into(), bytes(b"123456"), bigint(123_456)];
    let mut bad: Vec<_> = not_a_text.map(|value| (value, "wrong-type")).into();
    bad.push(("1".repeat(4097).into(), "too-long"));
    bad.push((lone_surrogate(), "not-well-formed"));
    bad
}

fn lone_surrogate() -> JsValue {
    JsString::from_char_code(&[0x31, 0xd800, 0x32]).into()
}

/// What is no secret, and the code of the misuse.
fn bad_secrets() -> Vec<(JsValue, &'static str)> {
    vec![
        (UNDEFINED, "wrong-type"),
        (JsValue::NULL, "wrong-type"),
        (f64::NAN.into(), "wrong-type"),
        (Object::new().into(), "wrong-type"),
        (bytes(&[]), "invalid-secret"),
        (bytes(&[1; 15]), "invalid-secret"),
        (bytes(&[1; 129]), "invalid-secret"),
        (Uint8Array::new_with_length(50_000_000).into(), "invalid-secret"),
        (detached(), "invalid-secret"),
        (proxy(&bytes(SECRET)), "wrong-type"),
        ("".into(), "invalid-secret"),
        ("not base32!".into(), "invalid-secret"),
        ("A".repeat(4097).into(), "too-long"),
        (lone_surrogate(), "not-well-formed"),
    ]
}

/// Twenty bytes whose buffer has been handed over.
fn detached() -> JsValue {
    let array = Uint8Array::from(SECRET);
    hand_over(&array.buffer());
    assert_eq!(array.length(), 0);
    array.into()
}

#[wasm_bindgen(inline_js = "
    export function handOver(buffer) { structuredClone(buffer, { transfer: [buffer] }); }
    export function proxy(object) { return new Proxy(object, {}); }
    export function hostile(object, name) {
        return Object.defineProperty({ ...object }, name, { get() { throw new RangeError('hostile'); } });
    }
")]
extern "C" {
    #[wasm_bindgen(js_name = handOver)]
    fn hand_over(buffer: &ArrayBuffer);
    fn proxy(object: &JsValue) -> JsValue;
    /// A copy of the object whose property can't be read.
    fn hostile(object: &JsValue, name: &str) -> JsValue;
}

/// Nothing that was refused keeps the module from its work.
fn still_works() {
    assert_eq!(hotp(&bytes(SECRET), &bigint(0), &UNDEFINED).unwrap(), "755224");
}

#[wasm_bindgen_test]
fn secrets() {
    for (secret, expected) in bad_secrets() {
        assert_eq!(misuse(hotp(&secret, &bigint(0), &UNDEFINED)), expected);
        assert_eq!(misuse(totp(&secret, &NOW.into(), &UNDEFINED)), expected);
        let device = with(&with(&device("TOTP"), "secret", secret), "account", "alice");
        assert_eq!(misuse(verify(&device, &"123456".into(), &NOW.into(), &UNDEFINED)), expected);
        assert_eq!(misuse(otpauth_uri(&device)), expected);
        still_works();
    }
}

#[wasm_bindgen_test]
fn counters() {
    let secret = bytes(SECRET);
    let too_great = BigInt::new(&"18446744073709551616".into()).unwrap();
    let below_zero = BigInt::from(-1_i64);
    for counter in [too_great, below_zero] {
        assert_eq!(misuse(hotp(&secret, &counter, &UNDEFINED)), "out-of-range");
    }
    for (counter, expected) in bad_numbers().into_iter().chain([(UNDEFINED, "wrong-type")]) {
        assert_eq!(misuse(hotp(&secret, &counter, &UNDEFINED)), expected, "{counter:?}");
        if !counter.is_undefined() {
            let device = with(&device("HOTP"), "position", object(&[("accepted", counter)]));
            assert_eq!(misuse(verify(&device, &"123456".into(), &NOW.into(), &UNDEFINED)), expected);
        }
    }
    assert_eq!(hotp(&secret, &bigint(u64::MAX), &UNDEFINED).unwrap().len(), 6);
    still_works();
}

#[wasm_bindgen_test]
fn times() {
    let milliseconds = (1.7e12.into(), "out-of-range");
    for (now, expected) in bad_numbers().into_iter().chain([(UNDEFINED, "wrong-type"), milliseconds]) {
        let (secret, device, code) = (bytes(SECRET), device("TOTP"), "123456".into());
        assert_eq!(misuse(totp(&secret, &now, &UNDEFINED)), expected, "{now:?}");
        assert_eq!(misuse(time_step(&now, &UNDEFINED)), expected);
        assert_eq!(misuse(seconds_left(&now, &UNDEFINED)), expected);
        assert_eq!(misuse(verify(&device, &code, &now, &UNDEFINED)), expected);
        assert_eq!(misuse(associate(&device, &code, &code, &now, &UNDEFINED)), expected);
        assert_eq!(misuse(resynchronise(&device, &code, &code, &now, &UNDEFINED)), expected);
    }
    assert_eq!(misuse(time_step(&9.into(), &object(&[("t0", 10.into())]))), "out-of-range");
    still_works();
}

#[wasm_bindgen_test]
fn texts() {
    for (text, expected) in bad_texts() {
        let (device, code, now) = (device("TOTP"), JsValue::from("123456"), NOW.into());
        assert_eq!(misuse(parse_code(&text)), expected, "{text:?}");
        assert_eq!(misuse(parse_serial_number(&text)), expected);
        assert_eq!(misuse(parse_otpauth_uri(&text)), expected);
        assert_eq!(misuse(verify(&device, &text, &now, &UNDEFINED)), expected);
        assert_eq!(misuse(associate(&device, &text, &code, &now, &UNDEFINED)), expected);
        assert_eq!(misuse(resynchronise(&device, &code, &text, &now, &UNDEFINED)), expected);
        assert_eq!(misuse(otpauth_uri(&with(&device, "account", text))), expected);
    }
    still_works();
}

#[wasm_bindgen_test]
fn options() {
    let secret = bytes(SECRET);
    let hotp_with = |options: &JsValue| misuse(hotp(&secret, &bigint(0), options));
    let totp_with = |options: &JsValue| misuse(totp(&secret, &NOW.into(), options));
    for (number, expected) in bad_numbers() {
        assert_eq!(hotp_with(&object(&[("digits", number.clone())])), expected);
        assert_eq!(totp_with(&object(&[("period", number.clone())])), expected);
        assert_eq!(totp_with(&object(&[("t0", number)])), expected);
    }
    for digits in [0, 5, 11] {
        assert_eq!(hotp_with(&object(&[("digits", digits.into())])), "unsupported-digits");
    }
    assert_eq!(totp_with(&object(&[("period", 0.into())])), "out-of-range");
    assert_eq!(hotp_with(&object(&[("algorithm", "MD5".into())])), "unsupported-algorithm");
    assert_eq!(hotp_with(&object(&[("algorithm", 1.into())])), "wrong-type");
    assert_eq!(hotp_with(&hostile(&object(&[]), "digits")), "wrong-type");
    for options in [JsValue::NULL, 1.into(), "SHA-1".into(), f64::NAN.into()] {
        assert_eq!(hotp_with(&options), "wrong-type");
        assert_eq!(totp_with(&options), "wrong-type");
        assert_eq!(misuse(time_step(&1.into(), &options)), "wrong-type");
        assert_eq!(misuse(seconds_left(&1.into(), &options)), "wrong-type");
    }
    still_works();
}

#[wasm_bindgen_test]
fn devices_and_policies() {
    let (code, now) = ("123456".into(), NOW.into());
    let verify = |device: &JsValue, policy: &JsValue| misuse(verify(device, &code, &now, policy));
    for value in [UNDEFINED, JsValue::NULL, 1.into(), "TOTP".into()] {
        assert_eq!(verify(&value, &UNDEFINED), "wrong-type");
        assert_eq!(misuse(otpauth_uri(&value)), "wrong-type");
    }
    for name in ["secret", "type", "algorithm", "digits", "period", "t0", "position"] {
        assert_eq!(verify(&hostile(&device("TOTP"), name), &UNDEFINED), "wrong-type", "{name}");
    }
    assert_eq!(verify(&device("totp"), &UNDEFINED), "out-of-range");
    assert_eq!(verify(&with(&device("TOTP"), "position", 1), &UNDEFINED), "wrong-type");
    for (name, number, expected) in [
        ("totpSteps", 11.0, "limit-exceeded"),
        ("hotpLookAhead", 0.0, "limit-exceeded"),
        ("totpSteps", 1.5, "out-of-range"),
        ("totpSteps", -1.0, "out-of-range"),
    ] {
        assert_eq!(verify(&device("TOTP"), &object(&[(name, number.into())])), expected);
    }
    let position = object(&[("drift", 0.5.into())]);
    assert_eq!(verify(&with(&device("TOTP"), "position", position), &UNDEFINED), "out-of-range");
    still_works();
}

#[wasm_bindgen_test]
fn ranges() {
    let (code1, code2, now) = ("123456".into(), "654321".into(), NOW.into());
    for (policy, expected) in [
        (object(&[("hotpCounters", 10_001.into())]), "limit-exceeded"),
        (object(&[("hotpCounters", 1.into())]), "limit-exceeded"),
        (object(&[("totpSeconds", 86_401.into())]), "limit-exceeded"),
        (object(&[("totpSteps", 61.into())]), "limit-exceeded"),
        (object(&[("totpSteps", 1.into()), ("totpSeconds", 1.into())]), "out-of-range"),
        (object(&[("totpSeconds", "1".into())]), "wrong-type"),
        (JsValue::NULL, "wrong-type"),
    ] {
        assert_eq!(misuse(associate(&device("TOTP"), &code1, &code2, &now, &policy)), expected);
        assert_eq!(misuse(resynchronise(&device("HOTP"), &code1, &code2, &now, &policy)), expected);
    }
    still_works();
}

#[wasm_bindgen_test]
fn lengths_of_secrets() {
    for (bytes, expected) in bad_numbers() {
        assert_eq!(misuse(generate_secret(&bytes)), expected, "{bytes:?}");
    }
    for bytes in [0, 15, 129, 65_537, u32::MAX] {
        assert_eq!(misuse(generate_secret(&bytes.into())), "out-of-range");
    }
    still_works();
}

#[wasm_bindgen_test]
fn a_uri_has_no_place_for_t0() {
    let device = with(&with(&device("TOTP"), "account", "alice"), "t0", 1);
    assert_eq!(misuse(otpauth_uri(&device)), "out-of-range");
}
