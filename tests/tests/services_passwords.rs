//! Passwords of sign-ins in a browser: the child that asks the real PAM, `pam_unix` and /etc/shadow.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test")]

use std::{io::Write, os::unix::net::UnixStream};

use keyfob_tests::{
    Host, Systemd, command,
    host::{PASSWORD, typed},
    password::{Check, answer, check, check_by, question},
};

const SERVICE: &str = include_str!("../../daemon/pam.d/keyfob");

fn host() -> Host {
    let host = Host::new();
    host.write("/etc/pam.d/keyfob", SERVICE);
    host
}

#[track_caller]
fn assert_unanswered(host: &Host, password: &str, said: &str) {
    let outcome = check(host, "alice", password.as_bytes());
    assert!(matches!(&outcome, Check::Unanswered(text) if text.contains(said)), "{outcome:?}");
}

#[test]
fn the_account_s_own_password_is_right_and_no_other() {
    let host = host();
    let _with_device = host.enroll("bob");
    for account in ["alice", "bob"] {
        assert_eq!(check(&host, account, PASSWORD.as_bytes()), Check::Right, "{account}");
        assert_eq!(check(&host, account, b"incorrect horse"), Check::Refused, "{account}");
    }
    for (account, password) in [("alice", ""), ("alice", "correct"), ("nobody-here", PASSWORD), ("root", "")]
    {
        assert_eq!(check(&host, account, password.as_bytes()), Check::Refused, "{account} {password:?}");
    }
    let logged = host.logged();
    assert!(logged.contains("pam_unix(keyfob:auth): authentication failure"), "{logged}");
    assert!(logged.contains("tty=keyfob") && logged.contains("rhost=192.0.2.7"), "{logged}");
    assert!(!logged.contains("horse"), "{logged}");
}

#[test]
fn whatever_can_be_a_password_is_read_whole() {
    let host = host();
    for password in [" two  spaces ", "p\u{e4}ssw\u{f6}rd \u{1f511}", "tab\tand \u{1b}", &"x".repeat(500)] {
        let set = typed(&mut host.root(&["chpasswd"]), &format!("alice:{password}\n"));
        assert!(set.status.success(), "{}", command::text(&set.stderr));
        assert_eq!(check(&host, "alice", password.as_bytes()), Check::Right, "{password:?}");
        let mut other = password.to_owned();
        other.pop();
        assert_eq!(check(&host, "alice", other.as_bytes()), Check::Refused, "{password:?}");
    }
}

/// C would read it as the password and nothing more.
#[test]
fn a_nul_is_not_the_end_of_a_password() {
    let host = host();
    let password = [PASSWORD.as_bytes(), b"\0 staple"].concat();
    assert!(!matches!(check(&host, "alice", &password), Check::Right));
}

#[test]
fn an_account_that_may_not_sign_in_is_refused_as_a_wrong_password_is() {
    let host = host();
    for (lock, open) in [
        ("passwd -q -l alice", "passwd -q -u alice"),
        ("chage -E 0 alice", "chage -E -1 alice"),
        ("chage -d 0 alice", "chage -d 2026-01-01 alice"),
        ("echo later > /etc/nologin", "rm /etc/nologin"),
    ] {
        host.sh(lock);
        assert_eq!(check(&host, "alice", PASSWORD.as_bytes()), Check::Refused, "{lock}");
        host.sh(open);
        assert_eq!(check(&host, "alice", PASSWORD.as_bytes()), Check::Right, "{open}");
    }
    host.sh("passwd -q -d alice");
    for password in ["", PASSWORD] {
        assert_eq!(check(&host, "alice", password.as_bytes()), Check::Refused, "{password:?}");
    }
}

/// A missing service would be `other`, which has the same accounts.
#[test]
fn without_a_service_of_its_own_there_is_no_answer() {
    let host = Host::new();
    assert_unanswered(&host, PASSWORD, "needs a file keyfob in /etc/pam.d");
    host.write("/etc/pam.d/keyfob", "@include common-auth\n");
    assert_unanswered(&host, PASSWORD, "has no account line");
    host.write("/etc/pam.d/keyfob", "@include common-auth\n@include common-account\n");
    assert_eq!(check(&host, "alice", PASSWORD.as_bytes()), Check::Right);
    host.sh("sed -i '$a auth required pam_keyfob.so' /etc/pam.d/common-auth");
    assert_unanswered(&host, PASSWORD, "take pam_keyfob out of common-auth");
}

