//! Each outcome of a sign-in: its PAM code, what was asked and said, and what it counts for.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use keyfob_tests::{
    Enrolled, Site,
    site::{ALONE, me, somebody_else},
    token::Kind,
};

const TOTP: Kind = Kind::Totp { period: 30 };

/// What sshd answers in place of the password of an account that may not sign in.
const DUMMY_PASSWORD: &str = "\u{8}\n\r\u{7f}INCORRECT";

fn with_fob(kind: Kind) -> (Site, Enrolled) {
    let site = Site::new();
    let fob = site.enroll(&me(), "T1", kind);
    (site, fob)
}

#[test]
fn a_right_code_is_let_in_and_what_has_happened_is_told_once() {
    let (site, mut fob) = with_fob(Kind::Hotp);
    let first = site.sign_in(&me()).answer(&fob.code()).run().unwrap();
    assert_eq!(first.summary(), (1, "PAM_SUCCESS"));
    let said = first.said();
    assert!(said.len() == 1 && said[0].starts_with("Device T1 was associated with your account"), "{said:?}");
    let second = site.sign_in(&me()).answer(&fob.code()).run().unwrap();
    assert_eq!(second.0, ["prompt echo_off Authentication Code: ", "authenticate PAM_SUCCESS"]);
    assert_eq!(site.sign_ins(&me()), ["accepted", "accepted"]);
}

#[test]
fn wrong_codes_are_told_at_the_next_sign_in_with_their_door() {
    let (site, mut fob) = with_fob(Kind::Hotp);
    site.sign_in(&me()).answer(&fob.code()).run().unwrap();
    for _ in 0..2 {
        let wrong = site.sign_in(&me()).option("--rhost").option("192.0.2.7").answer(&fob.wrong_code());
        assert!(wrong.run().unwrap().said().is_empty());
    }
    let said = site.sign_in(&me()).answer(&fob.code()).run().unwrap();
    let said = said.said().concat();
    assert!(said.starts_with("keyfob refused 2 wrong codes since your last sign-in, the last "), "{said}");
    assert!(said.ends_with(" from 192.0.2.7."), "{said}");
}

#[test]
fn a_code_is_let_in_once() {
    for kind in [TOTP, Kind::Hotp] {
        let (site, mut fob) = with_fob(kind);
        let code = fob.code();
        site.sign_in(&me()).answer(&code).run().unwrap();
        let again = site.sign_in(&me()).answer(&code).run().unwrap();
        assert_eq!(again.summary(), (1, "PAM_AUTH_ERR"));
        assert_eq!(again.said(), ["That code was already used: wait for the next one."]);
        assert_eq!(site.sign_ins(&me()), ["accepted", "already-used"]);
        assert_eq!(site.failures(&me()), 0);
    }
}

#[test]
fn the_codes_that_associated_are_spent() {
    for kind in [TOTP, Kind::Hotp] {
        let (site, fob) = with_fob(kind);
        for spent in fob.token.codes(fob.next - 2, 2).unwrap() {
            let record = site.sign_in(&me()).answer(&spent).run().unwrap();
            assert_eq!(record.summary(), (1, "PAM_AUTH_ERR"), "{record}");
        }
        assert_eq!(site.sign_ins(&me()), ["already-used", "already-used"]);
    }
}

#[test]
fn a_code_pressed_but_not_used_is_skipped_for_good() {
    let (site, mut fob) = with_fob(Kind::Hotp);
    let (skipped, next) = (fob.code(), fob.code());
    assert_eq!(site.sign_in(&me()).answer(&next).run().unwrap().summary(), (1, "PAM_SUCCESS"));
    assert_eq!(site.sign_in(&me()).answer(&skipped).run().unwrap().summary(), (1, "PAM_AUTH_ERR"));
}

#[test]
fn a_wrong_code_is_refused_counted_and_slowed_down() {
    let (site, fob) = with_fob(TOTP);
    let record = site.sign_in(&me()).answer(&fob.wrong_code()).run().unwrap();
    assert_eq!(record.summary(), (1, "PAM_AUTH_ERR"));
    assert!(record.said().is_empty(), "{record}");
    // libpam varies what it was asked for, 2 s, by half of it at most.
    assert!((1_000_000..=3_000_000).contains(&record.delay()), "{record}");
    assert_eq!((site.sign_ins(&me()), site.failures(&me())), (vec!["wrong-code".to_owned()], 1));
}

#[test]
fn an_answer_that_is_no_code_is_refused_and_not_counted() {
    let (site, mut fob) = with_fob(TOTP);
    let long = "1".repeat(5000);
    let answers = [
        "",
        "12345",
        "12345678",
        "12345678901",
        "abcdef",
        "12345a",
        "-12345",
        "١٢٣٤٥٦",
        "12 345",
        &long,
        DUMMY_PASSWORD,
    ];
    for answer in answers {
        let record = site.sign_in(&me()).answer(answer).run().unwrap();
        assert_eq!(record.summary(), (1, "PAM_AUTH_ERR"), "{answer:?}: {record}");
    }
    let record = site.sign_in(&me()).option("--null-answer").run().unwrap();
    assert_eq!(record.summary(), (1, "PAM_AUTH_ERR"), "NULL: {record}");
    assert_eq!(site.failures(&me()), 0);
    assert_eq!(site.sign_ins(&me()), vec!["malformed-code"; answers.len() + 1]);
    assert_eq!(site.sign_in(&me()).answer(&fob.code()).run().unwrap().summary(), (1, "PAM_SUCCESS"));
}

