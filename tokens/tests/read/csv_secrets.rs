//! Hexadecimal or base32? `ABCDEF234567…` can be read as both.

use keyfob_tokens::RejectReason;

use crate::{bytes, rejects, seed_file, serials};

const AS_HEX: &str = "abcdef234567abcdef234567abcdef234567abcd";
const AS_BASE32: &str = "004432175be77df004432175be77df004432175be77df00443";

fn secret_of(name: &str, serial: &str) -> Vec<u8> {
    let file = seed_file(name);
    let entry = file.devices.iter().find(|entry| entry.device.serial.as_str() == serial).unwrap();
    entry.device.secret.expose().to_vec()
}

#[test]
fn the_other_secrets_decide() {
    assert_eq!(secret_of("ambiguous-among-hex.csv", "S2"), bytes(AS_HEX));
    assert_eq!(secret_of("ambiguous-among-base32.csv", "S2"), bytes(AS_BASE32));
}

#[test]
fn alone_it_is_hexadecimal() {
    assert_eq!(secret_of("ambiguous-alone.csv", "S2"), bytes(AS_HEX));
}

#[test]
fn the_column_decides() {
    assert_eq!(secret_of("ambiguous-in-base32-column.csv", "S2"), bytes(AS_BASE32));
}

#[test]
fn among_both_kinds_it_is_refused_and_the_others_are_read() {
    let file = seed_file("ambiguous-among-both.csv");
    assert_eq!(serials(&file), ["S1", "S3"]);
    assert_eq!(rejects(&file), [("line 3".into(), RejectReason::AmbiguousSecret)]);
    let hex = "bf5f774486acf0425c26767c0d5ec8785cbd10b6";
    let base32 = "b080a05274c084848d534388242c17924c0367f9";
    assert_eq!(secret_of("ambiguous-among-both.csv", "S1"), bytes(hex));
    assert_eq!(secret_of("ambiguous-among-both.csv", "S3"), bytes(base32));
}

#[test]
fn a_typing_error_does_not_turn_the_others_around() {
    let file = seed_file("typing-error-among-hex.csv");
    assert_eq!(serials(&file), ["S1", "S4"]);
    let malformed = RejectReason::MalformedSecret("hexadecimal or base32");
    assert_eq!(rejects(&file), [("line 3".into(), malformed.clone()), ("line 4".into(), malformed)]);
    assert_eq!(secret_of("typing-error-among-hex.csv", "S4"), bytes(AS_HEX));
}
