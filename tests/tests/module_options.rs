//! The module's options, its log lines, and what its host does to it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::{
    ffi::OsString,
    fs,
    os::unix::{ffi::OsStringExt, fs::PermissionsExt},
    process::Command,
};

use keyfob_tests::{
    Enrolled, Site, build, command,
    site::{ALONE, SERVICE, me, somebody_else},
    token::Kind,
};

fn with_log() -> (Site, Enrolled) {
    let site = Site::with_log();
    let fob = site.enroll(&me(), "T1", Kind::Hotp);
    (site, fob)
}

#[test]
fn every_mistaken_option_is_refused_and_logged_at_once() {
    let (site, _) = with_log();
    site.write_services("nullok promt=Code: prompt= debug debug store=relative.db");
    for user in [me().as_str(), somebody_else()] {
        let record = site.sign_in(user).run().unwrap();
        assert_eq!(record.summary(), (0, "PAM_SERVICE_ERR"), "{record}");
        let log = site.logged();
        for told in ["nullok", "promt", "prompt=", "debug", "store"] {
            assert!(log.iter().any(|line| line.contains(told)), "{told}: {log:?}");
        }
    }
}

#[test]
fn the_prompt_is_the_options() {
    let (site, mut fob) = with_log();
    site.write_services("[prompt=The code on your fob: ] echo_code");
    let record = site.sign_in(&me()).answer(&fob.code()).run().unwrap();
    assert_eq!(record.prompts(), ["echo_on The code on your fob: "]);
    assert_eq!(record.outcome(), "PAM_SUCCESS");
}

/// sudo asks every module for silence, and its users would never be told.
#[test]
fn a_silent_application_is_told_the_same() {
    let (site, mut fob) = with_log();
    let code = fob.code();
    for (outcome, said) in [
        ("PAM_SUCCESS", "Device T1 was associated with your account"),
        ("PAM_AUTH_ERR", "That code was already used: wait for the next one."),
    ] {
        let record = site.sign_in(&me()).option("--silent").answer(&code).run().unwrap();
        assert_eq!(record.summary(), (1, outcome));
        assert!(record.said().concat().starts_with(said), "{record}");
    }
}

#[test]
fn credentials_are_set_where_the_code_was_right_or_not_needed() {
    let (site, mut fob) = with_log();
    let right = site.sign_in(&me()).option("--setcred").answer(&fob.code()).run().unwrap();
    assert_eq!((right.outcome(), right.setcred()), ("PAM_SUCCESS", "PAM_SUCCESS"));
    let alone = site.sign_in_to(ALONE, &me()).option("--setcred").answer(&fob.code()).run().unwrap();
    assert_eq!((alone.outcome(), alone.setcred()), ("PAM_SUCCESS", "PAM_SUCCESS"));
    let unasked = site.sign_in(somebody_else()).option("--setcred").run().unwrap();
    assert_eq!((unasked.outcome(), unasked.setcred()), ("PAM_SUCCESS", "PAM_SUCCESS"));
    // setcred opens nothing: it succeeds after the sign-in even where the store has gone.
    let wrong = site.sign_in(&me()).option("--setcred").answer(&fob.wrong_code()).run().unwrap();
    assert_eq!(wrong.outcome(), "PAM_AUTH_ERR");
}

#[test]
fn the_log_says_why_and_never_a_code() {
    let (site, mut fob) = with_log();
    site.write_services("debug");
    let (right, wrong, recovery) = (fob.code(), fob.wrong_code(), "abcd-efgh-ijkl-mnop");
    let mut log = Vec::new();
    for answer in [&right, &right, &wrong, recovery] {
        site.sign_in(&me()).answer(answer).run().unwrap();
        log.push(site.logged().join("\n"));
    }
    let me = me();
    for (log, told) in log.iter().zip([
        format!("accepted {me} by a code of the device T1"),
        format!("refused {me}: that code was already used"),
        format!("refused {me}: wrong code"),
        format!("refused {me}: wrong code"),
    ]) {
        assert!(log.contains(&format!("pam_keyfob({SERVICE}:auth): {told}")), "{told}: {log}");
    }
    let all = log.concat() + &site.keyfob_done(&["log", "--json"]);
    for secret in [right.as_str(), &wrong, recovery, &fob.token.key] {
        assert!(!all.contains(secret), "{all}");
    }
}

#[test]
fn what_others_choose_is_escaped_in_both_logs() {
    let (site, fob) = with_log();
    let remote = "host\n<86>sshd: Accepted\u{1b}[2J";
    site.sign_in(&me()).option("--rhost").option(remote).answer(&fob.wrong_code()).run().unwrap();
    site.sign_in("eve\nroot").option("--rhost").option(remote).run().unwrap();
    let log = site.logged();
    assert_eq!(log.len(), 2, "{log:?}");
    let all = log.concat() + &site.keyfob_done(&["log", "--json"]).replace('\n', "");
    assert!(!all.chars().any(char::is_control), "{all:?}");
    assert!(all.contains("rhost=host"), "{all}");
}

