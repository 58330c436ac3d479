//! Codes are verified, pairs found, texts read and URIs written, as core does it.

use super::values::{
    NOW, SECRET, UNDEFINED, bigint, bytes, counter, device, get, object, reason, text, with,
};
use js_sys::Uint8Array;
use keyfob_wasm::{
    associate, generate_secret, hotp, otpauth_uri, parse_code, parse_otpauth_uri, parse_serial_number,
    resynchronise, seconds_left, time_step, totp, verify,
};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

fn totp_at(seconds: f64) -> JsValue {
    totp(&bytes(SECRET), &seconds.into(), &UNDEFINED).unwrap().into()
}

fn hotp_at(counter: u64) -> JsValue {
    hotp(&bytes(SECRET), &bigint(counter), &UNDEFINED).unwrap().into()
}

#[wasm_bindgen_test]
fn no_code_is_accepted_twice() {
    let (device, code) = (device("TOTP"), totp_at(NOW));
    let accepted = verify(&device, &code, &NOW.into(), &UNDEFINED).unwrap();
    assert_eq!(counter(&accepted), 40_000_000);
    let after = with(&device, "position", get(&accepted, "position"));
    assert_eq!(reason(&verify(&after, &code, &NOW.into(), &UNDEFINED).unwrap()), "already-used");
    let next = totp_at(NOW + 30.0);
    assert_eq!(counter(&verify(&after, &next, &(NOW + 30.0).into(), &UNDEFINED).unwrap()), 40_000_001);
}

#[wasm_bindgen_test]
fn a_refusal_says_why() {
    for (code, expected) in [
        ("000000", "wrong"),
        ("00000000", "wrong-length"),
        ("26920x", "stray-character"),
        ("+26920", "stray-character"),
        ("", "empty"),
        ("12345", "wrong-length"),
        ("12345\u{fffd}", "stray-character"),
    ] {
        let outcome = verify(&device("TOTP"), &code.into(), &NOW.into(), &UNDEFINED).unwrap();
        assert_eq!(reason(&outcome), expected, "{code:?}");
    }
}

#[wasm_bindgen_test]
fn a_policy_widens_the_window() {
    let policy = object(&[("totpSteps", 2.into())]);
    let early = totp_at(NOW - 60.0);
    assert_eq!(reason(&verify(&device("TOTP"), &early, &NOW.into(), &UNDEFINED).unwrap()), "wrong");
    assert_eq!(counter(&verify(&device("TOTP"), &early, &NOW.into(), &policy).unwrap()), 39_999_998);
    let policy = object(&[("hotpLookAhead", 20.into())]);
    assert_eq!(reason(&verify(&device("HOTP"), &hotp_at(15), &NOW.into(), &UNDEFINED).unwrap()), "wrong");
    assert_eq!(counter(&verify(&device("HOTP"), &hotp_at(15), &NOW.into(), &policy).unwrap()), 15);
}

#[wasm_bindgen_test]
fn a_pair_finds_the_counter() {
    let found = resynchronise(&device("HOTP"), &hotp_at(998), &hotp_at(999), &NOW.into(), &UNDEFINED);
    assert_eq!(counter(&found.unwrap()), 999);
    let sign_in = object(&[("totpSteps", 10.into())]);
    let near = resynchronise(&device("HOTP"), &hotp_at(98), &hotp_at(99), &NOW.into(), &sign_in);
    assert_eq!(counter(&near.unwrap()), 99);
    let far = resynchronise(&device("HOTP"), &hotp_at(998), &hotp_at(999), &NOW.into(), &sign_in);
    assert_eq!(reason(&far.unwrap()), "wrong");
}

#[wasm_bindgen_test]
fn a_pair_shows_the_drift() {
    let (first, second) = (totp_at(NOW - 3600.0), totp_at(NOW - 3570.0));
    let found = associate(&device("TOTP"), &first, &second, &NOW.into(), &UNDEFINED).unwrap();
    assert_eq!(counter(&found), 40_000_000 - 119);
    let position = get(&found, "position");
    assert_eq!(get(&position, "drift"), -3570);
    assert_eq!(get(&position, "entryDelay"), 300);
    let after = with(&device("TOTP"), "position", position);
    let next = totp_at(NOW - 3540.0);
    assert_eq!(counter(&verify(&after, &next, &(NOW + 30.0).into(), &UNDEFINED).unwrap()), 40_000_000 - 118);
}

