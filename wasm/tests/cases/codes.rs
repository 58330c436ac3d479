//! Codes are verified, pairs found, texts read and URIs written, as core does it.

use super::values::{
    NOW, SECRET, after, counter, get, hotp_at, hotp_device, misuse, reason, text, totp_device, with,
};
use js_sys::{BigInt, Uint8Array};
use keyfob_wasm::{
    associate, hotp, otpauth_uri, parse_code, parse_otpauth_uri, parse_serial_number, resynchronise,
    seconds_left, secret_from_base32, time_step, verify,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time in these tests")]
fn totp_at(seconds: f64) -> String {
    hotp_at(seconds as u64 / 30)
}

/// Verifies at a time with the default window.
fn verified(device: &JsValue, code: &str, now: f64) -> JsValue {
    verify(device.unchecked_ref(), code, now, None, None).unwrap()
}

#[wasm_bindgen_test]
fn no_code_is_accepted_twice() {
    let code = totp_at(NOW);
    let accepted = verified(&totp_device(), &code, NOW);
    assert_eq!(counter(&accepted), 40_000_000);
    let after = after(&totp_device(), &accepted);
    assert_eq!(reason(&verified(&after, &code, NOW)), "already-used");
    assert_eq!(counter(&verified(&after, &totp_at(NOW + 30.0), NOW + 30.0)), 40_000_001);
}

#[wasm_bindgen_test]
fn a_refusal_says_why() {
    for (code, expected) in [
        ("000000", "wrong-code"),
        ("00000000", "wrong-length"),
        ("26920x", "stray-character"),
        ("+26920", "stray-character"),
        ("", "empty"),
        ("12345", "wrong-length"),
        ("12345\u{fffd}", "stray-character"),
    ] {
        assert_eq!(reason(&verified(&totp_device(), code, NOW)), expected, "{code:?}");
    }
}

#[wasm_bindgen_test]
fn a_policy_widens_the_window() {
    let early = totp_at(NOW - 60.0);
    assert_eq!(reason(&verified(&totp_device(), &early, NOW)), "wrong-code");
    let wide = verify(totp_device().unchecked_ref(), &early, NOW, Some(2), None);
    assert_eq!(counter(&wide.unwrap()), 39_999_998);
    assert_eq!(reason(&verified(&hotp_device(), &hotp_at(15), NOW)), "wrong-code");
    let wide = verify(hotp_device().unchecked_ref(), &hotp_at(15), NOW, None, Some(20));
    assert_eq!(counter(&wide.unwrap()), 15);
}

#[wasm_bindgen_test]
fn a_pair_finds_the_counter() {
    let resynchronised = |first, steps| {
        let codes = [hotp_at(first), hotp_at(first + 1)];
        resynchronise(hotp_device().unchecked_ref(), &codes[0], &codes[1], NOW, None, steps, None).unwrap()
    };
    assert_eq!(counter(&resynchronised(998, None)), 999);
    assert_eq!(counter(&resynchronised(98, Some(10))), 99);
    assert_eq!(reason(&resynchronised(998, Some(10))), "wrong-code");
}

#[wasm_bindgen_test]
fn a_pair_shows_the_drift() {
    let (first, second) = (totp_at(NOW - 3600.0), totp_at(NOW - 3570.0));
    let found = associate(totp_device().unchecked_ref(), &first, &second, NOW, None, None, None).unwrap();
    assert_eq!(counter(&found), 40_000_000 - 119);
    let position = get(&found, "position");
    assert_eq!(get(&position, "drift"), -3570);
    assert_eq!(get(&position, "entryDelay"), 300);
    let next = totp_at(NOW - 3540.0);
    assert_eq!(counter(&verified(&after(&totp_device(), &found), &next, NOW + 30.0)), 40_000_000 - 118);
}

#[wasm_bindgen_test]
fn a_refused_pair_says_why() {
    let pair = |first: &str, second: &str| {
        reason(&associate(totp_device().unchecked_ref(), first, second, NOW, None, None, None).unwrap())
    };
    assert_eq!(pair(&totp_at(NOW), &totp_at(NOW)), "same-codes");
    assert_eq!(pair(&totp_at(NOW), &totp_at(NOW + 60.0)), "not-consecutive");
    assert_eq!(pair(&totp_at(NOW - 50_000.0), &totp_at(NOW - 49_970.0)), "clock-too-far-off");
    assert_eq!(pair(&totp_at(NOW), "000000"), "wrong-code");
    assert_eq!(pair(&totp_at(NOW), "00000000"), "wrong-length");
    assert_eq!(pair(&totp_at(NOW), "x"), "stray-character");
}

#[wasm_bindgen_test]
fn steps_and_seconds_left_are_the_devices() {
    assert_eq!(time_step(59.0, 30, 0.0).unwrap(), Some(1));
    assert_eq!(time_step(75.0, 60, 15.0).unwrap(), Some(1));
    assert_eq!(time_step(14.0, 60, 15.0).unwrap(), None);
    assert_eq!(seconds_left(59.0, 30, 0.0).unwrap(), 1);
    assert_eq!(seconds_left(60.0, 30, 0.0).unwrap(), 30);
    assert_eq!(seconds_left(74.0, 60, 15.0).unwrap(), 1);
}

#[wasm_bindgen_test]
fn pasted_text_is_taken_as_it_is_meant() {
    for typed in ["012345", " 012 345\n", "012-345", "０１２３４５"] {
        assert_eq!(text(&parse_code(typed), "code"), "012345", "{typed:?}");
    }
    assert_eq!(reason(&parse_code("letters")), "stray-character");
    assert_eq!(text(&parse_serial_number(" ＧＡＨＴ 1234–5678 "), "serial"), "GAHT1234-5678");
    assert_eq!(reason(&parse_serial_number(" ")), "empty");
    assert_eq!(reason(&parse_serial_number(&"x".repeat(257))), "too-long");
}

#[wasm_bindgen_test]
fn a_secret_may_be_base32() {
    let bytes = secret_from_base32("gezd gnbv gy3t qojq gezd gnbv gy3t qojq").unwrap();
    assert_eq!(Uint8Array::from(bytes).to_vec(), SECRET);
}

#[wasm_bindgen_test]
fn what_core_does_not_allow_is_misuse() {
    for length in [0, 15, 129] {
        assert_eq!(misuse(hotp(vec![1; length], 0, None, None)), "invalid-secret");
    }
    assert_eq!(misuse(secret_from_base32("not base32!")), "invalid-secret");
    assert_eq!(misuse(hotp(SECRET.into(), 0, Some("MD5".into()), None)), "unsupported-algorithm");
    for digits in [0, 5, 11] {
        assert_eq!(misuse(hotp(SECRET.into(), 0, None, Some(digits))), "unsupported-digits");
    }
    assert_eq!(misuse(time_step(0.0, 0, 0.0)), "out-of-range");
    for (steps, ahead) in [(Some(11), None), (None, Some(0)), (None, Some(101))] {
        assert_eq!(
            misuse(verify(totp_device().unchecked_ref(), "123456", NOW, steps, ahead)),
            "limit-exceeded"
        );
    }
    for (seconds, steps, counters) in [
        (Some(86_401), None, None),
        (None, Some(61), None),
        (None, None, Some(1)),
        (None, None, Some(10_001)),
    ] {
        let [code1, code2] = ["123456", "654321"];
        let refused =
            resynchronise(hotp_device().unchecked_ref(), code1, code2, NOW, seconds, steps, counters);
        assert_eq!(misuse(refused), "limit-exceeded");
    }
    let device = with(&totp_device(), "t0", 1);
    assert_eq!(misuse(otpauth_uri(device.unchecked_ref(), "alice".into(), None, None, None)), "out-of-range");
    assert_eq!(hotp_at(0), "755224");
}

#[wasm_bindgen_test]
fn an_otpauth_uri_is_read_as_it_was_written() {
    let device = with(&with(&hotp_device(), "digits", 8), "algorithm", "SHA-512");
    let (account, issuer) = ("alice@example.com".into(), Some("Éxample".into()));
    let uri = otpauth_uri(device.unchecked_ref(), account, issuer, Some(7), None).unwrap();
    assert!(
        uri.starts_with("otpauth://hotp/%C3%89xample:alice%40example.com?secret=GEZDGNBVGY3TQOJQ"),
        "{uri}"
    );
    let read = parse_otpauth_uri(&uri);
    assert_eq!(
        ["type", "account", "issuer", "algorithm"].map(|name| text(&read, name)),
        ["HOTP", "alice@example.com", "Éxample", "SHA-512"]
    );
    assert_eq!(Uint8Array::from(get(&read, "secret")).to_vec(), SECRET);
    assert_eq!(get(&read, "digits"), 8);
    assert_eq!(get(&read, "counter"), JsValue::from(BigInt::from(7)));
    assert_eq!(get(&get(&read, "position"), "accepted"), JsValue::from(BigInt::from(6)));
    assert_eq!(reason(&parse_otpauth_uri("otpauth://totp/a")), "missing-parameter");
    assert_eq!(reason(&parse_otpauth_uri("https://example.com")), "not-otpauth");
}
