//! One code of one device: the window's edges, one-time use, and every extreme.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{HOTP, NOW, STEP_NOW, TOTP, accepted, code, code_of, device, drifted, time};
use keyfob_core::{Accepted, Digits, Drift, Parameters, Position, Refusal, UnixTime, VerifyWindow, verify};

fn window(totp_steps: u32, hotp_look_ahead: u32) -> VerifyWindow {
    VerifyWindow::new(totp_steps, hotp_look_ahead).unwrap()
}

/// The steps of TOTP whose codes are accepted at `now` on a fresh device, looked for `reach` steps around it.
fn accepted_steps(position: Position, now: UnixTime, window: VerifyWindow) -> Vec<u64> {
    let around = (now.0 / 30).saturating_sub(40)..=now.0 / 30 + 40;
    let step_of =
        |step| verify(&device(TOTP, position), &code_of(TOTP, step), now, window).map(|it| it.counter);
    around.filter(|step| step_of(*step).inspect(|matched| assert_eq!(matched, step)).is_ok()).collect()
}

/// The same for HOTP's counters.
fn accepted_counters(position: Position, look_ahead: u32, of: std::ops::RangeInclusive<u64>) -> Vec<u64> {
    let counter_of = |counter| {
        verify(&device(HOTP, position), &code_of(HOTP, counter), NOW, window(0, look_ahead))
            .map(|it| it.counter)
    };
    of.filter(|counter| counter_of(*counter).inspect(|matched| assert_eq!(matched, counter)).is_ok())
        .collect()
}

#[test]
fn totp_windows_end_exactly_at_their_steps() {
    for steps in [0, 1, 2, 3, 9, 10] {
        let expected: Vec<u64> = (STEP_NOW - u64::from(steps)..=STEP_NOW + u64::from(steps)).collect();
        for second in [0, 1, 15, 28, 29] {
            let now = UnixTime(STEP_NOW * 30 + second);
            assert_eq!(
                accepted_steps(Position::default(), now, window(steps, 1)),
                expected,
                "±{steps} at {second} s"
            );
        }
    }
}

#[test]
fn hotp_windows_end_exactly_at_their_counters() {
    for look_ahead in [1, 2, 3, 10, 99, 100] {
        let ahead = u64::from(look_ahead);
        assert_eq!(
            accepted_counters(accepted(20), look_ahead, 0..=130),
            (21..=20 + ahead).collect::<Vec<_>>()
        );
        assert_eq!(
            accepted_counters(Position::default(), look_ahead, 0..=130),
            (0..ahead).collect::<Vec<_>>()
        );
    }
}

#[test]
fn the_window_follows_the_drift_of_either_sign() {
    let now = UnixTime(STEP_NOW * 30);
    for (seconds, middle) in
        [(-1, -1), (-30, -1), (-31, -2), (0, 0), (29, 0), (30, 1), (-90_000, -3000), (90_000, 3000)]
    {
        let middle = STEP_NOW.checked_add_signed(middle).unwrap();
        let accepts = |step| {
            verify(&device(TOTP, drifted(seconds)), &code_of(TOTP, step), now, window(1, 1))
                .map(|it| it.counter)
        };
        for step in middle - 1..=middle + 1 {
            assert_eq!(accepts(step), Ok(step), "drift {seconds} s");
        }
        for step in [middle - 3, middle - 2, middle + 2, middle + 3] {
            assert_eq!(accepts(step), Err(Refusal::Wrong), "drift {seconds} s");
        }
    }
}

#[test]
fn an_entry_delay_lengthens_the_window_forwards_alone() {
    let drift = Drift { seconds: -100, entry_delay: 100 };
    let now = UnixTime(STEP_NOW * 30);
    let expected: Vec<u64> = (STEP_NOW - 5..=STEP_NOW + 1).collect();
    assert_eq!(accepted_steps(Position { accepted: None, drift }, now, window(1, 1)), expected);
}

