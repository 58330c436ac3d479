//! Pairs of consecutive codes: what is accepted, what each refusal is called, and what works afterwards.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{HOTP, NOW, STEP_NOW, TOTP, accepted, code, code_of, device};
use keyfob_core::{
    Digits, Drift, PairRefusal, Parameters, Position, Refusal, SyncRange, Synchronised, UnixTime,
    VerifyWindow, associate, resynchronise, verify,
};

type Outcome = Result<u64, PairRefusal>;

/// Associates the device with the codes of two counters.
fn pair(parameters: Parameters, position: Position, first: u64, second: u64, range: SyncRange) -> Outcome {
    let [code1, code2] = [first, second].map(|counter| code_of(parameters, counter));
    associate(&device(parameters, position), &code1, &code2, NOW, range).map(|it| it.counter)
}

fn totp_pair(first: u64, second: u64) -> Outcome {
    pair(TOTP, Position::default(), first, second, SyncRange::administrator_default())
}

#[test]
fn consecutive_codes_are_accepted_and_the_next_one_signs_in() {
    for (parameters, first) in [(TOTP, STEP_NOW - 1), (HOTP, 7)] {
        let [code1, code2, code3] = [0, 1, 2].map(|later| code_of(parameters, first + later));
        let range = SyncRange::administrator_default();
        let new = device(parameters, Position::default());
        let Synchronised { counter, position } = associate(&new, &code1, &code2, NOW, range).unwrap();
        assert_eq!((counter, position.accepted), (first + 1, Some(first + 1)));
        let associated = device(parameters, position);
        let sign_in =
            |code, now| verify(&associated, code, now, VerifyWindow::default()).map(|it| it.counter);
        assert_eq!(sign_in(&code1, NOW), Err(Refusal::AlreadyUsed));
        assert_eq!(sign_in(&code2, NOW), Err(Refusal::AlreadyUsed));
        assert_eq!(sign_in(&code3, NOW.after(30)), Ok(first + 2));
        for act in [associate, resynchronise] {
            assert_eq!(act(&associated, &code1, &code2, NOW, range), Err(PairRefusal::AlreadyUsed));
        }
    }
}

#[test]
fn each_mistake_has_its_name() {
    assert_eq!(totp_pair(STEP_NOW, STEP_NOW), Err(PairRefusal::SameCode));
    assert_eq!(totp_pair(STEP_NOW, STEP_NOW - 1), Err(PairRefusal::NotConsecutive));
    assert_eq!(totp_pair(STEP_NOW - 2, STEP_NOW), Err(PairRefusal::NotConsecutive));
    let (right, wrong, long) = (code_of(TOTP, STEP_NOW), code("999999"), code("9999999"));
    let cases = [
        (&right, &wrong, PairRefusal::Wrong),
        (&wrong, &right, PairRefusal::Wrong),
        (&right, &long, PairRefusal::WrongLength),
        (&long, &right, PairRefusal::WrongLength),
        (&long, &long, PairRefusal::WrongLength),
    ];
    let device = device(TOTP, Position::default());
    for (code1, code2, expected) in cases {
        for act in [associate, resynchronise] {
            assert_eq!(act(&device, code1, code2, NOW, SyncRange::inside_sign_in_default()), Err(expected));
        }
    }
}

#[test]
fn hotp_mistakes_have_their_names_too() {
    let pair = |first, second| pair(HOTP, accepted(100), first, second, SyncRange::inside_sign_in_default());
    assert_eq!(pair(101, 102), Ok(102));
    assert_eq!(pair(103, 102), Err(PairRefusal::NotConsecutive));
    assert_eq!(pair(101, 103), Err(PairRefusal::NotConsecutive));
    assert_eq!(pair(100, 102), Err(PairRefusal::NotConsecutive));
    assert_eq!(pair(99, 100), Err(PairRefusal::AlreadyUsed));
    assert_eq!(pair(100, 101), Err(PairRefusal::AlreadyUsed));
}

