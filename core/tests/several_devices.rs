//! One code against all devices of an account.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{HOTP, NOW, STEP_NOW, accepted, code, secret};
use keyfob_core::{Code, Device, Digits, Parameters, Position, Refusal, VerifyWindow, verify_any};

/// A device with a secret of its own.
fn token(number: u8, parameters: Parameters, position: Position) -> Device {
    Device::new(&secret(&[number; 20]), parameters, position)
}

/// Eight digits, so that two devices hardly ever show the same code.
fn totp() -> Parameters {
    Parameters { digits: Digits::new(8).unwrap(), ..common::TOTP }
}

fn verify(devices: &[Device], code: &Code) -> Result<(usize, u64), Refusal> {
    verify_any(devices, code, NOW, VerifyWindow::default()).map(|(index, accepted)| (index, accepted.counter))
}

#[test]
fn the_first_middle_and_last_device_are_told_apart() {
    let devices: Vec<_> = (0..5).map(|number| token(number, totp(), Position::default())).collect();
    for (index, device) in devices.iter().enumerate() {
        assert_eq!(verify(&devices, &device.code_at(STEP_NOW)), Ok((index, STEP_NOW)));
    }
}

#[test]
fn a_code_used_on_one_device_says_nothing_of_the_others() {
    let devices = [token(1, totp(), accepted(STEP_NOW + 1)), token(2, totp(), Position::default())];
    assert_eq!(verify(&devices, &devices[0].code_at(STEP_NOW)), Err(Refusal::AlreadyUsed));
    assert_eq!(verify(&devices, &devices[1].code_at(STEP_NOW)), Ok((1, STEP_NOW)));
}

#[test]
fn counter_and_time_devices_stand_side_by_side() {
    let devices = [token(1, totp(), Position::default()), token(2, HOTP, accepted(6))];
    assert_eq!(verify(&devices, &devices[0].code_at(STEP_NOW)), Ok((0, STEP_NOW)));
    assert_eq!(verify(&devices, &devices[1].code_at(7)), Ok((1, 7)));
}

#[test]
fn the_most_telling_refusal_wins() {
    let used = || token(1, totp(), accepted(STEP_NOW));
    let fresh = || token(2, totp(), Position::default());
    let six_digits = || token(3, HOTP, Position::default());
    let spent = used().code_at(STEP_NOW);
    for devices in [[six_digits(), used()], [used(), six_digits()], [used(), fresh()], [fresh(), used()]] {
        assert_eq!(verify(&devices, &spent), Err(Refusal::AlreadyUsed));
    }
    for devices in [[six_digits(), fresh()], [fresh(), six_digits()]] {
        assert_eq!(verify(&devices, &spent), Err(Refusal::Wrong));
    }
    assert_eq!(verify(&[six_digits()], &spent), Err(Refusal::WrongLength));
}

#[test]
fn without_a_device_every_code_is_wrong() {
    assert_eq!(verify(&[], &code("123456")), Err(Refusal::Wrong));
}
