//! The figures of RFC 6030: those in plain text are read as the standard means them, the others refused by name.

use keyfob_core::{Position, SecretLengthError};
use keyfob_tokens::RejectReason;

use crate::{RFC_SECRET, hotp, rejects, seed_file, serials};

#[test]
fn figure_2_has_a_secret_of_four_bytes_and_neither_length_nor_counter() {
    let file = seed_file("rfc6030-figure-2.xml");
    assert_eq!(rejects(&file), [("key package 12345678 (line 6)".into(), RejectReason::MissingDigits)]);
    assert_eq!(
        file.rejects[0].serial.as_deref(),
        Some("12345678"),
        "the key's Id stands in for the serial number"
    );
}

#[test]
fn figure_3_is_read() {
    let file = seed_file("rfc6030-figure-3.xml");
    assert!(file.rejects.is_empty());
    let device = &file.devices[0].device;
    assert_eq!(device.serial.as_str(), "987654321");
    assert_eq!(device.secret.expose(), RFC_SECRET);
    assert_eq!(device.parameters, hotp(8));
    assert_eq!(device.position, Position { accepted: None, ..Position::default() });
    assert_eq!(device.manufacturer.as_deref(), Some("Manufacturer"));
    assert_eq!(device.model, None);
}

#[test]
fn figure_4_derives_its_secret() {
    let file = seed_file("rfc6030-figure-4.xml");
    assert_eq!(rejects(&file), [("key package 12345678 (line 13)".into(), RejectReason::DerivedSecret)]);
}

#[test]
fn figure_5_asks_for_a_pin() {
    let file = seed_file("rfc6030-figure-5.xml");
    assert!(file.devices.is_empty());
    assert_eq!(file.rejects[0].reason, RejectReason::PinPolicy);
    assert_eq!(
        file.rejects[1].reason.to_string(),
        "its type 'urn:ietf:params:xml:ns:keyprov:pskc:pin' is neither HOTP nor TOTP"
    );
}

#[test]
fn figure_6_and_7_are_encrypted() {
    for name in ["rfc6030-figure-6.xml", "rfc6030-figure-7.xml"] {
        let file = seed_file(name);
        assert!(file.devices.is_empty(), "{name}");
        assert_eq!(file.rejects[0].serial.as_deref(), Some("987654321"), "{name}");
        assert_eq!(file.rejects[0].reason, RejectReason::Encrypted("Secret"), "{name}");
    }
}

#[test]
fn figure_9_is_read_and_its_signature_told() {
    let file = seed_file("rfc6030-figure-9.xml");
    assert!(file.unverified_signature);
    assert_eq!(serials(&file), ["0755225266"]);
    assert_eq!(file.devices[0].device.secret.expose(), RFC_SECRET);
    assert_eq!(file.devices[0].device.parameters, hotp(6));
}

#[test]
fn figure_10_has_two_keys_for_one_device() {
    let file = seed_file("rfc6030-figure-10.xml");
    assert_eq!(serials(&file), ["654321", "123456", "9999999"]);
    assert_eq!(file.rejects[0].serial.as_deref(), Some("9999999"));
    let first = file.devices[2].place.clone();
    assert_eq!(rejects(&file), [("key package 4 (line 90)".into(), RejectReason::DuplicateSerial { first })]);
}

#[test]
fn a_secret_of_15_bytes_is_too_short() {
    let file = seed_file("refused/secret-too-short.xml");
    assert_eq!(file.rejects[0].reason, RejectReason::SecretLength(SecretLengthError::TooShort(15)));
}