#[test]
fn a_code_that_signed_in_is_in_no_pair() {
    let pair =
        |first| pair(TOTP, accepted(STEP_NOW - 1), first, first + 1, SyncRange::administrator_default());
    assert_eq!(pair(STEP_NOW - 3), Err(PairRefusal::AlreadyUsed));
    assert_eq!(pair(STEP_NOW - 2), Err(PairRefusal::AlreadyUsed));
    assert_eq!(pair(STEP_NOW - 1), Err(PairRefusal::AlreadyUsed));
    assert_eq!(pair(STEP_NOW), Ok(STEP_NOW + 1));
}

#[test]
fn ranges_in_seconds_end_exactly() {
    // NOW is 15 s into its step: 3614 s before it is the last second of a step, 3615 s the first of the one before.
    for (seconds, before, after) in
        [(0, 0, 0), (14, 0, 0), (15, 0, 1), (16, 1, 1), (3615, 120, 121), (3616, 121, 121)]
    {
        let range = SyncRange::for_administrator(seconds, 2).unwrap();
        let pair = |second| pair(TOTP, Position::default(), second - 1, second, range);
        for second in [STEP_NOW - before, STEP_NOW + after] {
            assert_eq!(pair(second), Ok(second), "±{seconds} s");
        }
        for second in [STEP_NOW - before - 1, STEP_NOW + after + 1] {
            assert!(matches!(pair(second), Err(PairRefusal::TooFarOff | PairRefusal::Wrong)), "±{seconds} s");
        }
    }
}

#[test]
fn ranges_in_steps_end_exactly_odd_and_even() {
    for steps in [1, 2, 9, 10, 59, 60] {
        let range = SyncRange::inside_sign_in(steps, 2).unwrap();
        let pair = |second| pair(TOTP, Position::default(), second - 1, second, range);
        let steps = u64::from(steps);
        for (near, far) in
            [(STEP_NOW - steps, STEP_NOW - 2 * steps), (STEP_NOW + steps, STEP_NOW + 2 * steps)]
        {
            let outward = |step: u64| if step > STEP_NOW { step + 1 } else { step - 1 };
            assert_eq!(pair(near), Ok(near));
            assert_eq!(pair(outward(near)), Err(PairRefusal::TooFarOff));
            assert_eq!(pair(far), Err(PairRefusal::TooFarOff));
            assert_eq!(pair(outward(far)), Err(PairRefusal::Wrong));
        }
    }
}

#[test]
fn hotp_ranges_end_exactly() {
    for counters in [2, 3, 99, 100] {
        let range = SyncRange::inside_sign_in(10, counters).unwrap();
        let ahead = u64::from(counters);
        for (position, next) in [(Position::default(), 0), (accepted(499), 500)] {
            let pair = |first| pair(HOTP, position, first, first + 1, range);
            assert_eq!(pair(next), Ok(next + 1));
            assert_eq!(pair(next + ahead - 2), Ok(next + ahead - 1));
            assert_eq!(pair(next + ahead - 1), Err(PairRefusal::TooFarOff));
            assert_eq!(pair(next + 2 * ahead - 2), Err(PairRefusal::TooFarOff));
            assert_eq!(pair(next + 2 * ahead - 1), Err(PairRefusal::Wrong));
        }
        let used = |first| pair(HOTP, accepted(499), first, first + 1, range);
        assert_eq!(used(499 - ahead), Err(PairRefusal::AlreadyUsed));
        assert_eq!(used(498 - ahead), Err(PairRefusal::Wrong));
    }
}

#[test]
fn association_looks_around_now_and_resync_around_now_and_drift() {
    let eleven_hours = Drift { seconds: 11 * 3600, entry_delay: 0 };
    let device = device(TOTP, Position { accepted: None, drift: eleven_hours });
    let range = SyncRange::administrator_default();
    let hours = |hours: i64| STEP_NOW.checked_add_signed(hours * 120).unwrap();
    for (second, associated, resynchronised) in [
        (hours(-2), true, false),
        (hours(0), true, true),
        (hours(11), true, true),
        (hours(13), false, true),
        (hours(22), false, true),
    ] {
        let codes = [second - 1, second].map(|step| code_of(TOTP, step));
        let outcome = |accepted: bool| if accepted { Ok(second) } else { Err(PairRefusal::TooFarOff) };
        let counter = |it: Synchronised| it.counter;
        assert_eq!(associate(&device, &codes[0], &codes[1], NOW, range).map(counter), outcome(associated));
        assert_eq!(
            resynchronise(&device, &codes[0], &codes[1], NOW, range).map(counter),
            outcome(resynchronised)
        );
    }
}