#[test]
fn a_stored_entry_delay_is_held_inside_its_limit() {
    let drift = Drift { seconds: 0, entry_delay: u32::MAX };
    let now = UnixTime(STEP_NOW * 30);
    let expected: Vec<u64> = (STEP_NOW - 1..=STEP_NOW + 11).collect();
    assert_eq!(accepted_steps(Position { accepted: None, drift }, now, window(1, 1)), expected);
}

#[test]
fn a_code_is_accepted_once() {
    for parameters in [TOTP, HOTP] {
        let counter = if parameters == TOTP { STEP_NOW } else { 0 };
        let first = code_of(parameters, counter);
        let Accepted { position, .. } =
            verify(&device(parameters, Position::default()), &first, NOW, VerifyWindow::default()).unwrap();
        assert_eq!(position.accepted, Some(counter));
        let again = device(parameters, position);
        assert_eq!(verify(&again, &first, NOW, VerifyWindow::default()), Err(Refusal::AlreadyUsed));
        let next = verify(&again, &code_of(parameters, counter + 1), NOW, VerifyWindow::default());
        assert_eq!(next.unwrap().counter, counter + 1);
    }
}

#[test]
fn an_earlier_unused_code_is_refused_after_a_later_one() {
    let after_later = device(TOTP, accepted(STEP_NOW));
    let earlier = verify(&after_later, &code_of(TOTP, STEP_NOW - 1), NOW, VerifyWindow::default());
    assert_eq!(earlier, Err(Refusal::AlreadyUsed));
    let after_later = device(HOTP, accepted(9));
    assert_eq!(
        verify(&after_later, &code_of(HOTP, 5), NOW, VerifyWindow::default()),
        Err(Refusal::AlreadyUsed)
    );
}

#[test]
fn hotp_tells_used_from_wrong_as_far_back_as_it_looks_ahead() {
    let refusal = |counter| {
        verify(&device(HOTP, accepted(50)), &code_of(HOTP, counter), NOW, window(0, 5)).unwrap_err()
    };
    for counter in 46..=50 {
        assert_eq!(refusal(counter), Refusal::AlreadyUsed);
    }
    for counter in [44, 45, 56, 57] {
        assert_eq!(refusal(counter), Refusal::Wrong);
    }
}

#[test]
fn a_clock_set_back_accepts_nothing_again() {
    let used_ahead = device(TOTP, accepted(STEP_NOW + 100));
    for step in STEP_NOW - 1..=STEP_NOW + 1 {
        let outcome = verify(&used_ahead, &code_of(TOTP, step), NOW, VerifyWindow::default());
        assert_eq!(outcome, Err(Refusal::AlreadyUsed));
    }
}

#[test]
fn another_length_is_no_wrong_code() {
    let eight = Parameters { digits: Digits::new(8).unwrap(), ..TOTP };
    let shown = code_of(eight, STEP_NOW).reveal();
    let (eight, six) = (device(eight, Position::default()), device(TOTP, Position::default()));
    let verify = |device, text: &str| verify(device, &code(text), NOW, VerifyWindow::default());
    assert!(verify(&eight, &shown).is_ok());
    assert_eq!(verify(&eight, &shown[2..]), Err(Refusal::WrongLength));
    assert_eq!(verify(&six, &shown), Err(Refusal::WrongLength));
    // A number is no code: its leading zeros count.
    let shown = code_of(TOTP, STEP_NOW).reveal();
    assert_eq!(verify(&six, &format!("0{shown}")), Err(Refusal::WrongLength));
    assert_eq!(verify(&eight, &format!("00{shown}")), Err(Refusal::Wrong));
}

#[test]
fn a_code_with_leading_zeros_signs_in() {
    let counter = (0..1000).find(|counter| code_of(HOTP, *counter).reveal().starts_with("00")).unwrap();
    let position = Position::before_counter(counter);
    assert_eq!(
        verify(&device(HOTP, position), &code_of(HOTP, counter), NOW, window(0, 1)).unwrap().counter,
        counter
    );
}

