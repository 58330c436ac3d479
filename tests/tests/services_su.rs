//! su and sudo, which run with their caller's real uid: they need the daemon.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::{
    process::Output,
    thread,
    time::{Duration, Instant},
};

use keyfob_tests::{
    Host, command,
    host::{PASSWORD, typed},
};

fn host() -> Host {
    let host = Host::new();
    host.ask_for_code("su", "");
    host.ask_for_code("sudo", "");
    host
}

/// alice becomes bob: asked for bob's code.
fn su(host: &Host, target: &str, code: &str) -> Output {
    let caller = if target == "alice" { "bob" } else { "alice" };
    as_user(host, caller, code, &["su", target, "-c", "id -un"])
}

/// alice becomes root: asked for alice's code, whatever was asked for a moment ago.
fn sudo(host: &Host, caller: &str, code: &str) -> Output {
    as_user(host, caller, code, &["sudo", "-S", "-k", "id", "-un"])
}

fn as_user(host: &Host, caller: &str, code: &str, words: &[&str]) -> Output {
    typed(&mut host.user(caller, words), &format!("{PASSWORD}\n{code}\n"))
}

#[track_caller]
fn assert_let_in(output: &Output, account: &str) {
    let written = command::text(&output.stdout);
    // What the account's owner is told comes first.
    assert_eq!(written.lines().last(), Some(account), "{written} {}", command::text(&output.stderr));
    assert!(output.status.success());
}

#[track_caller]
fn assert_kept_out(output: &Output) {
    assert!(!output.status.success());
    assert_eq!(command::text(&output.stdout), "");
}

#[test]
fn with_the_daemon_a_right_code_is_let_in_once() {
    let host = host();
    let mut fob = host.enroll("alice");
    let _daemon = host.start_daemon();
    assert_let_in(&su(&host, "alice", &fob.code()), "alice");
    let code = fob.code();
    assert_let_in(&sudo(&host, "alice", &code), "root");
    for again in [sudo(&host, "alice", &code), su(&host, "alice", &code)] {
        assert_kept_out(&again);
        let said = command::text(&again.stderr);
        assert!(said.contains("That code was already used: wait for the next one."), "{said}");
    }
    assert_let_in(&sudo(&host, "alice", &fob.code()), "root");
    assert_eq!(host.failures("alice"), 0);
}

#[test]
fn with_the_daemon_a_wrong_code_is_kept_out_and_counts() {
    let host = host();
    let mut fob = host.enroll("alice");
    let _daemon = host.start_daemon();
    assert_kept_out(&su(&host, "alice", &fob.wrong_code()));
    assert_eq!(host.failures("alice"), 1);
    assert_kept_out(&sudo(&host, "alice", &fob.wrong_code()));
    assert_eq!(host.failures("alice"), 2);
    let wrong_password = format!("wrong\n{}\n", fob.code());
    assert_kept_out(&typed(&mut host.user("alice", &["sudo", "-S", "-k", "id"]), &wrong_password));
}

/// sudo asks modules to be silent; its users are told all the same.
#[test]
fn sudo_tells_what_there_is_to_tell() {
    let host = host();
    let mut fob = host.enroll("alice");
    let policy = host.sh("sed -e 's/^#delay_seconds = .*/delay_seconds = 0/' /etc/keyfob/keyfob.toml");
    host.write("/etc/keyfob/keyfob.toml", &policy);
    let _daemon = host.start_daemon();
    let seen = |output: Output| command::text(&[output.stdout, output.stderr].concat());
    let first = seen(sudo(&host, "alice", &fob.code()));
    assert!(first.contains("Device fob-alice was associated with your account"), "{first}");
    for _ in 0..3 {
        assert_kept_out(&sudo(&host, "alice", &fob.wrong_code()));
    }
    // Beyond the codes that are looked for without it.
    fob.next += 40;
    let pair = format!("{} {}\n{}", fob.code(), fob.code(), fob.code());
    let output = sudo(&host, "alice", &pair);
    assert!(output.status.success(), "{output:?}");
    let resynchronised = seen(output);
    let offered = "two consecutive codes with a space between them";
    for text in [offered, "Device resynchronised: type its next code.", "root"] {
        assert!(resynchronised.contains(text), "{resynchronised}");
    }
    host.write("/etc/keyfob/keyfob.toml", "[throttle]\nfree_failures = 0\n");
    assert_kept_out(&sudo(&host, "alice", &fob.wrong_code()));
    let throttled = seen(sudo(&host, "alice", &fob.code()));
    assert!(throttled.contains("Too many wrong codes: try again in "), "{throttled}");
    assert!(!throttled.contains("Authentication Code: "), "{throttled}");
}

