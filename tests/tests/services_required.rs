//! Where the policy requires a code: of whom, and that nobody can tell by what is asked and said who has a device, or an account at all.
#![allow(clippy::unwrap_used, reason = "a test")]

use keyfob_tests::{
    Host, Record, command,
    host::{PASSWORD, asking},
};

const UNKNOWN: &str = "nobody-here";

/// No name has to wait before it is locked, and that comes soon.
const SOON: &str = "[sign_in]\nrequired = \"everybody\"\n\n[throttle]\ndelay_seconds = 0\nmax_failures = 5\n";
/// The first wrong code brings a wait.
const WAIT: &str =
    "[sign_in]\nrequired = \"everybody\"\n\n[throttle]\nfree_failures = 0\ndelay_seconds = 3600\n";

/// alice has a device, bob has none, and the module stands alone.
fn host(policy: &str) -> Host {
    let host = Host::new();
    host.write("/etc/pam.d/code", "auth required pam_keyfob.so\n");
    let _alice = host.enroll("alice");
    host.write("/etc/keyfob/keyfob.toml", policy);
    host
}

/// What root's sign-in of that name comes to.
fn sign_in(host: &Host, name: &str) -> Record {
    let words = ["pam_driver", "--answer", "000000", "--", "code", name, "/etc/pam.d"];
    let output = command::output(&mut host.root(&words)).unwrap();
    Record(command::text(&output.stdout).lines().map(str::to_owned).collect())
}

/// Without what chance and the clock put in: the delay, which libpam varies, and the wait so far.
fn alike(record: &Record) -> Vec<String> {
    let lines = record.0.iter().filter(|line| !line.starts_with("delay "));
    lines.map(|line| line.replace(|c: char| c.is_ascii_digit(), "#")).collect()
}

/// Each name is refused in the same way that many times, and then in another, in which no code is asked for.
fn assert_nobody_is_told_apart(host: &Host, tries: usize) {
    let outcomes = |name: &str| (0..=tries).map(|_| sign_in(host, name)).collect::<Vec<_>>();
    let of_alice = outcomes("alice");
    let summaries: Vec<_> = of_alice.iter().map(Record::summary).collect();
    let mut expected = vec![(1, "PAM_AUTH_ERR"); tries];
    expected.push((0, "PAM_MAXTRIES"));
    assert_eq!(summaries, expected, "{of_alice:?}");
    let of_alice: Vec<_> = of_alice.iter().map(alike).collect();
    for name in ["bob", UNKNOWN] {
        assert_eq!(outcomes(name).iter().map(alike).collect::<Vec<_>>(), of_alice, "{name}");
    }
}

#[test]
fn wrong_codes_and_locked_names_are_asked_and_told_the_same() {
    assert_nobody_is_told_apart(&host(SOON), 5);
    let host = host(SOON);
    let _daemon = host.start_daemon();
    assert_nobody_is_told_apart(&host, 5);
}

#[test]
fn names_that_have_to_wait_are_told_the_same() {
    assert_nobody_is_told_apart(&host(WAIT), 1);
    let host = host(WAIT);
    let _daemon = host.start_daemon();
    assert_nobody_is_told_apart(&host, 1);
}

/// In Debian's stack nobody is asked for a code without the password, whatever became of earlier tries.
#[test]
fn over_ssh_nobody_is_told_apart_without_the_password() {
    let host = host(WAIT);
    host.ask_for_code("sshd", "");
    host.start_sshd("KbdInteractiveAuthentication yes\nPasswordAuthentication no\n");
    let ssh = |name: &str, password: &str| {
        let target = format!("{name}@localhost");
        let words = ["ssh", "-o", "LogLevel=INFO", &target, "true"];
        let output = command::output(&mut asking(&host, "carol", [password, "000000"], &words)).unwrap();
        assert!(!output.status.success(), "{name}");
        let prompts = host.sh("cd /home/carol; touch prompts; cat prompts; rm prompts");
        (prompts + &command::text(&output.stderr)).replace(name, "NAME")
    };
    let untried = ssh("alice", "wrong");
    assert!(untried.contains("Password: ") && !untried.contains("Code"), "{untried}");
    // With it, bob and alice are: first they are asked, then they have to wait.
    for name in ["alice", "bob"] {
        let [first, second] = [(); 2].map(|()| ssh(name, PASSWORD));
        assert!(first.contains("Authentication Code: "), "{first}");
        assert!(
            !second.contains("Code: ") && second.contains("Too many wrong codes: try again in "),
            "{second}"
        );
    }
    for name in ["alice", "bob", UNKNOWN] {
        assert_eq!(ssh(name, "wrong"), untried, "{name}");
    }
}

/// Who of root, bob and alice is asked for a code, and whether the log names a group.
fn asked(host: &Host, settings: &str) -> (Vec<&'static str>, bool) {
    host.write(
        "/etc/keyfob/keyfob.toml",
        &format!("[throttle]\ndelay_seconds = 0\n\n[sign_in]\n{settings}\n"),
    );
    host.logged();
    let is_asked = |name: &&str| match sign_in(host, name).summary() {
        (1, "PAM_AUTH_ERR") => true,
        // What libpam makes of a stack in which no module decided.
        (0, "PAM_PERM_DENIED") => false,
        other => unreachable!("{name}: {other:?}"),
    };
    let who = ["root", "bob", "alice"].into_iter().filter(is_asked).collect();
    host.keyfob(&["user", "unlock", "alice"]);
    (who, host.logged().contains("the policy names the group typo"))
}

/// A group that can't be resolved counts as everybody or exempts nobody, is told, and never keeps root out.
#[test]
fn a_code_is_required_of_whom_the_policy_says() {
    let host = host("");
    host.sh("groupadd staff-of-ours; usermod -aG staff-of-ours bob; usermod -aG staff-of-ours root");
    for (settings, who, is_told) in [
        ("required = \"nobody\"", vec!["alice"], false),
        ("required = \"everybody\"", vec!["root", "bob", "alice"], false),
        ("required = \"group:staff-of-ours\"", vec!["root", "bob", "alice"], false),
        ("required = \"group:sudo\"", vec!["alice"], false),
        ("required = \"group:typo\"", vec!["bob", "alice"], true),
        ("required = \"everybody\"\nexempt_group = \"staff-of-ours\"", vec!["alice"], false),
        ("required = \"everybody\"\nexempt_group = \"typo\"", vec!["bob", "alice"], true),
        ("required = \"everybody\"\nrequired_from = 2020-01-01", vec!["root", "bob", "alice"], false),
        ("required = \"everybody\"\nrequired_from = 2999-01-01", vec!["alice"], false),
    ] {
        assert_eq!(asked(&host, settings), (who.clone(), is_told), "{settings}");
        let daemon = host.start_daemon();
        assert_eq!(asked(&host, settings), (who, is_told), "{settings}, by the daemon");
        daemon.stop().unwrap();
    }
}