#[test]
fn hotp_counts_to_the_last_counter() {
    for counter in [1 << 31, 1 << 32, 1 << 40, 1 << 63, u64::MAX - 1, u64::MAX] {
        let device = device(HOTP, accepted(counter - 1));
        let outcome = verify(&device, &code_of(HOTP, counter), NOW, window(0, 100)).unwrap();
        assert_eq!((outcome.counter, outcome.position), (counter, accepted(counter)));
    }
    let spent = device(HOTP, accepted(u64::MAX));
    assert_eq!(verify(&spent, &code_of(HOTP, u64::MAX), NOW, window(0, 100)), Err(Refusal::AlreadyUsed));
    assert_eq!(verify(&spent, &code_of(HOTP, 0), NOW, window(0, 100)), Err(Refusal::Wrong));
}

#[test]
fn totp_counts_beyond_32_bits_of_steps() {
    let parameters = Parameters { moving_factor: time(1, 0), ..TOTP };
    for step in [1 << 32, 1 << 40, 1 << 63, u64::MAX - 1, u64::MAX] {
        let outcome = verify(
            &device(parameters, Position::default()),
            &code_of(parameters, step),
            UnixTime(step),
            window(10, 1),
        );
        assert_eq!(outcome.unwrap().counter, step);
    }
}

#[test]
fn at_time_0_the_window_starts_at_step_0() {
    assert_eq!(accepted_steps(Position::default(), UnixTime(0), window(3, 1)), [0, 1, 2, 3]);
    assert_eq!(accepted_steps(drifted(-45), UnixTime(0), window(3, 1)), [0, 1]);
    assert_eq!(accepted_steps(drifted(-120), UnixTime(0), window(3, 1)), [] as [u64; 0]);
}

#[test]
fn before_t0_there_are_no_codes() {
    let parameters = Parameters { moving_factor: time(30, NOW.0), ..TOTP };
    let at = |now| {
        verify(&device(parameters, Position::default()), &code_of(parameters, 0), UnixTime(now), window(1, 1))
    };
    assert_eq!(at(NOW.0 - 31), Err(Refusal::Wrong));
    assert_eq!(at(NOW.0 - 30).unwrap().counter, 0);
    assert_eq!(at(NOW.0 + 59).unwrap().counter, 0);
    assert_eq!(at(NOW.0 + 60), Err(Refusal::Wrong));
}

#[test]
fn extremes_are_refused_and_no_panic() {
    let times = [0, 1, 29, NOW.0, u64::MAX - 1, u64::MAX];
    let seconds = [i64::MIN, -1, 0, 1, i64::MAX];
    for now in times.map(UnixTime) {
        for t0 in times {
            for period in [1, 30, u32::MAX] {
                let parameters = Parameters { moving_factor: time(period, t0), ..TOTP };
                for drift in seconds.map(|seconds| Drift { seconds, entry_delay: u32::MAX }) {
                    for accepted in [None, Some(0), Some(u64::MAX)] {
                        let device = device(parameters, Position { accepted, drift });
                        let outcome = verify(&device, &code("000000"), now, window(10, 100));
                        assert!(outcome.is_err());
                    }
                }
            }
        }
    }
}

#[test]
fn windows_have_hard_limits() {
    assert!(VerifyWindow::new(10, 100).is_ok());
    assert!(VerifyWindow::new(0, 1).is_ok());
    let refused = |steps, look_ahead| VerifyWindow::new(steps, look_ahead).unwrap_err().to_string();
    assert_eq!(refused(11, 1), "the TOTP window in steps must be 0 to 10");
    assert_eq!(refused(0, 0), "the HOTP look-ahead must be 1 to 100");
    assert_eq!(refused(0, 101), "the HOTP look-ahead must be 1 to 100");
    assert_eq!(VerifyWindow::default(), window(1, 10));
}