#[test]
fn a_failing_conversation_is_refused_and_not_counted() {
    let (site, mut fob) = with_fob(TOTP);
    let record = site.sign_in(&me()).option("--fail").run().unwrap();
    assert_eq!(record.summary(), (1, "PAM_CONV_ERR"));
    assert_eq!(site.failures(&me()), 0);
    assert_eq!(site.sign_in(&me()).answer(&fob.code()).run().unwrap().summary(), (1, "PAM_SUCCESS"));
}

#[test]
fn an_account_without_a_device_is_asked_nothing() {
    let (site, _) = with_fob(TOTP);
    let record = site.sign_in(somebody_else()).run().unwrap();
    assert_eq!(record.0, ["authenticate PAM_SUCCESS"]);
    // The module itself wants to be ignored, which lets nobody in where nothing else does.
    let stack = format!(
        "auth [ignore=1 default=die] {}\nauth requisite pam_deny.so\nauth requisite pam_debug.so auth=cred_expired\n",
        site.module_line("")
    );
    site.write_service("ignored", &stack);
    assert_eq!(site.sign_in_to("ignored", somebody_else()).run().unwrap().summary(), (0, "PAM_CRED_EXPIRED"));
    assert_eq!(site.sign_in_to(ALONE, somebody_else()).run().unwrap().summary(), (0, "PAM_PERM_DENIED"));
}

#[test]
fn an_account_is_asked_nothing_once_its_device_is_deactivated() {
    let (site, mut fob) = with_fob(Kind::Hotp);
    site.keyfob_done(&["disable", "--user", &me(), "--serial", "T1"]);
    assert_eq!(site.sign_in(&me()).run().unwrap().summary(), (0, "PAM_SUCCESS"));
    // Its spent codes stay spent.
    let associate = |codes: [String; 2]| {
        site.keyfob(&[
            "enable",
            "--user",
            &me(),
            "--serial",
            "T1",
            "--code1",
            &codes[0],
            "--code2",
            &codes[1],
        ])
    };
    let spent = [fob.token.code(0).unwrap(), fob.token.code(1).unwrap()];
    assert_eq!(associate(spent).status.code(), Some(1));
    assert_eq!(associate([fob.code(), fob.code()]).status.code(), Some(0));
    assert_eq!(site.sign_in(&me()).answer(&fob.code()).run().unwrap().summary(), (1, "PAM_SUCCESS"));
}

#[test]
fn an_unknown_account_is_refused_unasked() {
    let (site, _) = with_fob(TOTP);
    for name in ["nosuchaccount", "control\u{7}character", "line\nbreak", "a/b", &"x".repeat(200)] {
        let record = site.sign_in(name).run().unwrap();
        assert_eq!(record.summary(), (0, "PAM_USER_UNKNOWN"), "{name:?}: {record}");
    }
}

#[test]
fn after_three_wrong_codes_no_code_is_asked_for() {
    let (site, mut fob) = with_fob(TOTP);
    for _ in 0..3 {
        let record = site.sign_in(&me()).answer(&fob.wrong_code()).run().unwrap();
        assert_eq!(record.summary(), (1, "PAM_AUTH_ERR"));
    }
    let record = site.sign_in(&me()).run().unwrap();
    assert_eq!(record.summary(), (0, "PAM_MAXTRIES"));
    let said = record.said().concat();
    assert!(said.starts_with("Too many wrong codes: try again in 1"), "{said}");
    assert_eq!(site.failures(&me()), 3);
    site.keyfob_done(&["user", "unlock", &me()]);
    assert_eq!(site.sign_in(&me()).answer(&fob.code()).run().unwrap().summary(), (1, "PAM_SUCCESS"));
}

#[test]
fn a_right_code_forgives_the_wrong_ones() {
    let (site, mut fob) = with_fob(Kind::Hotp);
    for _ in 0..3 {
        for _ in 0..2 {
            site.sign_in(&me()).answer(&fob.wrong_code()).run().unwrap();
        }
        assert_eq!(site.sign_in(&me()).answer(&fob.code()).run().unwrap().summary(), (1, "PAM_SUCCESS"));
        assert_eq!(site.failures(&me()), 0);
    }
}

#[test]
fn a_recovery_code_is_let_in_once() {
    let (site, mut fob) = with_fob(TOTP);
    let codes = site.keyfob_done(&["recovery-codes", "--user", &me()]);
    let codes: Vec<&str> = codes.lines().collect();
    assert_eq!(codes.len(), 10);
    let first = site.sign_in(&me()).answer(codes[0]).run().unwrap();
    assert_eq!(first.summary(), (1, "PAM_SUCCESS"));
    assert_eq!(first.said()[0], "You have 9 recovery codes left.");
    assert_eq!(site.sign_in(&me()).answer(codes[0]).run().unwrap().summary(), (1, "PAM_AUTH_ERR"));
    // As a person may copy it.
    let loosely = codes[9].to_uppercase().replace('-', " ");
    assert_eq!(site.sign_in(&me()).answer(&loosely).run().unwrap().summary(), (1, "PAM_SUCCESS"));
    assert_eq!(site.sign_in(&me()).answer(&fob.code()).run().unwrap().summary(), (1, "PAM_SUCCESS"));
}

#[test]
fn each_of_several_devices_signs_in_by_itself() {
    let site = Site::new();
    let mut fobs: Vec<Enrolled> =
        (1..=8).map(|number| site.enroll(&me(), &format!("T{number}"), Kind::Hotp)).collect();
    for index in [0, 3, 7] {
        let record = site.sign_in(&me()).answer(&fobs[index].code()).run().unwrap();
        assert_eq!(record.summary(), (1, "PAM_SUCCESS"), "device {index}");
    }
    let untouched = site.keyfob_done(&["device", "show", "T2", "--json"]);
    assert!(untouched.contains(r#""accepted_counter": 1,"#), "{untouched}");
}