#[test]
fn a_hostile_environment_changes_nothing() {
    let (site, mut fob) = with_log();
    let trap = site.path("trap");
    fs::create_dir(&trap).unwrap();
    fs::set_permissions(&trap, fs::Permissions::from_mode(0o777)).unwrap();
    let not_text = OsString::from_vec(vec![0xff, 0xfe]);
    let mut sign_in = site.sign_in(&me()).answer("000000x");
    for name in [
        "HOME",
        "TMPDIR",
        "SQLITE_TMPDIR",
        "XDG_CONFIG_HOME",
        "XDG_RUNTIME_DIR",
        "KEYFOB_STORE",
        "KEYFOB_CONFIG",
    ] {
        sign_in = sign_in.env(name, &trap);
    }
    for name in ["LANG", "LC_ALL", "TZ", "RUST_LOG", "KEYFOB"] {
        sign_in = sign_in.env(name, not_text.clone());
    }
    sign_in =
        sign_in.env("RUST_BACKTRACE", "full").env("SQLITE_FORCE_PROXY_LOCKING", "1").env("BAD", not_text);
    assert_eq!(sign_in.run().unwrap().summary(), (1, "PAM_AUTH_ERR"));
    let right = site
        .sign_in(&me())
        .env("SQLITE_TMPDIR", "/nonexistent")
        .env("TMPDIR", "")
        .answer(&fob.code())
        .run()
        .unwrap();
    assert_eq!(right.summary(), (1, "PAM_SUCCESS"));
    assert_eq!(fs::read_dir(&trap).unwrap().count(), 0);
}

#[test]
fn no_variable_of_the_environment_is_asked_for() {
    let (site, mut fob) = with_log();
    let noted = site.path("noted");
    let options = [&format!("-DNOTED=\"{}\"", noted.display()), "-shared", "-fPIC"];
    let preload = build::compile("getenv_noted.c", &site.path("getenv_noted.so"), &options).unwrap();
    for code in [fob.code(), fob.wrong_code()] {
        site.sign_in(&me()).env("LD_PRELOAD", &preload).answer(&code).run().unwrap();
    }
    site.sign_in(somebody_else()).env("LD_PRELOAD", &preload).run().unwrap();
    assert!(!noted.exists(), "{}", fs::read_to_string(&noted).unwrap());
    // Other programs do ask.
    command::run(Command::new("ls").env("LD_PRELOAD", &preload)).unwrap();
    assert!(noted.exists());
}

#[test]
fn a_hundred_sign_ins_in_one_process_leave_no_descriptor_open() {
    let site = Site::new();
    let _fob = site.enroll(&me(), "T1", Kind::Hotp);
    for answer in ["--null-answer", "--fail"] {
        let record = site.sign_in(&me()).option("--rounds").option("100").option(answer).run().unwrap();
        let (first, last) = record.descriptors().unwrap();
        assert_eq!(first, last, "{answer}");
        assert_eq!(record.outcomes().len(), 100);
    }
    let unasked = site.sign_in(somebody_else()).option("--rounds").option("100").run().unwrap();
    assert_eq!(unasked.outcomes(), ["PAM_SUCCESS"; 100]);
    let (first, last) = unasked.descriptors().unwrap();
    assert_eq!(first, last);
}

#[test]
fn an_account_made_anew_under_another_uid_is_refused() {
    let (site, mut fob) = with_log();
    let line = format!("{}:x:4242:4242::/:/bin/sh\n", me());
    let passwd = site.path("passwd");
    fs::write(&passwd, line).unwrap();
    site.run_inside("mount", &["--bind", &passwd.to_string_lossy(), "/etc/passwd"]);
    let record = site.sign_in(&me()).run().unwrap();
    assert_eq!(record.summary(), (0, "PAM_PERM_DENIED"), "{record}");
    let log = site.logged().concat();
    assert!(log.contains("has 4242 now"), "{log}");
    site.run_inside("umount", &["/etc/passwd"]);
    assert_eq!(site.sign_in(&me()).answer(&fob.code()).run().unwrap().summary(), (1, "PAM_SUCCESS"));
}

#[test]
fn a_name_service_that_fails_is_not_an_unknown_account() {
    let (site, mut fob) = with_log();
    // Without others, which may know root.
    let switch = site.path("nsswitch.conf");
    fs::write(&switch, "passwd: files\n").unwrap();
    site.run_inside("mount", &["--bind", &switch.to_string_lossy(), "/etc/nsswitch.conf"]);
    let failing = ["strace", "-f", "-o", "/dev/null", "-P", "/etc/passwd", "-e", "inject=openat:error=EIO"];
    for user in [me().as_str(), somebody_else()] {
        let record = site.sign_in_under(&failing, SERVICE, user).run().unwrap();
        assert_eq!(record.summary(), (0, "PAM_AUTHINFO_UNAVAIL"), "{record}");
    }
    let log = site.logged().concat();
    assert!(log.contains("the name service can't answer"), "{log}");
    assert_eq!(site.sign_in(&me()).answer(&fob.code()).run().unwrap().summary(), (1, "PAM_SUCCESS"));
}
