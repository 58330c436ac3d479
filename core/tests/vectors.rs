//! The test vectors of the standards, from data files named after their source.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{HOTP, TOTP, code, device, secret};
use keyfob_core::{Algorithm, Device, Digits, Parameters, Position, UnixTime, VerifyWindow, verify};

/// One test for each file: `check` gets the columns of each of its rows.
macro_rules! vectors {
    ($($name:ident, $file:literal, $rows:literal rows, $check:ident;)*) => {$(
        #[test]
        fn $name() {
            let file = include_str!(concat!("vectors/", $file));
            let rows = file.lines().filter(|line| !line.starts_with('#'));
            let checked = rows.map(|row| $check(&row.split_whitespace().collect::<Vec<_>>())).count();
            assert_eq!(checked, $rows);
        }
    )*};
}

vectors! {
    rfc4226_appendix_d, "rfc4226-appendix-d.txt", 10 rows, check_hotp;
    rfc6238_appendix_b, "rfc6238-appendix-b.txt", 18 rows, check_totp;
}

/// The truncated value is the code of 10 digits, and its last digits are the shorter ones.
fn check_hotp(columns: &[&str]) {
    let [count, hex, decimal, hotp] = columns.try_into().unwrap();
    let count = count.parse().unwrap();
    assert_eq!(u32::from_str_radix(hex, 16), decimal.parse());
    assert_eq!(device(HOTP, Position::default()).code_at(count).reveal(), hotp);
    for digits in 6..=10 {
        let parameters = Parameters { digits: Digits::new(digits).unwrap(), ..HOTP };
        let shown = decimal.get(10 - digits as usize..).unwrap();
        assert_eq!(device(parameters, Position::default()).code_at(count).reveal(), shown);
    }
}

/// With no window at all, the code is accepted at its time and as its step.
fn check_totp(columns: &[&str]) {
    let [time, step, totp, mode] = columns.try_into().unwrap();
    let step = u64::from_str_radix(step, 16).unwrap();
    let algorithm: Algorithm = mode.parse().unwrap();
    let length = match algorithm {
        Algorithm::Sha1 => 20,
        Algorithm::Sha256 => 32,
        Algorithm::Sha512 => 64,
    };
    let seed: Vec<u8> = b"1234567890".iter().copied().cycle().take(length).collect();
    let parameters = Parameters { algorithm, digits: Digits::new(8).unwrap(), ..TOTP };
    let device = Device::new(&secret(&seed), parameters, Position::default());
    assert_eq!(device.code_at(step).reveal(), totp);
    let now = UnixTime(time.parse().unwrap());
    assert_eq!(verify(&device, &code(totp), now, VerifyWindow::new(0, 1).unwrap()).unwrap().counter, step);
}
