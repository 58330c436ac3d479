//! Callers that mean harm to their own su and sudo: by the environment, by stopping them, and by starving them.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test; it shows its figures")]

use std::{
    io::{BufRead, BufReader},
    process::{Output, Stdio},
};

use keyfob_tests::{
    Enrolled, Host, Record, command,
    host::{PASSWORD, typed},
};

/// Variables that libraries have been known to follow; the files that they name say to ask for nothing.
const ENVIRONMENT: [&str; 12] = [
    "HOME=/tmp/hostile",
    "TMPDIR=/tmp/hostile",
    "SQLITE_TMPDIR=/tmp/hostile",
    "XDG_CONFIG_HOME=/tmp/hostile",
    "XDG_RUNTIME_DIR=/tmp/hostile",
    "LD_PRELOAD=/tmp/hostile/nothing.so",
    "LD_LIBRARY_PATH=/tmp/hostile",
    "http_proxy=http://127.0.0.1:9",
    "KEYFOB_STORE=/tmp/hostile/keyfob.db",
    "NOTIFY_SOCKET=/tmp/hostile/notify",
    "LISTEN_FDS=1",
    "RUST_LOG=trace",
];

/// bob knows everybody's password, and guesses carol's code. alice signs in meanwhile.
fn host() -> Host {
    let host = Host::new();
    for service in ["su", "sudo"] {
        host.ask_for_code(service, "");
    }
    host.write("/etc/pam.d/code", "auth required pam_keyfob.so\n");
    host.keyfob(&["user", "add", "bob"]);
    host
}

/// A wrong code of alice's counts, and her right one lets her in: both within the module's deadline, or it would have refused.
fn assert_signs_in(host: &Host, alice: &mut Enrolled) {
    let sign_in = |code: &str| {
        let words = ["pam_driver", "--answer", code, "--", "code", "alice", "/etc/pam.d"];
        let output = command::output(&mut host.root(&words)).unwrap();
        Record(command::text(&output.stdout).lines().map(str::to_owned).collect())
    };
    let record = sign_in(&alice.wrong_code());
    assert_eq!(record.summary(), (1, "PAM_AUTH_ERR"), "{record}");
    assert_eq!(host.failures("alice"), 1);
    let record = sign_in(&alice.code());
    assert_eq!(record.summary(), (1, "PAM_SUCCESS"), "{record}");
}

/// Forgets carol's failures, and what bob has caused.
fn unlock(host: &Host) {
    for account in ["bob", "carol"] {
        host.keyfob(&["user", "unlock", account]);
    }
}

/// bob becomes carol under a limit of prlimit's.
fn su_under(host: &Host, limit: &str, code: &str) -> Output {
    let words = ["prlimit", limit, "su", "carol", "-c", "id -un"];
    typed(&mut host.user("bob", &words), &format!("{PASSWORD}\n{code}\n"))
}

#[test]
fn a_hostile_environment_changes_nothing() {
    let host = host();
    let mut fob = host.enroll("alice");
    let _daemon = host.start_daemon();
    host.sh("install -d -o alice /tmp/hostile");
    let sudo = |account: &str, code: &str| {
        let sudo = ["sh", "-c", r#"export NOT_UTF8="$(printf '\377\200')"; exec sudo -S -k id -un"#];
        let words = [&["env"], &ENVIRONMENT[..], &sudo].concat();
        let output = typed(&mut host.user(account, &words), &format!("{PASSWORD}\n{code}\n"));
        command::text(&output.stdout).lines().last().unwrap_or_default().to_owned()
    };
    assert_eq!(sudo("alice", &fob.code()), "root");
    assert_eq!(sudo("alice", &fob.wrong_code()), "");
    assert_eq!(sudo("bob", ""), "root");
    assert_eq!(host.failures("alice"), 1);
    assert_eq!(host.sh("ls -A /tmp/hostile"), "", "nothing is written where a caller says");
}

/// A su that its caller stops holds nothing that anybody else waits for.
#[test]
fn a_caller_that_stops_su_stops_nobody_else() {
    let host = host();
    let [mut alice, carol] = ["alice", "carol"].map(|account| host.enroll(account));
    let _daemon = host.start_daemon();
    let answers = format!("{PASSWORD}\n{}\n", carol.wrong_code());
    let mut decided = 0;
    for trial in 0..50_u64 {
        let moment = format!("0.{:06}", trial * 7919 % 60_000);
        let stop = "printf \"$2\" | su carol 2> /dev/null & su=$!; sleep $1; kill -STOP $su && echo stopped || echo gone; read -r _; kill -KILL $su";
        let mut stopper = host.user("bob", &["sh", "-c", stop, "sh", &moment, &answers]);
        let mut stopper = stopper.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(stopper.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "stopped\n", "trial {trial}");
        assert_signs_in(&host, &mut alice);
        drop(stopper.stdin.take());
        stopper.wait().unwrap();
        decided += host.failures("carol");
        unlock(&host);
    }
    println!("50 times su was stopped, {decided} times after its code was decided on");
}

/// Without the daemon, such a limit once kept failures from being counted.
#[test]
fn a_limit_on_file_size_does_not_keep_failures_from_being_counted() {
    let host = host();
    let [mut alice, carol] = ["alice", "carol"].map(|account| host.enroll(account));
    let _daemon = host.start_daemon();
    for count in 1..=3 {
        assert!(!su_under(&host, "--fsize=0", &carol.wrong_code()).status.success());
        assert_eq!(host.failures("carol"), count);
        assert_signs_in(&host, &mut alice);
    }
}

/// From limits under which su does not even start to such that do not hinder it. What is refused for want of something is no "no device".
#[test]
fn a_starved_su_lets_nobody_in() {
    let host = host();
    let [mut alice, carol] = ["alice", "carol"].map(|account| host.enroll(account));
    let _daemon = host.start_daemon();
    let descriptors = [3, 4, 5, 6, 8].map(|count| format!("--nofile={count}"));
    let memory = [6, 8, 10, 12, 16].map(|mebibytes| format!("--as={}", mebibytes << 20));
    for limit in [descriptors, memory].concat() {
        let output = su_under(&host, &limit, &carol.wrong_code());
        assert!(!output.status.success() && output.stdout.is_empty(), "{limit}: {output:?}");
        unlock(&host);
        assert_signs_in(&host, &mut alice);
    }
}
