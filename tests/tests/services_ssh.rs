//! sshd with Debian's own configuration, and what runs over it: password and code, public key and code, scp, sftp and git.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::process::Output;

use keyfob_tests::{
    Host, command,
    host::{PASSWORD, asking, typed},
};

/// What Debian's defaults have to be changed to, so that sshd asks the module's questions.
const INTERACTIVE: &str = "KbdInteractiveAuthentication yes\nPasswordAuthentication no\n";
const PUBLIC_KEY_FIRST: &str =
    "KbdInteractiveAuthentication yes\nAuthenticationMethods publickey,keyboard-interactive\n";

fn host(settings: &str) -> Host {
    let host = Host::new();
    host.ask_for_code("sshd", "");
    host.start_sshd(settings);
    host
}

/// One where a public key stands for the password.
fn host_with_keys(options: &str) -> Host {
    let host = Host::new();
    host.ask_for_code_alone("sshd", options);
    for account in ["alice", "bob"] {
        host.sh(&format!(
            "install -d -m 0700 -o {account} -g {account} /home/{account}/.ssh; cd /home/{account}/.ssh; \
             ssh-keygen -q -N '' -t ed25519 -f id_ed25519; cp id_ed25519.pub authorized_keys; \
             chown {account}: *"
        ));
    }
    host.start_sshd(PUBLIC_KEY_FIRST);
    host
}

/// A program of an account's, given the right password and a code.
fn client(host: &Host, account: &str, code: &str, words: &[&str]) -> Output {
    command::output(&mut asking(host, account, [PASSWORD, code], words)).unwrap()
}

fn ssh(host: &Host, account: &str, code: &str) -> Result<String, String> {
    outcome(&client(host, account, code, &["ssh", "localhost", "id", "-un"]))
}

fn outcome(output: &Output) -> Result<String, String> {
    let written = if output.status.success() { &output.stdout } else { &output.stderr };
    let written = command::text(written);
    if output.status.success() { Ok(written) } else { Err(written) }
}

/// What was asked for, since the last call.
fn prompts(host: &Host, account: &str) -> Vec<String> {
    let prompts = host.sh(&format!("cd /home/{account}; touch prompts; cat prompts; rm prompts"));
    let after_host = |line: &str| line.split_once(") ").map_or(line, |(_, text)| text).to_owned();
    prompts.lines().map(after_host).collect()
}

#[test]
fn password_and_code_let_in() {
    let host = host(INTERACTIVE);
    let mut fob = host.enroll("alice");
    let code = fob.code();
    assert_eq!(ssh(&host, "alice", &code).unwrap(), "alice");
    assert_eq!(prompts(&host, "alice"), ["Password: ", "Authentication Code: "]);
    // Once.
    ssh(&host, "alice", &code).unwrap_err();
    assert_eq!(host.failures("alice"), 0);
}

/// sudo right after ssh: a code that was good there is told to be used.
#[test]
fn the_daemon_is_asked_where_it_runs() {
    let host = host(INTERACTIVE);
    host.ask_for_code("sudo", "");
    let mut fob = host.enroll("alice");
    let mut daemon = host.start_daemon();
    let code = fob.code();
    assert_eq!(ssh(&host, "alice", &code).unwrap(), "alice");
    let sudo = |code: &str| {
        let lines = format!("{PASSWORD}\n{code}\n");
        typed(&mut host.user("alice", &["sudo", "-S", "-k", "id", "-un"]), &lines)
    };
    let used = sudo(&code);
    assert!(!used.status.success());
    let said = command::text(&used.stderr);
    assert!(said.contains("That code was already used: wait for the next one."), "{said}");
    assert!(sudo(&fob.code()).status.success());
    ssh(&host, "alice", &fob.wrong_code()).unwrap_err();
    assert_eq!(host.failures("alice"), 1);
    assert_eq!(ssh(&host, "bob", "").unwrap(), "bob");
    // One that is gone is no daemon that never was.
    daemon.kill().unwrap();
    ssh(&host, "alice", &fob.code()).unwrap_err();
    ssh(&host, "bob", "").unwrap_err();
    assert!(host.logged().contains("start `keyfob daemon`"), "the log says what to do");
}

#[test]
fn a_wrong_code_or_password_keeps_out() {
    let host = host(INTERACTIVE);
    let mut fob = host.enroll("alice");
    assert!(ssh(&host, "alice", &fob.wrong_code()).unwrap_err().contains("Permission denied"));
    assert_eq!(host.failures("alice"), 1);
    let code = fob.code();
    let words = ["ssh", "localhost", "true"];
    let output = command::output(&mut asking(&host, "alice", ["wrong", &code], &words)).unwrap();
    assert!(!output.status.success());
    assert!(host.logged().contains("pam_keyfob(sshd:auth): "), "the log tells of the refusal");
}