#[wasm_bindgen_test]
fn a_refused_pair_says_why() {
    let pair = |first: &JsValue, second: &JsValue| {
        reason(&associate(&device("TOTP"), first, second, &NOW.into(), &UNDEFINED).unwrap())
    };
    assert_eq!(pair(&totp_at(NOW), &totp_at(NOW)), "same-code");
    assert_eq!(pair(&totp_at(NOW), &totp_at(NOW + 60.0)), "not-consecutive");
    assert_eq!(pair(&totp_at(NOW - 50_000.0), &totp_at(NOW - 49_970.0)), "too-far-off");
    assert_eq!(pair(&totp_at(NOW), &"000000".into()), "wrong");
    assert_eq!(pair(&totp_at(NOW), &"00000000".into()), "wrong-length");
    assert_eq!(pair(&totp_at(NOW), &"x".into()), "stray-character");
}

#[wasm_bindgen_test]
fn steps_and_seconds_left_are_the_devices() {
    let minute = object(&[("period", 60.into()), ("t0", 15.into())]);
    assert_eq!(time_step(&59.into(), &UNDEFINED).unwrap(), 1);
    assert_eq!(time_step(&75.into(), &minute).unwrap(), 1);
    assert_eq!(seconds_left(&59.into(), &UNDEFINED).unwrap(), 1);
    assert_eq!(seconds_left(&60.into(), &UNDEFINED).unwrap(), 30);
    assert_eq!(seconds_left(&74.into(), &minute).unwrap(), 1);
}

#[wasm_bindgen_test]
fn pasted_text_is_taken_as_it_is_meant() {
    for typed in ["012345", " 012 345\n", "012-345", "０１２３４５"] {
        assert_eq!(text(&parse_code(&typed.into()).unwrap(), "code"), "012345", "{typed:?}");
    }
    assert_eq!(reason(&parse_code(&"letters".into()).unwrap()), "stray-character");
    let serial = parse_serial_number(&" ＧＡＨＴ 1234–5678 ".into()).unwrap();
    assert_eq!(text(&serial, "serial"), "GAHT1234-5678");
    assert_eq!(reason(&parse_serial_number(&" ".into()).unwrap()), "empty");
    assert_eq!(reason(&parse_serial_number(&"x".repeat(257).into()).unwrap()), "too-long");
}

#[wasm_bindgen_test]
fn a_secret_may_be_base32() {
    let base32 = "gezd gnbv gy3t qojq gezd gnbv gy3t qojq".into();
    assert_eq!(hotp(&base32, &bigint(0), &UNDEFINED).unwrap(), "755224");
}

#[wasm_bindgen_test]
fn generated_secrets_differ() {
    let secret = |bytes: &JsValue| generate_secret(bytes).unwrap().to_vec();
    assert_eq!(secret(&UNDEFINED).len(), 20);
    assert_eq!(secret(&64.into()).len(), 64);
    assert_ne!(secret(&UNDEFINED), secret(&UNDEFINED));
}

#[wasm_bindgen_test]
fn an_otpauth_uri_is_read_as_it_was_written() {
    let mut input = with(&device("HOTP"), "account", "alice@example.com");
    for (name, value) in [
        ("issuer", "Éxample".into()),
        ("counter", bigint(7)),
        ("digits", 8.into()),
        ("algorithm", "SHA-512".into()),
    ] {
        input = with(&input, name, value);
    }
    let uri = otpauth_uri(&input).unwrap();
    assert!(
        uri.starts_with("otpauth://hotp/%C3%89xample:alice%40example.com?secret=GEZDGNBVGY3TQOJQ"),
        "{uri}"
    );
    let read = parse_otpauth_uri(&uri.into()).unwrap();
    assert_eq!(
        ["type", "account", "issuer", "algorithm"].map(|name| text(&read, name)),
        ["HOTP", "alice@example.com", "Éxample", "SHA-512"]
    );
    assert_eq!(Uint8Array::from(get(&read, "secret")).to_vec(), SECRET);
    assert_eq!(get(&read, "digits"), 8);
    assert_eq!(get(&read, "counter"), bigint(7));
    assert_eq!(get(&get(&read, "position"), "accepted"), bigint(6));
    assert_eq!(reason(&parse_otpauth_uri(&"otpauth://totp/a".into()).unwrap()), "missing-parameter");
    assert_eq!(reason(&parse_otpauth_uri(&"https://example.com".into()).unwrap()), "not-otpauth");
}