#[test]
fn a_service_that_asks_for_nothing_or_for_more_lets_nobody_in() {
    let host = host();
    let service = |auth: &str| {
        host.write("/etc/pam.d/keyfob", &format!("{auth}\naccount required pam_unix.so\n"));
    };
    service("auth required pam_permit.so");
    assert_unanswered(&host, PASSWORD, "does not ask for a password");
    service("auth sufficient pam_rootok.so\nauth required pam_unix.so");
    assert_unanswered(&host, "wrong", "does not ask for a password");
    host.sh("umask 077; echo 'HOTP alice - 3132333435363738393031323334353637383930' > /root/oath");
    service("auth required pam_unix.so\nauth required pam_oath.so usersfile=/root/oath");
    assert_unanswered(&host, PASSWORD, "asks for more than a password");
    service("auth required pam_nowhere.so");
    assert_unanswered(&host, PASSWORD, "can't check a password");
}

/// As root alone: the system's own check of passwords tells others of their own.
#[test]
fn who_is_not_root_learns_nothing_of_others() {
    let host = host();
    let by_carol = |account: &str, password: &str| {
        let command = host.user("carol", &["keyfob", "check-password"]);
        check_by(command, &question(account, password.as_bytes()))
    };
    assert_eq!(by_carol("carol", PASSWORD), Check::Right);
    for password in [PASSWORD, "wrong"] {
        assert_ne!(by_carol("alice", password), Check::Right);
    }
}

#[test]
fn nobody_but_the_daemon_is_answered() {
    let host = host();
    let output = typed(&mut host.root(&["keyfob", "check-password"]), "alice\ncorrect horse\n");
    assert!(!output.status.success());
    assert!(command::text(&output.stderr).contains("for `keyfob daemon` alone"));
    let whole = question("alice", PASSWORD.as_bytes());
    for cut in [0, 4, whole.len() - 1] {
        let check = check_by(host.root(&["keyfob", "check-password"]), &whole[..cut]);
        assert!(matches!(check, Check::Unanswered(_)), "{check:?}");
    }
}

/// The daemon's unit leaves the child what it needs: the shadow file without capabilities, and a helper of `pam_unix`, which becomes root by
/// `setuid` before it is run.
#[test]
fn the_daemon_s_sandbox_lets_the_child_check_passwords() {
    let host = host();
    let systemd = Systemd::start(&host);
    let socket = systemd.serve("/run/check", "/usr/local/bin/keyfob check-password");
    let check = |password: &str| {
        let mut socket = UnixStream::connect(&socket).unwrap();
        socket.write_all(&question("alice", password.as_bytes())).unwrap();
        answer(&mut socket)
    };
    assert_eq!(check(PASSWORD), Some(true), "{}", host.sh("cat /run/daemon.log"));
    assert_eq!(check("wrong"), Some(false));
    host.write("/etc/pam.d/keyfob", &format!("auth required pam_exec.so quiet seteuid /bin/true\n{SERVICE}"));
    assert_eq!(check(PASSWORD), Some(true), "{}", host.sh("cat /run/daemon.log"));
    // Where not even root may read it, it needs the one capability that the documentation names.
    host.sh("chmod 0000 /etc/shadow");
    assert_ne!(check(PASSWORD), Some(true));
    host.sh("mkdir /run/units/other@.service.d");
    host.write(
        "/run/units/other@.service.d/read.conf",
        "[Service]\nCapabilityBoundingSet=CAP_DAC_READ_SEARCH\n",
    );
    assert!(systemd.systemctl(&["daemon-reload"]).status.success());
    assert_eq!(check(PASSWORD), Some(true), "{}", host.sh("cat /run/daemon.log"));
}
