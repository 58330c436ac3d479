//! Core's own test vectors, from its data files, through the module.

use super::values::{SECRET, counter, totp_device, with};
use js_sys::Uint8Array;
use keyfob_wasm::{hotp, time_step, verify};
use wasm_bindgen::JsCast;
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
        let count: u64 = count.parse().unwrap();
        assert_eq!(hotp(SECRET.into(), count, None, None).unwrap(), code);
        for digits in 6..=10_u32 {
            let shown = decimal.get(10 - digits as usize..).unwrap();
            assert_eq!(hotp(SECRET.into(), count, None, Some(digits)).unwrap(), shown);
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
        let now = time.parse().unwrap();
        assert_eq!(time_step(now, 30, 0.0).unwrap(), Some(step));
        assert_eq!(hotp(seed.clone(), step, Some(algorithm.into()), Some(8)).unwrap(), code);
        let device = with(&with(&totp_device(), "algorithm", algorithm), "digits", 8);
        let device = with(&device, "secret", Uint8Array::from(seed.as_slice()));
        let accepted = verify(device.unchecked_ref(), code, now, Some(0), None).unwrap();
        assert_eq!(counter(&accepted), step);
    }
}
