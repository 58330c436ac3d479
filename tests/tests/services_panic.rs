//! A panic in the module, forced in each place that libpam calls, in the real sudo and sshd: it lets nobody in, and both live on.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{fs, process::Output};

use keyfob_tests::{
    Enrolled, Host, build, command,
    host::{PASSWORD, asking, typed},
    scratch::Scratch,
};

const INTERACTIVE: &str = "KbdInteractiveAuthentication yes\nPasswordAuthentication no\n";

/// A host whose module can be forced to panic, and whose sshd runs.
fn host() -> (Host, Enrolled) {
    let host = Host::new();
    let folder = Scratch::new().unwrap();
    fs::copy(build::pam_module_that_panics().unwrap(), folder.path().join("pam_keyfob.so")).unwrap();
    host.copy_in(folder.path(), "/run/forced");
    host.sh("install -m 0644 /run/forced/pam_keyfob.so /lib/x86_64-linux-gnu/security");
    for service in ["sudo", "sshd"] {
        host.ask_for_code(service, "");
        host.sh(&format!("cp /etc/pam.d/{service} /root/{service}"));
    }
    host.start_sshd(INTERACTIVE);
    let alice = host.enroll("alice");
    (host, alice)
}

/// The module's options in both services' files.
fn options(host: &Host, options: &str) {
    for service in ["sudo", "sshd"] {
        host.sh(&format!("sed 's/pam_keyfob.so/& {options}/' /root/{service} > /etc/pam.d/{service}"));
    }
    host.logged();
}

/// One prompt for password and code, and a code that is kept in between.
fn one_prompt(host: &Host, options: &str) {
    let stack = format!(
        "auth requisite pam_keyfob.so forward_pass {options}\\nauth requisite pam_unix.so try_first_pass\\n\
         auth required pam_keyfob.so use_forwarded_code"
    );
    for service in ["sudo", "sshd"] {
        let take_out = "/^@include common-auth/d";
        host.sh(&format!(
            "sed -e '{take_out}' -e 's/.*pam_keyfob.*/{stack}/' /root/{service} > /etc/pam.d/{service}"
        ));
    }
    host.logged();
}

fn sudo(host: &Host, typed_lines: &str) -> Output {
    typed(&mut host.user("alice", &["sudo", "-S", "-k", "id", "-un"]), typed_lines)
}

fn ssh(host: &Host, answers: [&str; 2]) -> Output {
    let words = ["ssh", "localhost", "echo this is; id -un"];
    command::output(&mut asking(host, "alice", answers, &words)).unwrap()
}

/// It has ended by itself, and has let nobody in.
#[track_caller]
fn assert_refused(output: &Output) {
    assert!(matches!(output.status.code(), Some(1 | 255)), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
}

#[track_caller]
fn assert_let_in(output: &Output, account: &str) {
    assert!(output.status.success(), "{output:?}");
    assert!(command::text(&output.stdout).lines().any(|line| line == account), "{output:?}");
}

#[track_caller]
fn assert_logged(host: &Host, program: &str) {
    let log = host.logged();
    let defect = |line: &str| line.starts_with(program) && line.contains("because of a defect at ");
    assert!(log.lines().any(defect), "{log}");
}

/// The same sshd serves, and both ask for a code and let in by it.
#[track_caller]
fn assert_live_on(host: &Host, alice: &mut Enrolled, listener: &str) {
    options(host, "");
    assert_eq!(pid(host), listener);
    assert_let_in(&sudo(host, &format!("{PASSWORD}\n{}\n", alice.code())), "root");
    assert_let_in(&ssh(host, [PASSWORD, &alice.code()]), "alice");
}

/// sshd's, while it runs.
fn pid(host: &Host) -> String {
    host.sh("kill -0 $(cat /run/sshd.pid); cat /run/sshd.pid")
}

#[test]
fn a_panic_in_authenticate_refuses() {
    let (host, mut alice) = host();
    let (_daemon, listener) = (host.start_daemon(), pid(&host));
    options(&host, "panic_in=authenticate");
    assert_refused(&sudo(&host, &format!("{PASSWORD}\n{}\n", alice.code())));
    assert_logged(&host, "sudo");
    assert_refused(&ssh(&host, [PASSWORD, &alice.code()]));
    assert_logged(&host, "sshd");
    assert_live_on(&host, &mut alice, &listener);
}

/// The sign-in itself is over. sshd opens no session without credentials; sudo goes on by a rule of its own.
#[test]
fn a_panic_in_setcred_opens_no_session() {
    let (host, mut alice) = host();
    let (_daemon, listener) = (host.start_daemon(), pid(&host));
    options(&host, "panic_in=setcred");
    let output = sudo(&host, &format!("{PASSWORD}\n{}\n", alice.code()));
    assert!(output.status.code().is_some(), "{output:?}");
    assert_logged(&host, "sudo");
    assert_refused(&ssh(&host, [PASSWORD, &alice.code()]));
    assert_logged(&host, "sshd");
    assert_live_on(&host, &mut alice, &listener);
}

#[test]
fn a_panic_in_the_cleanup_ends_nothing() {
    let (host, mut alice) = host();
    let (_daemon, listener) = (host.start_daemon(), pid(&host));
    one_prompt(&host, "panic_in=cleanup");
    assert_let_in(&sudo(&host, &format!("{PASSWORD}{}\n", alice.code())), "root");
    assert_logged(&host, "sudo");
    assert_refused(&sudo(&host, &format!("{PASSWORD}{}\n", alice.wrong_code())));
    assert_let_in(&ssh(&host, [&format!("{PASSWORD}{}", alice.code()), ""]), "alice");
    assert_logged(&host, "sshd");
    assert_live_on(&host, &mut alice, &listener);
}
