//! Callers that mean harm to their own su and sudo: by the environment, by stopping them, and by starving them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test; it shows its figures"
)]

use std::{
    io::{BufRead, BufReader},
    process::{Child, Output, Stdio},
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

/// What bob asks for, and whose code he is asked for: a password and a code are typed.
#[derive(Clone, Copy)]
struct Asking {
    words: &'static [&'static str],
    owner: &'static str,
}

const SU: Asking = Asking { words: &["su", "carol", "-c", "id -un"], owner: "carol" };
const SUDO: Asking = Asking { words: &["sudo", "-S", "-k", "id", "-un"], owner: "bob" };

impl Asking {
    /// Under a limit of prlimit's.
    fn under(self, host: &Host, limit: &str, code: &str) -> Output {
        let words = [&["prlimit", limit], self.words].concat();
        typed(&mut host.user("bob", &words), &format!("{PASSWORD}\n{code}\n"))
    }

    /// Sends the program a signal that many microseconds after it has begun, and waits for the end of standard input before it is killed. sudo is
    /// root throughout for moments, in which its caller can't.
    fn signalled(self, host: &Host, signal: &str, moment: u64, code: &str) -> Child {
        const SCRIPT: &str = r#"answers=$1; moment=$2; signal=$3; shift 3
            printf "$answers" | "$@" > /dev/null 2>&1 & asked=$!
            sleep $moment; said=sent
            until kill -$signal $asked 2> /dev/null; do [ -d /proc/$asked ] || { said=gone; break; }; done
            echo $said
            read -r _; kill -KILL $asked 2> /dev/null"#;
        let (answers, moment) = (format!("{PASSWORD}\\n{code}\\n"), format!("0.{moment:06}"));
        let words = [&["sh", "-c", SCRIPT, "sh", &answers, &moment, signal], self.words].concat();
        let mut child = host.user("bob", &words);
        let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "sent\n", "{signal} after 0.{moment} s");
        child
    }
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

/// How often a program is sent a signal.
const SIGNALS: u64 = 50;

/// A program that its caller stops or kills holds nothing that anybody else waits for, and what was decided on has counted.
fn assert_stops_nobody_else(asking: Asking, signal: &str) {
    let host = host();
    let [mut alice, owner] = ["alice", asking.owner].map(|account| host.enroll(account));
    let _daemon = host.start_daemon();
    let mut decided = 0;
    for trial in 0..SIGNALS {
        let before = host.sign_ins(asking.owner).len();
        let moment = trial * 7919 % 60_000;
        let mut child = asking.signalled(&host, signal, moment, &owner.wrong_code());
        assert_signs_in(&host, &mut alice);
        let failures = usize::try_from(host.failures(asking.owner)).unwrap();
        let events = host.sign_ins(asking.owner).split_off(before);
        assert_eq!(events, vec!["wrong-code"; failures], "trial {trial}");
        decided += failures;
        drop(child.stdin.take());
        child.wait().unwrap();
        unlock(&host);
    }
    println!(
        "{SIGNALS} times {} was sent SIG{signal}, {decided} times after its code was decided on",
        asking.words[0]
    );
    // Undisturbed, it is told off and counts.
    assert!(!asking.under(&host, "--core=0", &owner.wrong_code()).status.success());
    assert_eq!(host.failures(asking.owner), 1);
}

#[test]
fn a_caller_that_stops_su_stops_nobody_else() {
    assert_stops_nobody_else(SU, "STOP");
}

#[test]
fn a_caller_that_stops_sudo_stops_nobody_else() {
    assert_stops_nobody_else(SUDO, "STOP");
}

#[test]
fn a_caller_that_kills_su_stops_nobody_else() {
    assert_stops_nobody_else(SU, "KILL");
}

#[test]
fn a_caller_that_kills_sudo_stops_nobody_else() {
    assert_stops_nobody_else(SUDO, "KILL");
}

/// Whoever kills su at once after the code, so as never to be told off, has no more tries than others.
#[test]
fn killed_tries_are_tries() {
    let host = host();
    let [mut alice, carol] = ["alice", "carol"].map(|account| host.enroll(account));
    let _daemon = host.start_daemon();
    let mut tries = 0;
    while host.failures("carol") < 3 {
        assert!(tries < 1000, "no code of bob's is decided on");
        drop(SU.signalled(&host, "KILL", 20_000 + tries * 7919 % 60_000, &carol.wrong_code()).wait());
        tries += 1;
    }
    let code = carol.token.code(carol.next).unwrap();
    let output = SU.under(&host, "--core=0", &code);
    assert!(!output.status.success(), "{output:?}");
    let said = command::text(&output.stderr);
    assert!(said.contains("Too many wrong codes") && !said.contains("Authentication Code"), "{said}");
    assert_signs_in(&host, &mut alice);
}

/// Without the daemon, such a limit once kept failures from being counted.
#[test]
fn a_limit_on_file_size_does_not_keep_failures_from_being_counted() {
    for asking in [SU, SUDO] {
        let host = host();
        let [mut alice, owner] = ["alice", asking.owner].map(|account| host.enroll(account));
        let _daemon = host.start_daemon();
        for count in 1..=3 {
            assert!(!asking.under(&host, "--fsize=0", &owner.wrong_code()).status.success());
            assert_eq!(host.failures(asking.owner), count, "{:?}", asking.words);
            assert_signs_in(&host, &mut alice);
        }
    }
}

