//! Core's own test vectors, from its data files, through JavaScript's values.

use super::values::{SECRET, UNDEFINED, bigint, bytes, counter, get, object};
use keyfob_wasm::{hotp, time_step, totp, verify};
use wasm_bindgen_test::wasm_bindgen_test;

const RFC_4226: &str = include_str!("../../../core/tests/vectors/rfc4226-appendix-d.txt");
const RFC_6238: &str = include_str!("../../../core/tests/vectors/rfc6238-appendix-b.txt");

fn rows(file: &'static str) -> Vec<Vec<&'static str>> {
    file.lines().filter(|line| !line.starts_with('#')).map(|row| row.split_whitespace().collect()).collect()
}

#[wasm_bindgen_test]
fn rfc4226_appendix_d() {
    let rows = rows(RFC_4226);
    assert_eq!(rows.len(), 10);
    for row in rows {
        let [count, _, decimal, code] = row.try_into().unwrap();
        let secret = bytes(SECRET);
        let count: u64 = count.parse().unwrap();
        assert_eq!(hotp(&secret, &bigint(count), &UNDEFINED).unwrap(), code);
        assert_eq!(hotp(&secret, &u32::try_from(count).unwrap().into(), &UNDEFINED).unwrap(), code);
        for digits in 6..=10_u32 {
            let options = object(&[("digits", digits.into())]);
            let shown = decimal.get(10 - digits as usize..).unwrap();
            assert_eq!(hotp(&secret, &bigint(count), &options).unwrap(), shown);
        }
    }
}

#[wasm_bindgen_test]
fn rfc6238_appendix_b() {
    let rows = rows(RFC_6238);
    assert_eq!(rows.len(), 18);
    for row in rows {
        let [time, step, code, mode] = row.try_into().unwrap();
        let (algorithm, length) = match mode {
            "SHA1" => ("SHA-1", 20),
            "SHA256" => ("SHA-256", 32),
            _ => ("SHA-512", 64),
        };
        let seed: Vec<u8> = b"1234567890".iter().copied().cycle().take(length).collect();
        let step = u64::from_str_radix(step, 16).unwrap();
        let now = time.parse::<f64>().unwrap().into();
        let device = object(&[
            ("secret", bytes(&seed)),
            ("type", "TOTP".into()),
            ("algorithm", algorithm.into()),
            ("digits", 8.into()),
        ]);
        assert_eq!(totp(&get(&device, "secret"), &now, &device).unwrap(), code);
        assert_eq!(time_step(&now, &device).unwrap(), step);
        let policy = object(&[("totpSteps", 0.into())]);
        assert_eq!(counter(&verify(&device, &code.into(), &now, &policy).unwrap()), step);
    }
}
