//! Doors of a machine without a network: login on a terminal, jobs that sign nobody in, and a screen locker.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::process::Output;

use keyfob_tests::{
    Host, Record, command,
    host::{PASSWORD, typed},
};

/// Signs in to login as a person at a terminal does, and asks who that is.
const AT_A_TERMINAL: &str = r#"
    lassign $argv account password code
    set timeout 20
    spawn -noecho login $account
    expect "Password: " { send "$password\r" } timeout { exit 3 }
    expect {
        "Authentication Code: " { send "$code\r"; exp_continue }
        "Login incorrect" { exit 1 }
        -re {[$#] $} { send "echo this is \$(id -un); exit\r" }
        timeout { exit 3 }
    }
    expect eof
"#;

fn login(host: &Host, account: &str, code: &str) -> Output {
    host.write("/root/at-a-terminal", AT_A_TERMINAL);
    let words = ["expect", "/root/at-a-terminal", account, PASSWORD, code];
    command::output(&mut host.root(&words)).unwrap()
}

#[track_caller]
fn assert_is(output: &Output, account: &str, asked: bool) {
    let seen = command::text(&output.stdout);
    assert!(seen.contains(&format!("this is {account}")), "{seen}");
    assert_eq!(seen.contains("Authentication Code: "), asked, "{seen}");
}

#[test]
fn login_asks_for_password_and_code() {
    let host = Host::new();
    host.ask_for_code("login", "");
    let mut fob = host.enroll("alice");
    assert_is(&login(&host, "alice", &fob.code()), "alice", true);
    assert_is(&login(&host, "bob", ""), "bob", false);
    let refused = login(&host, "alice", &fob.wrong_code());
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert_eq!(host.failures("alice"), 1);
}

#[test]
fn login_asks_the_daemon() {
    let host = Host::new();
    host.ask_for_code("login", "");
    let mut fob = host.enroll("alice");
    let mut daemon = host.start_daemon();
    assert_is(&login(&host, "alice", &fob.code()), "alice", true);
    daemon.kill().unwrap();
    assert_eq!(login(&host, "bob", "").status.code(), Some(1));
}

/// cron and atd take the account's credentials without a sign-in: there is nothing to ask, and nothing to refuse.
#[test]
fn jobs_run_without_a_code() {
    let host = Host::new();
    for service in ["cron", "atd"] {
        host.ask_for_code(service, "");
    }
    let _fob = host.enroll("alice");
    host.logged();
    host.sh("echo '@reboot id -un > by-cron' | crontab -u alice -; cron");
    host.sh("atd; setpriv --reuid=alice --regid=alice --init-groups --reset-env sh -c 'cd; echo id -un \\> by-at | at now'");
    let wait = "cd /home/alice; for file in by-cron by-at; do \
         for _ in $(seq 300); do [ -s $file ] && break; sleep 0.1; done; cat $file; done";
    assert_eq!(host.sh(wait), "alice\nalice");
    assert!(!host.logged().contains("pam_keyfob"), "there is nothing to tell");
}

fn locker_host() -> Host {
    let host = Host::new();
    host.write("/etc/pam.d/locker", "auth required pam_unix.so\nauth required pam_keyfob.so\n");
    host.write("/etc/pam.d/code", "auth required pam_keyfob.so\n");
    host
}

/// A caller that has no root at all.
fn ordinary_caller(host: &Host, caller: &str, [service, account]: [&str; 2], answers: &[&str]) -> Record {
    let mut words = vec!["pam_driver"];
    words.extend(answers.iter().flat_map(|answer| ["--answer", answer]));
    words.extend(["--", service, account, "/etc/pam.d"]);
    let output = command::output(&mut host.user(caller, &words)).unwrap();
    Record(command::text(&output.stdout).lines().map(str::to_owned).collect())
}

#[test]
fn a_screen_locker_unlocks_by_the_daemon() {
    let host = locker_host();
    let mut fob = host.enroll("alice");
    let _daemon = host.start_daemon();
    let unlock = |code: &str| ordinary_caller(&host, "alice", ["locker", "alice"], &[PASSWORD, code]);
    let code = fob.code();
    assert_eq!(unlock(&code).summary(), (2, "PAM_SUCCESS"));
    assert_eq!(unlock(&code).summary(), (2, "PAM_AUTH_ERR"));
    assert_eq!(unlock(&fob.wrong_code()).summary(), (2, "PAM_AUTH_ERR"));
    assert_eq!(host.failures("alice"), 1);
}

#[test]
fn a_screen_locker_without_the_daemon_stays_locked() {
    let host = locker_host();
    let mut fob = host.enroll("alice");
    let record = ordinary_caller(&host, "alice", ["locker", "alice"], &[PASSWORD, &fob.code()]);
    assert_eq!(record.summary(), (1, "PAM_AUTHINFO_UNAVAIL"), "{record}");
    assert!(host.logged().contains("start `keyfob daemon`"), "the log says what to do");
}

/// Nobody tries another account's codes, or learns whether it has a device.
#[test]
fn an_ordinary_caller_asks_for_its_own_account_only() {
    let host = locker_host();
    let mut fob = host.enroll("alice");
    let _daemon = host.start_daemon();
    for account in ["alice", "carol"] {
        let record = ordinary_caller(&host, "bob", ["code", account], &[&fob.code()]);
        assert_eq!(record.summary(), (0, "PAM_AUTHINFO_UNAVAIL"), "{record}");
    }
    assert_eq!(host.failures("alice"), 0);
    assert_eq!(host.keyfob(&["log", "--json", "--user", "alice"]).matches(r#""act":"sign-in""#).count(), 0);
}

#[test]
fn the_socket_takes_no_administration_from_an_ordinary_caller() {
    let host = Host::new();
    let fob = host.enroll("alice");
    let _daemon = host.start_daemon();
    for account in ["alice", "bob"] {
        let disable = ["keyfob", "disable", "--user", "alice", "--serial", &fob.token.serial];
        let output = typed(&mut host.user(account, &disable), "");
        assert!(!output.status.success(), "{output:?}");
    }
    assert!(host.keyfob(&["user", "show", "alice"]).contains(&fob.token.serial));
}
