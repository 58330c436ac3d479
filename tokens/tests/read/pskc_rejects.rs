//! One file for each way in which a key can't be used, made from `smallest.xml` by one change and named after it.

use keyfob_core::SecretLengthError::{TooLong, TooShort};
use keyfob_core::{InvalidSerialNumber, UnsupportedDigits};
use keyfob_tokens::{Excerpt, RejectReason, RejectReason::*};
use std::collections::BTreeSet;

use crate::seed_file;

/// By file name, without the ending.
fn expected() -> Vec<(&'static str, RejectReason)> {
    vec![
        ("algorithm-ocra", UnsupportedType(quoted("urn:ietf:params:xml:ns:keyprov:pskc:ocra"))),
        ("check-digit", CheckDigits),
        ("check-digits", CheckDigits),
        ("container-encrypted", Encrypted("Secret")),
        ("counter-digits-in-base64", MalformedNumber("Counter")),
        ("counter-encrypted", Encrypted("Counter")),
        ("counter-missing", MissingCounter),
        ("counter-not-a-number", MalformedNumber("Counter")),
        ("counter-too-large", MalformedNumber("Counter")),
        ("counter-with-sign", MalformedNumber("Counter")),
        ("device-info-twice", RepeatedElement("DeviceInfo")),
        ("drift-not-a-number", MalformedNumber("TimeDrift")),
        ("drift-over-a-day", ExcessiveDrift),
        ("drift-overflow", ExcessiveDrift),
        ("empty-hash", UnknownAlgorithm(quoted(""))),
        ("empty-secret", SecretLength(TooShort(0))),
        ("encoding-hexadecimal", UnsupportedEncoding(quoted("HEXADECIMAL"))),
        ("expiry-date-in-month-13", MalformedDate("ExpiryDate")),
        ("expiry-date-without-time", MalformedDate("ExpiryDate")),
        ("format-alphanumeric", UnsupportedEncoding(quoted("ALPHANUMERIC"))),
        ("interval-not-a-number", MalformedNumber("TimeInterval")),
        ("interval-too-large", MalformedNumber("TimeInterval")),
        ("interval-zero", ZeroPeriod),
        ("invalid-serial", InvalidSerial(InvalidSerialNumber::StrayCharacter)),
        ("key-usage-unknown", UnknownPolicy(quoted("Payment"))),
        ("key-usage-without-otp", KeyUsage),
        ("key-in-foreign-namespace", ForeignNamespace),
        ("length-11", Digits(UnsupportedDigits(11))),
        ("length-5", Digits(UnsupportedDigits(5))),
        ("length-missing", MissingDigits),
        ("length-not-a-number", MalformedNumber("Length")),
        ("mac-declared-but-absent", MissingMac),
        ("manufacturer-too-long", UnusableText("Manufacturer")),
        ("model-with-control-character", UnusableText("Model")),
        ("no-algorithm", MissingType),
        ("no-secret", MissingSecret),
        ("no-serial", MissingSerial),
        ("number-of-transactions", NumberOfTransactions),
        ("package-in-foreign-namespace", ForeignNamespace),
        ("package-without-key", MissingKey),
        ("pin-policy", PinPolicy),
        ("pin-policy-of-draft", PinPolicy),
        ("policy-foreign-child", UnknownPolicy(quoted("KeyUsage"))),
        ("policy-twice", RepeatedElement("Policy")),
        ("policy-unknown-child", UnknownPolicy(quoted("OnWeekdaysOnly"))),
        ("response-format-missing", MissingDigits),
        ("secret-encrypted", Encrypted("Secret")),
        ("secret-not-base64", MalformedSecret("base64")),
        ("secret-too-long", SecretLength(TooLong(129))),
        ("secret-too-short", SecretLength(TooShort(15))),
        ("secret-twice", RepeatedElement("Secret")),
        ("secret-unpadded", MalformedSecret("base64")),
        ("secret-with-comment", UnexpectedContent("PlainValue")),
        ("secret-with-mac", UncheckedMac("Secret")),
        ("time-not-zero", NonZeroTime),
        ("unknown-hash", UnknownAlgorithm(quoted("HMAC-SHA3-256"))),
        ("usage-of-draft-without-otp", KeyUsage),
    ]
}

fn quoted(text: &str) -> Excerpt {
    Excerpt::of_name(text)
}

#[test]
fn each_file_is_refused_for_the_reason_in_its_name() {
    for (name, reason) in expected() {
        let file = seed_file(&format!("refused/{name}.xml"));
        assert!(file.devices.is_empty(), "{name}");
        assert_eq!(file.rejects.len(), 1, "{name}");
        assert_eq!(file.rejects[0].reason, reason, "{name}");
    }
}

#[test]
fn every_file_has_its_expected_reason() {
    let folder = format!("{}/tests/files/refused", env!("CARGO_MANIFEST_DIR"));
    let names =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let expected: BTreeSet<_> = expected().into_iter().map(|(name, _)| format!("{name}.xml")).collect();
    assert_eq!(names.collect::<BTreeSet<_>>(), expected);
}

#[test]
fn the_key_package_is_named() {
    let file = seed_file("refused/time-not-zero.xml");
    assert_eq!(file.rejects[0].place.to_string(), "key package KP1 (line 5)");
    assert_eq!(file.rejects[0].serial.as_deref(), Some("S1"));
    let file = seed_file("refused/package-without-key.xml");
    assert_eq!(file.rejects[0].place.to_string(), "key package without Id (line 3)");
}
