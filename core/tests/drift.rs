//! What an accepted code teaches about a device's clock.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{HOTP, STEP_NOW, TOTP, accepted, code_of, device, time};
use keyfob_core::{Drift, Parameters, Position, UnixTime, VerifyWindow, verify};

/// The drift after the code of `step` was accepted at `now` from a device that stood at `drift`.
fn learned(parameters: Parameters, drift: Drift, step: u64, now: u64) -> Drift {
    let device = device(parameters, Position { accepted: None, drift });
    let window = VerifyWindow::new(10, 1).unwrap();
    let accepted = verify(&device, &code_of(parameters, step), UnixTime(now), window).unwrap();
    assert_eq!(accepted.counter, step);
    accepted.position.drift
}

fn drift(seconds: i64) -> Drift {
    Drift { seconds, entry_delay: 0 }
}

#[test]
fn a_code_moves_the_drift_half_of_the_way() {
    // The middle of a step is its second 15.
    let middle = STEP_NOW * 30 + 15;
    let cases = [
        (0, 0, 0),
        (0, 40, 20),
        (0, -40, -20),
        (-20, 20, 0),
        (20, -60, -20),
        (8, 8, 8),
        (0, 1, 0),
        (0, -1, 0),
    ];
    for (known, observed, expected) in cases {
        let now = middle.checked_add_signed(-observed).unwrap();
        assert_eq!(learned(TOTP, drift(known), STEP_NOW, now), drift(expected), "{known} s, {observed} s");
    }
}

#[test]
fn the_first_code_after_a_pair_counts_whole() {
    let middle = STEP_NOW * 30 + 15;
    for seconds in [0, 100, -200] {
        let after_pair = Drift { seconds, entry_delay: 300 };
        let now = middle.checked_add_signed(-seconds - 77).unwrap();
        assert_eq!(learned(TOTP, after_pair, STEP_NOW, now), drift(seconds + 77));
    }
}

#[test]
fn codes_typed_late_do_not_walk_the_drift_away() {
    let mut known = drift(0);
    for step in STEP_NOW..STEP_NOW + 100 {
        known = learned(TOTP, known, step, step * 30 + 40);
    }
    assert!((-25..0).contains(&known.seconds), "{known:?}");
}

/// Three steps a year, as tokens do (90 s), over ten years of one sign-in a month: each code is typed at once.
#[test]
fn a_clock_that_goes_wrong_slowly_is_followed() {
    for direction in [1, -1] {
        let mut known = drift(0);
        for month in 1..=120 {
            let off = direction * month * 15 / 2;
            let now = STEP_NOW * 30 + u64::try_from(month).unwrap() * 2_629_800 + 7;
            let step = now.checked_add_signed(off).unwrap() / 30;
            let device = device(TOTP, Position { accepted: None, drift: known });
            let outcome = verify(&device, &code_of(TOTP, step), UnixTime(now), VerifyWindow::default());
            known = outcome.unwrap().position.drift;
        }
        assert!((870..=930).contains(&(known.seconds * direction)), "{known:?}");
    }
}

#[test]
fn a_learned_drift_stays_inside_its_limit() {
    // Steps of 100 years: in the middle of the first one, the code shows a clock decades off.
    let century = Parameters { moving_factor: time(3_153_600_000, 0), ..TOTP };
    let pair = Drift { seconds: 0, entry_delay: 1 };
    assert_eq!(learned(century, pair, 0, 0), drift(Drift::MAX_SECONDS));
    assert_eq!(learned(century, pair, 0, 3_153_500_000), drift(-Drift::MAX_SECONDS));
}

#[test]
fn a_stored_drift_beyond_the_limit_does_not_overflow() {
    let every_second = Parameters { moving_factor: time(1, 0), ..TOTP };
    let now = u64::MAX - 20;
    let step = now.checked_add_signed(i64::MIN).unwrap();
    assert_eq!(learned(every_second, drift(i64::MIN), step, now), drift(-Drift::MAX_SECONDS));
    let now = 1000;
    let step = now + u64::try_from(i64::MAX).unwrap();
    assert_eq!(learned(every_second, drift(i64::MAX), step, now), drift(Drift::MAX_SECONDS));
}

#[test]
fn hotp_has_none() {
    let strange = Position { accepted: Some(4), drift: Drift { seconds: 90, entry_delay: 9 } };
    let outcome = verify(&device(HOTP, strange), &code_of(HOTP, 5), UnixTime(7), VerifyWindow::default());
    assert_eq!(outcome.unwrap().position, accepted(5));
}
