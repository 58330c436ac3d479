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
    for account in ["bob", "carol"] {
        host.keyfob(&["user", "add", account]);
    }
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

/// A program's command line under such an environment, with one variable that is no UTF-8, and whether what it says ends so.
fn says(host: &Host, caller: &str, words: &[&str], code: &str, end: &str) -> bool {
    let export = ["sh", "-c", r#"export NOT_UTF8="$(printf '\377\200')"; exec "$@""#, "sh"];
    let words = [&["env"], &ENVIRONMENT[..], &export, words].concat();
    let output = typed(&mut host.user(caller, &words), &format!("{PASSWORD}\n{code}\n"));
    command::text(&output.stdout).lines().last() == Some(end)
}

/// alice is let in by the right code only, bob without a device.
fn assert_changes_nothing(host: &Host, alice: &mut Enrolled, lets_in: impl Fn(&str, &str) -> bool) {
    assert!(!lets_in("alice", &alice.wrong_code()));
    assert_eq!(host.failures("alice"), 1);
    assert!(lets_in("alice", &alice.code()));
    assert_eq!(host.failures("alice"), 0);
    assert!(lets_in("bob", ""));
    assert_eq!(host.sh("ls -A /tmp/hostile"), "", "nothing is written where a caller says");
}

#[test]
fn a_hostile_environment_changes_nothing() {
    let host = host();
    host.write("/etc/pam.d/locker", "auth required pam_unix.so\nauth required pam_keyfob.so\n");
    host.sh("install -d -m 1777 /tmp/hostile");
    let mut alice = host.enroll("alice");
    let locker = |caller: &str, account: &str, code: &str| {
        let words = ["pam_driver", "--", "locker", account, "/etc/pam.d"];
        says(&host, caller, &words, code, "authenticate PAM_SUCCESS")
    };
    // It opens the store itself.
    assert_changes_nothing(&host, &mut alice, |account, code| locker("root", account, code));
    let _daemon = host.start_daemon();
    assert_changes_nothing(&host, &mut alice, |account, code| locker("root", account, code));
    assert_changes_nothing(&host, &mut alice, |account, code| locker(account, account, code));
    assert_changes_nothing(&host, &mut alice, |account, code| {
        let caller = if account == "alice" { "bob" } else { "alice" };
        says(&host, caller, &["su", account, "-c", "id -un"], code, account)
    });
    assert_changes_nothing(&host, &mut alice, |account, code| {
        says(&host, account, &["sudo", "-S", "-k", "id", "-un"], code, "root")
    });
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

/// From limits under which su and sudo do not even start to such that do not hinder them, close together where the module begins to fit in.
fn limits() -> Vec<String> {
    let descriptors = (3..=8).map(|count| format!("--nofile={count}"));
    let eighths = [32, 40, 48].into_iter().chain(49..=60).chain([64, 72, 80, 96, 128]);
    let memory = eighths.map(|eighths| format!("--as={}", eighths << 17));
    descriptors.chain(memory).collect()
}

/// Whoever is asked for a code under a limit is let in by the right one only if wrong ones count there, and none is let in by a wrong one.
fn assert_that_failures_count(host: &Host, owner: &mut Enrolled, run: impl Fn(&str, &str) -> Output) {
    let mut alice = host.enroll("alice");
    let _daemon = host.start_daemon();
    let [mut counted, mut let_in] = [0, 0];
    for limit in limits() {
        host.logged();
        let output = run(&limit, &owner.wrong_code());
        assert!(!output.status.success() && output.stdout.is_empty(), "{limit}: {output:?}");
        let [failures, logged] = [host.failures(&owner.user).to_string(), host.logged()];
        let told = logged.matches("wrong code").count().to_string();
        assert_eq!(failures, told, "{limit}: {logged}");
        counted += usize::from(failures == "1");
        let code = owner.token.code(owner.next).unwrap();
        if run(&limit, &code).status.success() {
            assert_eq!(failures, "1", "{limit}: the right code lets in, and a wrong one does not count");
            let_in += 1;
        }
        // It is spent, if it was heard; the token's next one is ahead in any case.
        owner.next += u64::from(host.logged().contains("accepted"));
        unlock(host);
        assert_signs_in(host, &mut alice);
    }
    println!(
        "of {} limits, under {counted} a wrong code counted, and under {let_in} a right one let in",
        limits().len()
    );
    assert!(0 < let_in && let_in <= counted && counted < limits().len());
}

#[test]
fn whoever_starves_su_has_failures_counted() {
    let host = host();
    let mut carol = host.enroll("carol");
    assert_that_failures_count(&host, &mut carol, |limit, code| su_under(&host, limit, code));
}

#[test]
fn whoever_starves_sudo_has_failures_counted() {
    let host = host();
    let mut bob = host.enroll("bob");
    assert_that_failures_count(&host, &mut bob, |limit, code| {
        let words = ["prlimit", limit, "sudo", "-S", "-k", "id", "-un"];
        typed(&mut host.user("bob", &words), &format!("{PASSWORD}\n{code}\n"))
    });
}
