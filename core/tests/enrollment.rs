//! The steps that page and terminal share, and the mistakes that show without the secret.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{HOTP, TOTP};
use keyfob_core::{
    Digits, Enrollment, InvalidSerialNumber, MalformedCode, Mistake, Parameters, Step, UnixTime,
};

/// The first second of a step of 30 and of 60 s.
const START: UnixTime = UnixTime(1_800_000_000);

fn at_first_code(parameters: Option<Parameters>) -> Enrollment {
    let mut enrollment = Enrollment::new(false);
    enrollment.enter("GAHT12345678", START).unwrap();
    if let Some(parameters) = parameters {
        enrollment.describe(&parameters);
    }
    assert_eq!(enrollment.step(START), Step::FirstCode);
    enrollment
}

#[test]
fn it_collects_a_serial_number_and_two_codes() {
    let mut enrollment = at_first_code(Some(TOTP));
    assert_eq!(enrollment.serial().unwrap().as_str(), "GAHT12345678");
    enrollment.enter(" 012345\n", START.after(10)).unwrap();
    assert_eq!(enrollment.step(START.after(10)), Step::Wait(20));
    assert_eq!(enrollment.step(START.after(29)), Step::Wait(1));
    assert_eq!(enrollment.step(START.after(30)), Step::SecondCode);
    enrollment.enter("654321", START.after(35)).unwrap();
    assert_eq!(enrollment.step(START.after(35)), Step::Submit);
    let submission = enrollment.submission().unwrap();
    assert_eq!(submission.serial.as_str(), "GAHT12345678");
    assert_eq!((submission.code1.reveal(), submission.code2.reveal()), ("012345".into(), "654321".into()));
}

#[test]
fn root_enters_the_serial_number_twice() {
    let mut enrollment = Enrollment::new(true);
    assert_eq!(enrollment.step(START), Step::SerialNumber);
    enrollment.enter("GAHT12345678", START).unwrap();
    assert_eq!(enrollment.step(START), Step::SerialNumberAgain);
    for other in ["GAHT12345679", "gaht12345678", "GAHT1234567"] {
        assert_eq!(enrollment.enter(other, START), Err(Mistake::OtherSerialNumber));
        assert_eq!(enrollment.step(START), Step::SerialNumberAgain);
    }
    enrollment.enter("GAHT12345678", START).unwrap();
    assert_eq!(enrollment.step(START), Step::FirstCode);
}

#[test]
fn the_second_code_may_come_early() {
    let mut enrollment = at_first_code(Some(TOTP));
    enrollment.enter("123456", START).unwrap();
    assert_eq!(enrollment.step(START.after(25)), Step::Wait(5));
    enrollment.enter("654321", START.after(25)).unwrap();
    assert_eq!(enrollment.step(START.after(25)), Step::Submit);
}

#[test]
fn the_wait_is_that_of_the_device() {
    let minute = Parameters { moving_factor: common::time(60, 10), ..TOTP };
    for (parameters, step) in
        [(Some(minute), Step::Wait(25)), (Some(HOTP), Step::SecondCodeAfterPress), (None, Step::Wait(15))]
    {
        let mut enrollment = at_first_code(parameters);
        enrollment.enter("123456", START.after(45)).unwrap();
        assert_eq!(enrollment.step(START.after(45)), step);
    }
}

#[test]
fn a_clock_set_back_waits_a_period_at_most() {
    let mut enrollment = at_first_code(Some(TOTP));
    enrollment.enter("123456", START).unwrap();
    assert_eq!(enrollment.step(UnixTime(0)), Step::Wait(30));
    assert_eq!(enrollment.step(UnixTime(u64::MAX)), Step::SecondCode);
}

#[test]
fn no_time_makes_it_panic() {
    for (period, t0) in [(1, 0), (30, u64::MAX), (u32::MAX, u64::MAX)] {
        for entered_at in [0, START.0, u64::MAX].map(UnixTime) {
            for now in [0, START.0, u64::MAX].map(UnixTime) {
                let parameters = Parameters { moving_factor: common::time(period, t0), ..TOTP };
                let mut enrollment = at_first_code(Some(parameters));
                enrollment.enter("123456", entered_at).unwrap();
                let step = enrollment.step(now);
                assert!(
                    matches!(step, Step::Wait(wait) if wait <= period.into()) || step == Step::SecondCode
                );
            }
        }
    }
}

