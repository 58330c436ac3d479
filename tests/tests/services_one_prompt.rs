//! One prompt for password and code, as the man page has it, with the real `pam_unix`: login, and su from an ordinary user.
#![allow(clippy::unwrap_used, reason = "a test")]

use keyfob_tests::{
    Enrolled, Host, command,
    host::{PASSWORD, typed},
};

const MAN_PAGE: &str = include_str!("../../docs/man/pam_keyfob.8");

/// Types a line, and waits for what comes of it.
const AT_A_TERMINAL: &str = r#"
    lassign $argv account line
    set timeout 20
    spawn -noecho login $account
    expect -re {Password[^\n]*: $} { send "$line\r" } timeout { exit 3 }
    expect {
        "Login incorrect" { exit 1 }
        -re {[$#] $} { exit 0 }
        -re {: $} { exit 4 }
        timeout { exit 3 }
    }
"#;

/// The man page's lines.
fn stack() -> String {
    let lines = MAN_PAGE.lines().skip_while(|line| !line.contains("pam_keyfob.so forward_pass"));
    let lines: Vec<_> = lines.take_while(|line| line.starts_with("auth ")).collect();
    lines.join("\\n")
}

fn host() -> Host {
    let host = Host::new();
    assert_eq!(stack().matches("auth ").count(), 3);
    for service in ["login", "su"] {
        host.sh(&format!("sed -i 's/^@include common-auth.*/{}/' /etc/pam.d/{service}", stack()));
        host.sh(&format!("grep -q use_forwarded_code /etc/pam.d/{service}"));
    }
    host.write("/root/at-a-terminal", AT_A_TERMINAL);
    host
}

/// bob becomes an account, and is asked once.
fn su(host: &Host, account: &str, line: &str) -> bool {
    let output = typed(&mut host.user("bob", &["su", account, "-c", "true"]), &format!("{line}\n"));
    let asked = command::text(&output.stderr);
    assert_eq!(asked.matches("Password").count(), 1, "{asked}");
    output.status.success()
}

fn login(host: &Host, account: &str, line: &str) -> bool {
    let words = ["expect", "/root/at-a-terminal", account, line];
    let output = command::output(&mut host.root(&words)).unwrap();
    assert!([Some(0), Some(1)].contains(&output.status.code()), "{output:?}");
    output.status.success()
}

/// How the codes ended that were looked at; the first is the password without one.
const REASONS: [&str; 4] = ["malformed-code", "wrong-code", "accepted", "already-used"];

/// What is typed is right where both are; the code is looked at only after the right password.
fn assert_both_are_needed(host: &Host, alice: &mut Enrolled, lets_in: impl Fn(&str, &str) -> bool) {
    let [right, wrong] = [alice.code(), alice.wrong_code()];
    let before = host.sign_ins("alice").len();
    for line in [&format!("wrong{right}"), &format!("wrong{wrong}"), &right, PASSWORD] {
        assert!(!lets_in("alice", line), "{line}");
        assert_eq!(host.failures("alice"), 0, "{line}");
    }
    assert!(!lets_in("alice", &format!("{PASSWORD}{wrong}")));
    assert_eq!(host.failures("alice"), 1);
    // Not spent by any of these.
    assert!(lets_in("alice", &format!("{PASSWORD}{right}")));
    assert_eq!(host.failures("alice"), 0);
    assert!(!lets_in("alice", &format!("{PASSWORD}{right}")));
    assert_eq!(host.sign_ins("alice").get(before..).unwrap(), REASONS);
    assert!(lets_in("carol", PASSWORD), "an account without a device");
    assert!(!lets_in("carol", "wrong"), "an account without a device");
}

#[test]
fn login_asks_once() {
    let host = host();
    let mut alice = host.enroll("alice");
    assert_both_are_needed(&host, &mut alice, |account, line| login(&host, account, line));
    let _daemon = host.start_daemon();
    assert_both_are_needed(&host, &mut alice, |account, line| login(&host, account, line));
}

#[test]
fn su_asks_once() {
    let host = host();
    let mut alice = host.enroll("alice");
    let _daemon = host.start_daemon();
    assert_both_are_needed(&host, &mut alice, |account, line| su(&host, account, line));
}
