//! Codes and answers as typed.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::code;
use keyfob_core::{Answer, Code, Digits, MalformedAnswer, MalformedCode, UnsupportedDigits};

#[test]
fn leading_zeros_count() {
    for text in ["000000", "0000000000", "012345", "9999999999"] {
        assert_eq!(code(text).reveal(), text);
        assert_eq!(usize::from(code(text).digits().get()), text.len());
    }
}

#[test]
fn what_is_no_code_is_refused_by_name() {
    let cases = [
        ("", MalformedCode::Empty),
        ("12345", MalformedCode::WrongLength),
        ("12345678901", MalformedCode::WrongLength),
        ("123456789012345678901234567890123456789012345678901234567890", MalformedCode::WrongLength),
        ("12345a", MalformedCode::StrayCharacter),
        ("26920x", MalformedCode::StrayCharacter),
        ("+26920", MalformedCode::StrayCharacter),
        ("-12345", MalformedCode::StrayCharacter),
        ("1234.5", MalformedCode::StrayCharacter),
        ("123 456", MalformedCode::StrayCharacter),
        (" 123456", MalformedCode::StrayCharacter),
        ("123456\n", MalformedCode::StrayCharacter),
        ("12345\0", MalformedCode::StrayCharacter),
        // Arabic-Indic, full-width and superscript digits, and OpenSSH's dummy password.
        ("١٢٣٤٥٦", MalformedCode::StrayCharacter),
        ("１２３４５６", MalformedCode::StrayCharacter),
        ("¹²³456", MalformedCode::StrayCharacter),
        ("\u{8}\n\r\u{7f}INCORRECT", MalformedCode::StrayCharacter),
    ];
    for (text, expected) in cases {
        assert_eq!(Code::parse(text).unwrap_err(), expected, "{text:?}");
    }
}

#[test]
fn a_typed_code_may_be_grouped_and_full_width() {
    for text in ["012345", " 012 345\n", "012-345", "０１２３４５", "012\u{a0}345", "0 1 2–3 4 5"] {
        assert_eq!(Code::from_typed(text).unwrap().reveal(), "012345", "{text:?}");
    }
    let cases = [
        (" - ", MalformedCode::Empty),
        ("-12345", MalformedCode::WrongLength),
        ("123456 654321", MalformedCode::WrongLength),
        ("+26920", MalformedCode::StrayCharacter),
        ("26920x", MalformedCode::StrayCharacter),
        ("１２３４５．６", MalformedCode::StrayCharacter),
        ("١٢٣٤٥٦", MalformedCode::StrayCharacter),
        ("¹²³456", MalformedCode::StrayCharacter),
    ];
    for (text, expected) in cases {
        assert_eq!(Code::from_typed(text).unwrap_err(), expected, "{text:?}");
    }
}

#[test]
fn a_code_prints_nothing() {
    assert_eq!(format!("{:?}", code("123456")), "Code([redacted])");
}

#[test]
fn an_answer_is_a_code_or_a_recovery_code_by_its_length() {
    assert!(matches!(Answer::parse("123456"), Ok(Answer::Code(_))));
    assert!(matches!(Answer::parse("1234567890"), Ok(Answer::Code(_))));
    assert!(matches!(Answer::parse("abcd-efgh-ijkl-mnop"), Ok(Answer::RecoveryCode(_))));
    // A recovery code that happens to have digits alone.
    assert!(matches!(Answer::parse("2345-6723-4567-2345"), Ok(Answer::RecoveryCode(_))));
    for text in ["", "hunter2", "12345", "12345678901", "١٢٣٤٥٦", "\u{8}\n\r\u{7f}INCORRECT", "correct horse"]
    {
        assert_eq!(Answer::parse(text).unwrap_err(), MalformedAnswer, "{text:?}");
    }
}

#[test]
fn six_to_ten_digits_are_supported() {
    for digits in 6..=10 {
        assert_eq!(u32::from(Digits::new(digits).unwrap().get()), digits);
    }
    for digits in [0, 5, 11, 262, u32::MAX] {
        assert_eq!(Digits::new(digits), Err(UnsupportedDigits(digits)));
    }
}
