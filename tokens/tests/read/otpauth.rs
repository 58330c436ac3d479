use keyfob_core::{
    Algorithm, InvalidSecret, InvalidSerialNumber, OtpauthError, SecretLengthError, UnknownAlgorithm,
};
use keyfob_tokens::{Format, Place, RejectReason::*};

use crate::{RFC_SECRET, hotp, seed_file, serials, totp};

#[test]
fn a_list_of_uris_is_read() {
    let file = seed_file("tokens.otpauth");
    assert_eq!(file.format, Format::Otpauth);
    assert!(file.rejects.is_empty());
    assert_eq!(serials(&file), ["2308123456780", "HOTP-7", "TOTP-8"], "serial=, or else the label's account");
    let devices: Vec<_> = file.devices.iter().map(|entry| &entry.device).collect();
    assert_eq!(devices[0].parameters, totp(Algorithm::Sha1, 6, 30));
    assert_eq!(devices[0].secret.expose(), RFC_SECRET);
    assert_eq!(devices[0].manufacturer, None, "the issuer is not who made it");
    assert_eq!(devices[1].parameters, hotp(8));
    assert_eq!(devices[1].position.accepted, Some(6));
    assert_eq!(devices[2].parameters, totp(Algorithm::Sha256, 6, 60));
    assert_eq!(file.devices[0].place, Place::Line(3));
}

#[test]
fn each_line_is_refused_for_its_own_reason_and_the_others_are_read() {
    let file = seed_file("rejects.otpauth");
    assert_eq!(serials(&file), ["OK", "LAST"]);
    let too_short = InvalidSecret::Length(SecretLengthError::TooShort(5));
    let expected = [
        (2, Otpauth(OtpauthError::Algorithm(UnknownAlgorithm))),
        (3, Otpauth(OtpauthError::Missing("counter"))),
        (4, Otpauth(OtpauthError::Secret(too_short))),
        (5, Otpauth(OtpauthError::Secret(InvalidSecret::NotBase32))),
        (6, InvalidSerial(InvalidSerialNumber::StrayCharacter)),
        (7, MissingSerial),
        (8, Otpauth(OtpauthError::NotOtpauth)),
        (9, DuplicateSerial { first: Place::Line(1) }),
    ];
    let found: Vec<_> =
        file.rejects.iter().map(|reject| (reject.place.clone(), reject.reason.clone())).collect();
    assert_eq!(found, expected.map(|(line, reason)| (Place::Line(line), reason)));
}