/// sudo remembers for a while whom it has asked, and asks nobody then; `sudo -k` makes it forget.
#[test]
fn sudo_asks_again_once_it_is_told_to_forget() {
    let host = host();
    let mut fob = host.enroll("alice");
    let _daemon = host.start_daemon();
    let script = "sudo -S id -un; sudo -n id -un; sudo -k; sudo -n id -un; sudo -S id -un; sudo -n id -un";
    let lines = [fob.code(), fob.code()].map(|code| format!("{PASSWORD}\n{code}\n")).concat();
    let output = typed(&mut host.user("alice", &["sh", "-c", script]), &lines);
    let (written, said) = (command::text(&output.stdout), command::text(&output.stderr));
    // What alice is told after the first sign-in stands in front.
    assert_eq!(written.lines().filter(|line| *line == "root").count(), 4, "{written} {said}");
    assert_eq!(said.matches("a password is required").count(), 1, "{said}");
    assert_eq!(host.sign_ins("alice"), ["accepted", "accepted"]);
}

#[test]
fn with_the_daemon_an_account_without_a_device_is_asked_for_its_password_alone() {
    let host = host();
    let _others = host.enroll("alice");
    let _daemon = host.start_daemon();
    let output = su(&host, "bob", "");
    assert_let_in(&output, "bob");
    assert_eq!(command::text(&output.stderr), "Password: ");
    assert_let_in(&sudo(&host, "bob", ""), "root");
}

/// In the module's words, after it has answered; the module says nothing more.
#[test]
fn the_daemon_logs_whom_it_lets_in() {
    let host = host();
    let mut fob = host.enroll("alice");
    let _daemon = host.start_daemon();
    host.logged();
    let code = fob.code();
    assert_let_in(&su(&host, "alice", &code), "alice");
    let mut logged = host.logged();
    let end = Instant::now() + Duration::from_secs(30);
    while !logged.contains("accepted") && Instant::now() < end {
        thread::sleep(Duration::from_millis(10));
        logged = format!("{logged}\n{}", host.logged());
    }
    let told: Vec<_> = logged.lines().filter(|line| line.contains("pam_keyfob")).collect();
    let [line] = told.as_slice() else { panic!("{logged}") };
    assert!(line.starts_with("keyfob["), "{line}");
    assert!(
        line.ends_with("]: pam_keyfob(su:auth): accepted alice by a code of the device fob-alice"),
        "{line}"
    );
    assert!(!logged.contains(&code), "{logged}");
}

/// A process that its caller can stop opens no store: not even to see that there is no device.
#[test]
fn without_the_daemon_everybody_is_kept_out() {
    let host = host();
    let mut fob = host.enroll("alice");
    host.logged();
    assert_kept_out(&su(&host, "alice", &fob.code()));
    assert_kept_out(&sudo(&host, "alice", &fob.code()));
    assert_kept_out(&su(&host, "bob", ""));
    assert_kept_out(&sudo(&host, "bob", ""));
    let logged = host.logged();
    assert_eq!(logged.matches("start `keyfob daemon`").count(), 4, "the log says what to do: {logged}");
    assert_eq!(host.failures("alice"), 0);
}

/// The daemon is there, and gone: nothing of it is left that could be taken for an answer.
#[test]
fn after_the_daemon_was_killed_everybody_is_kept_out() {
    let host = host();
    let mut fob = host.enroll("alice");
    host.start_daemon().kill().unwrap();
    assert_kept_out(&sudo(&host, "alice", &fob.code()));
    assert_kept_out(&su(&host, "bob", ""));
    let logged = host.logged();
    assert!(logged.contains("start `keyfob daemon`"), "{logged}");
}

#[test]
fn root_becomes_anybody_by_debians_own_rule() {
    let host = host();
    let _fob = host.enroll("alice");
    for account in ["alice", "bob"] {
        let output = command::output(&mut host.root(&["su", account, "-c", "id -un"])).unwrap();
        assert_let_in(&output, account);
    }
}

/// Where the code is asked for before that rule, root's su opens the store itself.
#[test]
fn root_is_asked_for_the_code_where_the_module_stands_first() {
    let host = Host::new();
    host.sh("sed -i '1i auth required pam_keyfob.so' /etc/pam.d/su");
    let mut fob = host.enroll("alice");
    let su = |target: &str, code: &str| {
        typed(&mut host.root(&["su", target, "-c", "id -un"]), &format!("{code}\n"))
    };
    assert_let_in(&su("bob", ""), "bob");
    assert_let_in(&su("alice", &fob.code()), "alice");
    assert_kept_out(&su("alice", &fob.wrong_code()));
    assert_eq!(host.failures("alice"), 1);
}