/// bob's tries are bob's: alice has all of hers, for the same account, and carol hers for her own.
#[test]
fn one_caller_uses_up_nobody_elses_tries() {
    let host = host();
    let [mut alice, mut carol] = ["alice", "carol"].map(|account| host.enroll(account));
    let policy = host.sh("sed -e 's/^#delay_seconds = .*/delay_seconds = 0/' /etc/keyfob/keyfob.toml");
    host.write("/etc/keyfob/keyfob.toml", &policy);
    let _daemon = host.start_daemon();
    let su = |caller: &str, target: &str, code: &str| {
        let words = ["su", target, "-c", "id -un"];
        typed(&mut host.user(caller, &words), &format!("{PASSWORD}\n{code}\n"))
    };
    for count in 1..=10 {
        assert!(!su("bob", "carol", &carol.wrong_code()).status.success());
        assert_eq!(host.failures("carol"), count);
    }
    // For no account he is asked any more, and none has a failure by it.
    for (target, code) in [("carol", carol.code()), ("alice", alice.code())] {
        let output = su("bob", target, &code);
        let said = command::text(&output.stderr);
        assert!(!output.status.success() && said.contains("Too many wrong codes"), "{said}");
    }
    assert_eq!((host.failures("carol"), host.failures("alice")), (10, 0));
    assert!(su("alice", "carol", &carol.code()).status.success());
    assert!(su("carol", "alice", &alice.code()).status.success());
    assert_signs_in(&host, &mut alice);
}

/// Many callers together can't lock out whose account it is: half of the tries are the owner's.
#[test]
fn others_together_lock_nobody_out() {
    let host = host();
    let mut carol = host.enroll("carol");
    let policy = "sed -e 's/^#delay_seconds = .*/delay_seconds = 0/' -e 's/^#max_failures = .*/max_failures = 6/' /etc/keyfob/keyfob.toml";
    let policy = host.sh(policy);
    host.write("/etc/keyfob/keyfob.toml", &policy);
    let _daemon = host.start_daemon();
    for _ in 0..3 {
        for caller in ["alice", "bob"] {
            let su = ["su", "carol", "-c", "id -un"];
            let lines = format!("{PASSWORD}\n{}\n", carol.wrong_code());
            assert!(!typed(&mut host.user(caller, &su), &lines).status.success());
        }
    }
    assert_eq!(host.failures("carol"), 3);
    let words = ["pam_driver", "--answer", &carol.code(), "--", "code", "carol", "/etc/pam.d"];
    let output = command::output(&mut host.user("carol", &words)).unwrap();
    assert!(command::text(&output.stdout).contains("authenticate PAM_SUCCESS"), "{output:?}");
}

/// From limits under which su and sudo do not even start to such that do not hinder them, close together where the module begins to fit in.
fn limits() -> Vec<String> {
    let descriptors = (3..=8).map(|count| format!("--nofile={count}"));
    let eighths = [32, 40, 48].into_iter().chain(49..=60).chain([64, 72, 80, 96, 128]);
    let memory = eighths.map(|eighths| format!("--as={}", eighths << 17));
    descriptors.chain(memory).collect()
}

/// How many codes of an account's were accepted.
fn accepted(host: &Host, user: &str) -> usize {
    host.sign_ins(user).iter().filter(|outcome| *outcome == "accepted").count()
}

/// Whoever is asked for a code under a limit is let in by the right one only if wrong ones count there, and none is let in by a wrong one.
fn assert_that_failures_count(asking: Asking) {
    let host = host();
    let [mut alice, mut owner] = ["alice", asking.owner].map(|account| host.enroll(account));
    let _daemon = host.start_daemon();
    let [mut counted, mut let_in] = [0, 0];
    for limit in limits() {
        host.logged();
        let output = asking.under(&host, &limit, &owner.wrong_code());
        assert!(!output.status.success() && output.stdout.is_empty(), "{limit}: {output:?}");
        let [failures, logged] = [host.failures(&owner.user).to_string(), host.logged()];
        let told = logged.matches("wrong code").count().to_string();
        assert_eq!(failures, told, "{limit}: {logged}");
        counted += usize::from(failures == "1");
        let code = owner.token.code(owner.next).unwrap();
        let before = accepted(&host, &owner.user);
        if asking.under(&host, &limit, &code).status.success() {
            assert_eq!(failures, "1", "{limit}: the right code lets in, and a wrong one does not count");
            let_in += 1;
        }
        // It is spent, if it was heard; the token's next one is ahead in any case.
        owner.next += u64::from(accepted(&host, &owner.user) > before);
        unlock(&host);
        assert_signs_in(&host, &mut alice);
    }
    println!(
        "of {} limits, under {counted} a wrong code counted, and under {let_in} a right one let in",
        limits().len()
    );
    assert!(0 < let_in && let_in <= counted && counted < limits().len());
}

#[test]
fn whoever_starves_su_has_failures_counted() {
    assert_that_failures_count(SU);
}

#[test]
fn whoever_starves_sudo_has_failures_counted() {
    assert_that_failures_count(SUDO);
}