#[test]
fn the_drift_is_that_of_the_second_code() {
    for (off, entry_delay, period) in [(-400, 300, 30), (0, 300, 30), (7, 300, 60), (3, 10, 1)] {
        let parameters = Parameters { moving_factor: common::time(period, 0), ..TOTP };
        let step = (NOW.0 / u64::from(period)).checked_add_signed(off).unwrap();
        let codes = [step - 1, step].map(|step| code_of(parameters, step));
        let range = SyncRange::administrator_default();
        let outcome =
            associate(&device(parameters, Position::default()), &codes[0], &codes[1], NOW, range).unwrap();
        let midpoint = step * u64::from(period) + u64::from(period) / 2;
        let seconds = i64::try_from(midpoint).unwrap() - i64::try_from(NOW.0).unwrap();
        assert_eq!(outcome.position.drift, Drift { seconds, entry_delay });
    }
}

#[test]
fn hotp_has_no_drift() {
    let codes = [5, 6].map(|counter| code_of(HOTP, counter));
    let range = SyncRange::administrator_default();
    let outcome = associate(&device(HOTP, Position::default()), &codes[0], &codes[1], NOW, range).unwrap();
    assert_eq!(outcome.position, accepted(6));
}

#[test]
fn the_last_counters_can_be_associated() {
    for parameters in [HOTP, Parameters { moving_factor: common::time(1, 0), ..TOTP }] {
        let device = device(parameters, accepted(u64::MAX - 2));
        let codes = [u64::MAX - 1, u64::MAX].map(|counter| code_of(parameters, counter));
        let range = SyncRange::inside_sign_in_default();
        let outcome = associate(&device, &codes[0], &codes[1], UnixTime(u64::MAX), range).unwrap();
        assert_eq!(outcome.counter, u64::MAX);
    }
}

#[test]
fn extremes_are_refused_and_no_panic() {
    let range = SyncRange::for_administrator(100, 10_000).unwrap();
    for now in [0, 1, NOW.0, u64::MAX].map(UnixTime) {
        for (period, t0) in [(1, 0), (30, 0), (u32::MAX, 0), (1, u64::MAX), (30, NOW.0 + 1)] {
            for accepted in [None, Some(0), Some(u64::MAX)] {
                for seconds in [i64::MIN, 0, i64::MAX] {
                    let ten = Digits::new(10).unwrap();
                    let parameters =
                        Parameters { moving_factor: common::time(period, t0), digits: ten, ..TOTP };
                    let position = Position { accepted, drift: Drift { seconds, entry_delay: u32::MAX } };
                    let device = device(parameters, position);
                    // Ten digits stay below 2^31: these two are nobody's codes.
                    let codes = (code("9999999998"), code("9999999999"));
                    for act in [associate, resynchronise] {
                        assert_eq!(act(&device, &codes.0, &codes.1, now, range), Err(PairRefusal::Wrong));
                    }
                }
            }
        }
    }
}

#[test]
fn ranges_have_hard_limits() {
    assert!(SyncRange::for_administrator(86_400, 10_000).is_ok());
    assert!(SyncRange::inside_sign_in(60, 1000).is_ok());
    let administrator =
        |seconds, counters| SyncRange::for_administrator(seconds, counters).unwrap_err().to_string();
    assert_eq!(administrator(86_401, 2), "the TOTP sync range in seconds must be 0 to 86400");
    assert_eq!(administrator(0, 10_001), "the HOTP sync range must be 2 to 10000");
    assert_eq!(administrator(0, 1), "the HOTP sync range must be 2 to 10000");
    let sign_in = |steps, counters| SyncRange::inside_sign_in(steps, counters).unwrap_err().to_string();
    assert_eq!(sign_in(61, 2), "the TOTP sync range in steps must be 0 to 60");
    assert_eq!(sign_in(0, 1001), "the HOTP sync range inside a sign-in must be 2 to 1000");
    assert_eq!(SyncRange::administrator_default(), SyncRange::for_administrator(43_200, 1000).unwrap());
    assert_eq!(SyncRange::inside_sign_in_default(), SyncRange::inside_sign_in(10, 100).unwrap());
}
