//! `otpauth://` URIs as writers in the field make them.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{HOTP, SECRET, TOTP, secret};
use keyfob_core::{
    Algorithm, Digits, InvalidSecret, Otpauth, OtpauthError, Parameters, Position, SecretLengthError,
    UnknownAlgorithm, UnsupportedDigits,
};

/// The base32 of [`SECRET`].
const BASE32: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

fn parse(uri: &str) -> Result<Otpauth, OtpauthError> {
    Otpauth::parse(&uri.replace("SECRET", BASE32))
}

fn refusal(uri: &str) -> OtpauthError {
    parse(uri).unwrap_err()
}

#[test]
fn everything_is_read() {
    let uri = "otpauth://totp/ACME%20Co:alice@example.com?secret=SECRET&issuer=ACME%20Co&algorithm=SHA512&digits=8&period=60\
               &serial=GAHT12345678&image=x";
    let otpauth = parse(uri).unwrap();
    let expected = Parameters {
        moving_factor: common::time(60, 0),
        algorithm: Algorithm::Sha512,
        digits: Digits::new(8).unwrap(),
    };
    assert_eq!(otpauth.parameters, expected);
    assert_eq!((otpauth.issuer.as_deref(), &*otpauth.account), (Some("ACME Co"), "alice@example.com"));
    assert_eq!(otpauth.secret.expose(), SECRET);
    assert_eq!(otpauth.serial.as_deref(), Some("GAHT12345678"));
    assert_eq!((otpauth.counter, otpauth.position()), (None, Position::default()));
}

#[test]
fn what_is_left_out_is_sha1_6_digits_30_seconds() {
    let otpauth = parse("otpauth://totp/alice?secret=SECRET").unwrap();
    assert_eq!((otpauth.parameters, otpauth.issuer, otpauth.serial), (TOTP, None, None));
    let otpauth = parse("otpauth://hotp/alice?secret=SECRET&counter=5").unwrap();
    assert_eq!((otpauth.parameters, otpauth.counter), (HOTP, Some(5)));
}

#[test]
fn the_counter_is_the_next_one() {
    for (counter, accepted) in
        [(0, None), (1, Some(0)), (1 << 40, Some((1 << 40) - 1)), (u64::MAX, Some(u64::MAX - 1))]
    {
        let otpauth = parse(&format!("otpauth://hotp/alice?secret=SECRET&counter={counter}")).unwrap();
        assert_eq!(otpauth.position().accepted, accepted);
    }
}

#[test]
fn the_dialects_of_the_field_are_read() {
    let same = |uri: &str| {
        let otpauth = parse(uri).unwrap();
        assert_eq!(otpauth.parameters, TOTP, "{uri}");
        assert_eq!(otpauth.secret.expose(), SECRET, "{uri}");
        (otpauth.issuer.unwrap_or_default(), otpauth.account)
    };
    let expected = |issuer: &str, account: &str| (issuer.to_string(), account.to_string());
    assert_eq!(same("OTPAUTH://TOTP/alice?Secret=SECRET&Algorithm=sha1"), expected("", "alice"));
    assert_eq!(same("otpauth://totp/alice?secret=SECRET&algorithm=HmacSHA1"), expected("", "alice"));
    assert_eq!(same("otpauth://totp/alice?secret=SECRET&counter=7"), expected("", "alice"));
    assert_eq!(same("otpauth://totp/ACME%3aalice?secret=SECRET"), expected("ACME", "alice"));
    assert_eq!(same("otpauth://totp/ACME%3A%20alice?secret=SECRET"), expected("ACME", "alice"));
    assert_eq!(same("otpauth://totp/ACME:%20alice?secret=SECRET"), expected("ACME", "alice"));
    assert_eq!(same("otpauth://totp/:alice?secret=SECRET"), expected("", "alice"));
    assert_eq!(same("otpauth://totp/?secret=SECRET"), expected("", ""));
    // `+` is a space in a parameter and itself in the label.
    assert_eq!(
        same("otpauth://totp/bob+vpn@a.b?secret=SECRET&issuer=ACME+Co"),
        expected("ACME Co", "bob+vpn@a.b")
    );
    // Where the two issuers differ, the parameter counts.
    assert_eq!(same("otpauth://totp/Old:alice?secret=SECRET&issuer=New"), expected("New", "alice"));
    assert_eq!(same("otpauth://totp/Old:alice?secret=SECRET&issuer="), expected("Old", "alice"));
    assert_eq!(same("otpauth://totp/Z%C3%BCrich:al%2Fice?secret=SECRET#top"), expected("Zürich", "al/ice"));
}

#[test]
fn the_secret_is_read_however_it_is_written() {
    let lower = BASE32.to_ascii_lowercase();
    let grouped = BASE32.as_bytes().chunks(4).map(|group| str::from_utf8(group).unwrap()).collect::<Vec<_>>();
    for written in [lower, grouped.join("+"), grouped.join("%20"), grouped.join("-"), format!(" {BASE32} ")] {
        let otpauth = parse(&format!("otpauth://totp/alice?secret={written}")).unwrap();
        assert_eq!(otpauth.secret.expose(), SECRET, "{written}");
    }
    let unpadded = "GEZDGNBVGY3TQOJQGEZDGNBVGY";
    for padding in ["", "======", "%3D%3D%3D%3D%3D%3D", "="] {
        let otpauth = parse(&format!("otpauth://totp/alice?secret={unpadded}{padding}")).unwrap();
        assert_eq!(otpauth.secret.expose(), b"1234567890123456");
    }
}

