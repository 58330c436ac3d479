//! Serial numbers, account names, secrets, algorithms, and text made harmless.
#![allow(clippy::unwrap_used, reason = "tests")]

use keyfob_core::{
    AccountName, Algorithm, InvalidAccountName, InvalidSecret, InvalidSerialNumber, MovingFactor, Period,
    Secret, SecretLengthError, SerialNumber, UnixTime, UnknownAlgorithm, escape,
};

#[test]
fn serial_numbers_have_aws_characters() {
    let longest = "x".repeat(256);
    for text in ["1", "GAHT12345678", "arn:aws:iam::123456789012:mfa/alice", "A_+=/:,.@-z", &longest] {
        assert_eq!(text.parse::<SerialNumber>().unwrap().as_str(), text);
    }
    let cases = [
        ("", InvalidSerialNumber::Empty),
        (&*"x".repeat(257), InvalidSerialNumber::TooLong),
        ("GAHT 12345", InvalidSerialNumber::StrayCharacter),
        ("GAHT12345\n", InvalidSerialNumber::StrayCharacter),
        ("GAHT\\12345", InvalidSerialNumber::StrayCharacter),
        ("ＧＡＨＴ", InvalidSerialNumber::StrayCharacter),
        ("GAHT\u{202e}1", InvalidSerialNumber::StrayCharacter),
    ];
    for (text, expected) in cases {
        assert_eq!(text.parse::<SerialNumber>(), Err(expected), "{text:?}");
    }
}

#[test]
fn a_typed_serial_number_may_be_grouped_and_full_width() {
    for text in ["GAHT-12345", " GAHT-1 2345\n", "ＧＡＨＴ–12345", "GAHT\u{2011}12\u{a0}345"] {
        assert_eq!(SerialNumber::from_typed(text).unwrap().as_str(), "GAHT-12345", "{text:?}");
    }
    assert_eq!(SerialNumber::from_typed(" \n"), Err(InvalidSerialNumber::Empty));
    assert_eq!(SerialNumber::from_typed("gaht").unwrap().as_str(), "gaht");
    assert_eq!(SerialNumber::from_typed("GAHT\u{202e}1"), Err(InvalidSerialNumber::StrayCharacter));
}

#[test]
fn account_names_have_no_control_characters() {
    let longest = "x".repeat(128);
    for text in ["root", "alice.smith", "EXAMPLE\\alice", "alice@example.com", "zoë", "svc$", &longest] {
        assert_eq!(text.parse::<AccountName>().unwrap().as_str(), text);
    }
    assert_eq!("".parse::<AccountName>(), Err(InvalidAccountName::Empty));
    assert_eq!("x".repeat(129).parse::<AccountName>(), Err(InvalidAccountName::TooLong));
    for text in [
        "a b",
        "a\tb",
        "a\nb",
        "a\0",
        "a\u{7f}",
        "a\u{1b}[2J",
        "a/b",
        "a:b",
        "a\u{202e}b",
        "a\u{200b}b",
        "a\u{a0}b",
    ] {
        assert_eq!(text.parse::<AccountName>(), Err(InvalidAccountName::StrayCharacter), "{text:?}");
    }
}

#[test]
fn text_from_outside_is_made_harmless() {
    let cases = [
        ("alice", "alice"),
        ("zoë 日本", "zoë 日本"),
        ("a\nb\r\0", "a\\u{a}b\\u{d}\\u{0}"),
        ("\u{1b}[31m", "\\u{1b}[31m"),
        ("\u{85}\u{7f}", "\\u{85}\\u{7f}"),
        ("\u{202e}\u{2066}\u{200f}\u{61c}", "\\u{202e}\\u{2066}\\u{200f}\\u{61c}"),
        ("\u{2028}\u{feff}\u{200b}", "\\u{2028}\\u{feff}\\u{200b}"),
        // What is escaped can be told from what was typed so.
        ("\\u{a}", "\\u{5c}u{a}"),
    ];
    for (text, expected) in cases {
        assert_eq!(escape(text), expected);
    }
}

#[test]
fn secrets_have_16_to_128_bytes_and_print_nothing() {
    for length in [16, 20, 64, 128] {
        assert_eq!(Secret::new(vec![7; length].into()).unwrap().expose(), vec![7; length]);
    }
    for length in [0, 10, 15] {
        assert_eq!(Secret::new(vec![7; length].into()).unwrap_err(), SecretLengthError::TooShort(length));
    }
    assert_eq!(Secret::new(vec![7; 129].into()).unwrap_err(), SecretLengthError::TooLong(129));
    assert_eq!(
        Secret::from_base32("AAAA").unwrap_err(),
        InvalidSecret::Length(SecretLengthError::TooShort(2))
    );
    assert_eq!(format!("{:?}", Secret::new([65; 20].into()).unwrap()), "Secret([redacted])");
}

#[test]
fn algorithms_are_read_as_files_write_them() {
    let cases = [
        (Algorithm::Sha1, ["SHA1", "sha-1", "HmacSHA1", "HMAC-SHA-1", "hmac_sha1"]),
        (Algorithm::Sha256, ["SHA256", "sha-256", "HmacSHA256", "HMAC-SHA-256", "hmac_sha256"]),
        (Algorithm::Sha512, ["SHA512", "sha-512", "HmacSHA512", "HMAC-SHA-512", "hmac_sha512"]),
    ];
    for (algorithm, names) in cases {
        for name in names {
            assert_eq!(name.parse(), Ok(algorithm));
        }
        assert_eq!(algorithm.to_string().parse(), Ok(algorithm));
    }
    for name in ["", "SHA", "SHA2", "SHA224", "SHA384", "SHA3-256", "MD5", "HMAC", "SHA1 ", "SHA11", "SHA25"]
    {
        assert_eq!(name.parse::<Algorithm>(), Err(UnknownAlgorithm), "{name:?}");
    }
}

#[test]
fn periods_and_times_do_not_overflow() {
    assert_eq!(Period::from_seconds(0), None);
    assert_eq!(Period::from_seconds(u32::MAX).unwrap().seconds(), u32::MAX);
    assert_eq!(UnixTime(5).after(u64::MAX), UnixTime(u64::MAX));
    assert_eq!((UnixTime(5).seconds_since(UnixTime(3)), UnixTime(3).seconds_since(UnixTime(5))), (2, 0));
    let time = MovingFactor::Time { period: Period::THIRTY_SECONDS, t0: UnixTime(0) };
    assert_eq!((MovingFactor::Counter.name(), time.name()), ("HOTP", "TOTP"));
}
