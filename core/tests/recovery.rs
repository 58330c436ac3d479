//! Recovery codes.
#![allow(clippy::unwrap_used, reason = "tests")]

use data_encoding::HEXLOWER;
use keyfob_core::{MalformedRecoveryCode, RecoveryCode};

const BYTES: [u8; 10] = [0, 1, 2, 0xfd, 0xfe, 0xff, 0x80, 0x7f, 0x55, 0xaa];
const SHOWN: &str = "aaaq-f7p6-76ah-6vnk";
const KEY: [u8; 32] = [7; 32];

#[test]
fn it_is_shown_as_four_groups_of_four_letters() {
    assert_eq!(RecoveryCode::from_random(BYTES).reveal(), SHOWN);
}

#[test]
fn it_is_read_in_any_case_with_or_without_hyphens_and_spaces() {
    let hash = RecoveryCode::from_random(BYTES).hash(&KEY);
    for text in
        [SHOWN, "AAAQ-F7P6-76AH-6VNK", "aaaqf7p676ah6vnk", " aaaq f7p6 76AH-6vnk ", "a-aaqf7p676ah6vn-k"]
    {
        assert!(RecoveryCode::parse(text).unwrap().hash(&KEY).matches(&hash), "{text:?}");
    }
}

#[test]
fn what_is_no_recovery_code_is_refused() {
    let cases = [
        "",
        "aaaq-f7p6-76ah-6vn",
        "aaaq-f7p6-76ah-6vnka",
        "aaaq-f7p6-76ah-6vnk-aaaa-aaaa",
        "aaaq-f7p6-76ah-6vn1",
        "aaaq-f7p6-76ah-6vn0",
        "aaaq-f7p6-76ah-6vn8",
        "aaaq_f7p6_76ah_6vnk",
        "ääaq-f7p6-76ah-6vnk",
        "aaaq-f7p6-76ah-6vn\0",
    ];
    for text in cases {
        assert_eq!(RecoveryCode::parse(text).unwrap_err(), MalformedRecoveryCode, "{text:?}");
    }
}

#[test]
fn the_hash_depends_on_code_and_key() {
    let hash = RecoveryCode::from_random(BYTES).hash(&KEY);
    assert!(hash.matches(&hash));
    assert!(!RecoveryCode::from_random(BYTES).hash(&[8; 32]).matches(&hash));
    let mut other = BYTES;
    other[9] ^= 1;
    assert!(!RecoveryCode::from_random(other).hash(&KEY).matches(&hash));
}

/// HMAC-SHA-256 as `printf '\0\1\2\xfd\xfe\xff\x80\x7f\x55\xaa' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707…` prints it.
#[test]
fn the_hash_is_hmac_sha_256() {
    let hash = RecoveryCode::from_random(BYTES).hash(&KEY);
    assert_eq!(HEXLOWER.encode(&hash.0), "c79d7e1753ffcbf2c3a000b7daa9e6177d213bba33850fb4a532ca85b54e9ba4");
}

#[test]
fn it_prints_nothing() {
    assert_eq!(format!("{:?}", RecoveryCode::from_random(BYTES)), "RecoveryCode([redacted])");
}