#[test]
fn a_secret_that_cannot_be_used_is_refused() {
    let cases = [
        ("", SecretLengthError::TooShort(0).into()),
        ("GEZDGNBVGY3TQOJQ", SecretLengthError::TooShort(10).into()),
        ("GEZDGNBVGY3TQOJQGEZDGNBV", SecretLengthError::TooShort(15).into()),
        ("GEZDGNBVGY3TQOJQGEZDGNBVG0", InvalidSecret::NotBase32),
        ("GEZDGNBVGY3TQOJQGEZDGNBVGY1", InvalidSecret::NotBase32),
        // Cut short: a length that no number of bytes has, and bits that no byte takes.
        ("GEZDGNBVGY3TQOJQGEZDGNBVGY3", InvalidSecret::NotBase32),
        ("GEZDGNBVGY3TQOJQGEZDGNBVGZ", InvalidSecret::NotBase32),
        ("GEZD=GNBVGY3TQOJQGEZDGNBVGY", InvalidSecret::NotBase32),
        ("GÉZDGNBVGY3TQOJQGEZDGNBVGY", InvalidSecret::NotBase32),
    ];
    for (written, expected) in cases {
        let refused = refusal(&format!("otpauth://totp/alice?secret={written}"));
        assert_eq!(refused, OtpauthError::Secret(expected), "{written}");
    }
    let long = "A".repeat(208);
    let refused = refusal(&format!("otpauth://totp/alice?secret={long}"));
    assert_eq!(refused, OtpauthError::Secret(SecretLengthError::TooLong(130).into()));
}

#[test]
fn what_cannot_be_used_is_refused_by_name() {
    let cases = [
        ("", OtpauthError::NotOtpauth),
        ("https://example.com/alice?secret=SECRET", OtpauthError::NotOtpauth),
        ("otpauth:totp/alice?secret=SECRET", OtpauthError::NotOtpauth),
        ("otpauth://totp?secret=SECRET", OtpauthError::NotOtpauth),
        ("otpauth-migration://offline/?data=CjEKCkhlbGxvId6tvu8S", OtpauthError::NotOtpauth),
        ("otpauth://motp/alice?secret=SECRET", OtpauthError::UnknownType),
        ("otpauth://totp/alice", OtpauthError::Missing("secret")),
        ("otpauth://totp/alice?issuer=ACME", OtpauthError::Missing("secret")),
        ("otpauth://hotp/alice?secret=SECRET", OtpauthError::Missing("counter")),
        ("otpauth://hotp/alice?secret=SECRET&counter=", OtpauthError::NotANumber("counter")),
        ("otpauth://hotp/alice?secret=SECRET&counter=-1", OtpauthError::NotANumber("counter")),
        ("otpauth://hotp/a?secret=SECRET&counter=18446744073709551616", OtpauthError::NotANumber("counter")),
        ("otpauth://totp/alice?secret=SECRET&period=0", OtpauthError::NotANumber("period")),
        ("otpauth://totp/alice?secret=SECRET&period=4294967296", OtpauthError::NotANumber("period")),
        ("otpauth://totp/alice?secret=SECRET&period=30s", OtpauthError::NotANumber("period")),
        ("otpauth://totp/alice?secret=SECRET&digits=six", OtpauthError::NotANumber("digits")),
        ("otpauth://totp/alice?secret=SECRET&digits=5", UnsupportedDigits(5).into()),
        ("otpauth://totp/alice?secret=SECRET&digits=11", UnsupportedDigits(11).into()),
        ("otpauth://totp/alice?secret=SECRET&algorithm=MD5", UnknownAlgorithm.into()),
        ("otpauth://totp/alice?secret=SECRET&algorithm=SHA3-256", UnknownAlgorithm.into()),
        ("otpauth://totp/alice?secret=SECRET&algorithm=", UnknownAlgorithm.into()),
        ("otpauth://totp/alice?secret=SECRET&secret=SECRET", OtpauthError::Repeated("secret")),
        ("otpauth://totp/alice?secret=SECRET&digits=6&DIGITS=8", OtpauthError::Repeated("digits")),
        ("otpauth://totp/%ff?secret=SECRET", OtpauthError::NotUtf8),
        ("otpauth://totp/alice?secret=SECRET&issuer=%C3", OtpauthError::NotUtf8),
    ];
    for (uri, expected) in cases {
        assert_eq!(refusal(uri), expected, "{uri}");
    }
}

#[test]
fn it_is_written_as_authenticator_apps_read_it() {
    let otpauth = Otpauth {
        issuer: Some("ACME & Co".into()),
        account: "alice@example.com".into(),
        secret: secret(SECRET),
        parameters: TOTP,
        counter: None,
        serial: None,
    };
    let uri = "otpauth://totp/ACME%20%26%20Co:alice%40example.com?secret=SECRET&issuer=ACME%20%26%20Co\
               &algorithm=SHA1&digits=6&period=30";
    assert_eq!(otpauth.reveal(), uri.replace("SECRET", BASE32));
    let hotp =
        Otpauth { parameters: HOTP, counter: Some(9), issuer: None, serial: Some("A+1".into()), ..otpauth };
    let uri =
        "otpauth://hotp/alice%40example.com?secret=SECRET&serial=A%2B1&algorithm=SHA1&digits=6&counter=9";
    assert_eq!(hotp.reveal(), uri.replace("SECRET", BASE32));
}

#[test]
fn it_prints_no_secret() {
    let otpauth = parse("otpauth://totp/alice?secret=SECRET").unwrap();
    assert!(format!("{otpauth:?}").contains("Secret([redacted])"));
}