#[test]
fn an_account_without_a_device_is_asked_for_its_password_alone() {
    let host = host(INTERACTIVE);
    let _others = host.enroll("alice");
    assert_eq!(ssh(&host, "bob", "").unwrap(), "bob");
    assert_eq!(prompts(&host, "bob"), ["Password: "]);
}

/// There sshd asks for the password itself, and gives it in answer to whatever the modules ask: it is no wrong code.
#[test]
fn under_debians_defaults_the_password_does_not_count_as_a_code() {
    let host = host("");
    let mut fob = host.enroll("alice");
    assert!(ssh(&host, "alice", &fob.code()).unwrap_err().contains("Permission denied"));
    assert_eq!(host.failures("alice"), 0);
    assert_eq!(ssh(&host, "bob", "").unwrap(), "bob");
}

#[test]
fn a_public_key_and_a_code_let_in() {
    let host = host_with_keys("");
    let mut fob = host.enroll("alice");
    assert_eq!(ssh(&host, "alice", &fob.code()).unwrap(), "alice");
    assert_eq!(prompts(&host, "alice"), ["Authentication Code: "]);
    ssh(&host, "alice", &fob.wrong_code()).unwrap_err();
    host.sh("rm /home/alice/.ssh/id_ed25519");
    ssh(&host, "alice", &fob.code()).unwrap_err();
}

/// The module alone has nothing to say about an account without a device, and libpam refuses; `after_publickey` takes the key for the answer.
#[test]
fn after_a_public_key_an_account_without_a_device_is_let_in() {
    let host = host_with_keys("");
    ssh(&host, "bob", "").unwrap_err();
    let host = host_with_keys("after_publickey");
    let mut fob = host.enroll("alice");
    assert_eq!(ssh(&host, "bob", "").unwrap(), "bob");
    assert_eq!(prompts(&host, "bob"), Vec::<String>::new());
    ssh(&host, "alice", &fob.wrong_code()).unwrap_err();
    assert_eq!(ssh(&host, "alice", &fob.code()).unwrap(), "alice");
}

/// With one that can't be asked, there is no telling whether an account has a device.
#[test]
fn after_a_public_key_a_broken_store_keeps_out() {
    let host = host_with_keys("after_publickey");
    host.sh("chmod 0644 /etc/keyfob/master.key");
    ssh(&host, "alice", "123456").unwrap_err();
    assert!(host.logged().contains("master.key"), "the log tells why");
}

#[test]
fn scp_sftp_and_git_work_over_such_a_session() {
    let host = host(INTERACTIVE);
    let mut fob = host.enroll("alice");
    host.sh(
        "cd /home/alice; echo hello > greeting; git init -q theirs; cd theirs; git config user.name Alice; \
         git config user.email alice@localhost; git commit -q --allow-empty -m Begun; chown -R alice: /home/alice",
    );
    let copied = |host: &Host, code: &str, words: &[&str]| outcome(&client(host, "alice", code, words));
    copied(&host, &fob.code(), &["scp", "localhost:greeting", "by-scp"]).unwrap();
    copied(&host, &fob.code(), &["sftp", "localhost:greeting", "by-sftp"]).unwrap();
    copied(&host, &fob.code(), &["git", "clone", "-q", "localhost:theirs", "by-git"]).unwrap();
    copied(&host, &fob.wrong_code(), &["scp", "localhost:greeting", "never"]).unwrap_err();
    let look = "cat by-scp by-sftp; git -C by-git log --format=%s; ls";
    let there = command::run(&mut host.user("alice", &["sh", "-c", look])).unwrap();
    assert!(there.starts_with("hello\nhello\nBegun\n"), "{there}");
    assert!(!there.contains("never"), "{there}");
}

/// A later session over the connection of one that has signed in is no sign-in: nothing is asked, and no code is spent.
#[test]
fn a_shared_connection_asks_once() {
    let host = host(INTERACTIVE);
    let mut fob = host.enroll("alice");
    let master = "exec ssh -fNM -S master localhost > /dev/null 2>&1";
    let second = ["ssh", "-S", "master", "localhost", "id", "-un"];
    assert!(client(&host, "alice", &fob.code(), &["sh", "-c", master]).status.success());
    assert_eq!(prompts(&host, "alice"), ["Password: ", "Authentication Code: "]);
    for _ in 0..2 {
        assert_eq!(outcome(&client(&host, "alice", "", &second)).unwrap(), "alice");
    }
    assert_eq!(prompts(&host, "alice"), Vec::<String>::new());
    outcome(&client(&host, "alice", "", &["ssh", "-S", "master", "-O", "exit", "localhost"])).unwrap();
    outcome(&client(&host, "alice", &fob.wrong_code(), &second)).unwrap_err();
    assert_eq!(prompts(&host, "alice"), ["Password: ", "Authentication Code: "]);
    assert_eq!(outcome(&client(&host, "alice", &fob.code(), &second)).unwrap(), "alice");
}
