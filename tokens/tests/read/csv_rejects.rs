use keyfob_tokens::{Place, RejectReason};

use crate::{seed_file, serials};

/// The lines of `rejects.csv` from 3 to 23.
const EXPECTED: [&str; 21] = [
    "it has no serial number",
    "a serial number has only letters, digits and _ + = / : , . @ -",
    "it has no secret",
    "the secret has 15 bytes: at least 16 (128 bits) are required",
    "its secret is not valid hexadecimal or base32",
    "its type 'OCRA' is neither HOTP nor TOTP",
    "its algorithm 'MD5' is unknown: SHA1, SHA256 and SHA512 are supported",
    "codes of 5 digits are not supported: 6 to 10 are",
    "its digits value is not a number that can be used",
    "its time step is 0 seconds long",
    "its period value is not a number that can be used",
    "it is HOTP, but has no counter",
    "its counter value is not a number that can be used",
    "it doesn't say whether it is HOTP or TOTP",
    "it has 6 fields, but the table has 8 columns",
    "it has 9 fields, but the table has 8 columns",
    "it has a quoted field that does not end where it should",
    "it has a quoted field that does not end where it should",
    "its serial number stands in this file already, at line 2: only that one is read",
    "its manufacturer is longer than 256 characters or has control characters",
    "its type of 40 characters is neither HOTP nor TOTP",
];

#[test]
fn each_line_is_refused_for_its_own_reason_and_the_others_are_read() {
    let file = seed_file("rejects.csv");
    assert_eq!(serials(&file), ["OK", "LAST"]);
    assert_eq!(file.rejects.len(), EXPECTED.len());
    for ((reject, expected), line) in file.rejects.iter().zip(EXPECTED).zip(3..) {
        assert_eq!(reject.place, Place::Line(line));
        assert_eq!(reject.reason.to_string(), expected, "line {line}");
    }
}

#[test]
fn a_reject_tells_its_serial_number() {
    let file = seed_file("rejects.csv");
    let serials: Vec<_> = file.rejects.iter().map(|reject| reject.serial.as_deref()).collect();
    assert_eq!(serials[..4], [None, None, Some("S2"), Some("S3")]);
    assert_eq!(serials[18], Some("OK"));
}

#[test]
fn a_secret_under_the_heading_of_the_serial_number_is_not_shown() {
    let file = seed_file("columns-swapped.csv");
    assert!(file.devices.is_empty());
    let malformed = RejectReason::MalformedSecret("hexadecimal or base32");
    assert_eq!(file.rejects.len(), 2);
    assert!(file.rejects.iter().all(|reject| reject.serial.is_none() && reject.reason == malformed));
}