#[test]
fn mistakes_are_told_and_the_step_stays() {
    let mut enrollment = Enrollment::new(false);
    assert_eq!(enrollment.enter("", START), Err(InvalidSerialNumber::Empty.into()));
    assert_eq!(enrollment.enter("GAHT?1234", START), Err(InvalidSerialNumber::StrayCharacter.into()));
    assert_eq!(enrollment.step(START), Step::SerialNumber);

    let eight = Digits::new(8).unwrap();
    let mut enrollment = at_first_code(Some(Parameters { digits: eight, ..TOTP }));
    let wrong = [
        ("", MalformedCode::Empty.into()),
        ("1234", MalformedCode::WrongLength.into()),
        ("1234567x", MalformedCode::StrayCharacter.into()),
        ("123456", Mistake::WrongLength(eight)),
    ];
    for step in [Step::FirstCode, Step::Wait(30)] {
        for (text, mistake) in wrong {
            assert_eq!(enrollment.enter(text, START), Err(mistake));
            assert_eq!(enrollment.step(START), step);
        }
        if step == Step::FirstCode {
            enrollment.enter("12345678", START).unwrap();
        }
    }
    assert_eq!(enrollment.enter("12345678", START), Err(Mistake::SameCode));
    enrollment.enter("87654321", START).unwrap();
    assert_eq!(enrollment.enter("11111111", START), Err(Mistake::NothingToEnter));
    assert_eq!(enrollment.submission().unwrap().code2.reveal(), "87654321");
}

#[test]
fn an_unknown_device_may_have_any_length() {
    let mut enrollment = at_first_code(None);
    enrollment.enter("1234567890", START).unwrap();
    assert_eq!(enrollment.enter("12345", START), Err(MalformedCode::WrongLength.into()));
    enrollment.enter("0987654321", START).unwrap();
    assert_eq!(enrollment.step(START), Step::Submit);
    // The same number is not the same code.
    let mut enrollment = at_first_code(None);
    enrollment.enter("0123456", START).unwrap();
    assert_eq!(enrollment.enter("123456", START), Ok(()));
}

#[test]
fn after_a_refusal_the_serial_number_stays() {
    let mut enrollment = Enrollment::new(true);
    for text in ["GAHT12345678", "GAHT12345678", "123456", "654321"] {
        enrollment.enter(text, START).unwrap();
    }
    enrollment.start_codes_again();
    assert_eq!(enrollment.step(START), Step::FirstCode);
    assert_eq!(enrollment.serial().unwrap().as_str(), "GAHT12345678");
    enrollment.enter("654321", START).unwrap();
    assert_eq!(enrollment.step(START), Step::Wait(30));
}

#[test]
fn nothing_is_submitted_before_the_end() {
    assert!(Enrollment::new(false).submission().is_none());
    let mut enrollment = at_first_code(None);
    enrollment.enter("123456", START).unwrap();
    assert!(enrollment.submission().is_none());
}

#[test]
fn the_labels_are_aws_words() {
    let steps =
        [Step::SerialNumber, Step::SerialNumberAgain, Step::FirstCode, Step::SecondCode, Step::Submit];
    let labels =
        ["Serial Number", "Re-Enter Serial Number", "Authentication Code 1", "Authentication Code 2"];
    assert!(steps.iter().filter_map(|step| step.label()).eq(labels));
    for step in [Step::Wait(5), Step::SecondCodeAfterPress] {
        assert_eq!(step.label(), Step::SecondCode.label());
    }
}

#[test]
fn it_prints_no_code() {
    let mut enrollment = at_first_code(None);
    enrollment.enter("908172", START).unwrap();
    assert!(!format!("{enrollment:?}").contains("908172"));
}

#[test]
fn what_is_pasted_is_taken_as_it_is_meant() {
    let mut enrollment = Enrollment::new(true);
    for text in ["GAHT 1234\t5678", "ＧＡＨＴ12345678", "012 345", "６５４-３２１"] {
        enrollment.enter(text, START).unwrap();
    }
    let submission = enrollment.submission().unwrap();
    assert_eq!(submission.serial.as_str(), "GAHT12345678");
    assert_eq!([submission.code1.reveal(), submission.code2.reveal()], ["012345", "654321"]);
}

#[test]
fn after_a_refusal_the_codes_are_asked_for_again() {
    let mut enrollment = Enrollment::new(true);
    assert!(enrollment.take_submission().is_none());
    for text in ["GAHT12345678", "GAHT12345678", "123456", "654321"] {
        enrollment.enter(text, START).unwrap();
    }
    assert_eq!(enrollment.take_submission().unwrap().code1.reveal(), "123456");
    assert_eq!(enrollment.step(START), Step::FirstCode);
    assert!(enrollment.take_submission().is_none());
}

#[test]
fn the_second_code_is_asked_for_with_a_notice() {
    assert_eq!(Step::FirstCode.notice(), None);
    assert_eq!(Step::Wait(7).notice().unwrap(), "Wait about 7 s for the next code.");
    assert_eq!(Step::SecondCode.notice().unwrap(), "The device shows its next code now.");
    assert_eq!(Step::SecondCodeAfterPress.notice().unwrap(), "Press the device's button once more.");
}
