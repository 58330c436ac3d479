//! Keyfob's units on a systemd that runs: sign-ins start the daemon, and stopping and restarting it loses none.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test; it shows its figures")]

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use keyfob_tests::{
    Enrolled, Host, Systemd, command,
    host::{PASSWORD, typed},
};

fn host() -> Host {
    let host = Host::new();
    host.ask_for_code("su", "");
    host.write("/etc/pam.d/code", "auth required pam_keyfob.so\n");
    host
}

/// bob becomes an account.
fn su(host: &Host, account: &str, code: &str) -> bool {
    let su = ["su", account, "-c", "id -un"];
    typed(&mut host.user("bob", &su), &format!("{PASSWORD}\n{code}\n")).status.success()
}

/// Its owner, as a screen locker asks.
fn unlock(host: &Host, account: &str, code: &str) -> String {
    let words = ["pam_driver", "--answer", code, "--", "code", account, "/etc/pam.d"];
    command::text(&command::output(&mut host.user(account, &words)).unwrap().stdout)
}

#[test]
fn a_sign_in_starts_the_daemon() {
    let host = host();
    let mut alice = host.enroll("alice");
    let systemd = Systemd::start(&host);
    systemd.wait_for("inactive");
    let code = alice.code();
    assert!(su(&host, "alice", &code));
    systemd.wait_for("active");
    assert!(!su(&host, "alice", &code));
    assert!(!su(&host, "alice", &alice.wrong_code()));
    assert_eq!(host.failures("alice"), 1);
    // The socket stays, and the next sign-in starts it again.
    assert!(systemd.systemctl(&["stop", "keyfob.service"]).status.success());
    systemd.wait_for("inactive");
    assert!(su(&host, "alice", &alice.code()));
    systemd.wait_for("active");
    // Without the socket everybody but root is refused.
    assert!(systemd.systemctl(&["stop", "keyfob.socket", "keyfob.service"]).status.success());
    assert!(!su(&host, "alice", &alice.code()));
}

/// Signs in until the daemon has been stopped and started often enough, with a new code each time, and says how often.
fn sign_in_until(host: &Host, fob: &mut Enrolled, enough: &AtomicBool) -> usize {
    let mut count = 0;
    while !enough.load(Ordering::Relaxed) {
        let code = fob.code();
        let record = unlock(host, &fob.user, &code);
        assert!(record.contains("authenticate PAM_SUCCESS"), "{} after {count}: {record}", fob.user);
        count += 1;
    }
    count
}

/// The next sign-in starts it: a stop of what does not run would prove nothing.
fn failure(systemd: &Systemd, act: &str) -> Option<String> {
    systemd.wait_for("active");
    let output = systemd.systemctl(&[act, "keyfob.service"]);
    (!output.status.success()).then(|| format!("{act}: {}", command::text(&output.stderr)))
}

#[test]
fn stopping_and_restarting_the_daemon_loses_no_sign_in() {
    let host = host();
    let mut fobs = ["alice", "carol"].map(|account| host.enroll(account));
    let systemd = Systemd::start(&host);
    let enough = AtomicBool::new(false);
    thread::scope(|scope| {
        let sign_ins = fobs.each_mut().map(|fob| {
            let (host, enough) = (&host, &enough);
            scope.spawn(move || (fob.user.clone(), sign_in_until(host, fob, enough)))
        });
        let acts = ["stop", "restart"].repeat(20);
        let failed: Vec<_> = acts.into_iter().filter_map(|act| failure(&systemd, act)).collect();
        enough.store(true, Ordering::Relaxed);
        assert_eq!(failed, Vec::<String>::new());
        for (account, count) in sign_ins.map(|sign_ins| sign_ins.join().unwrap()) {
            println!(
                "{account}: {count} sign-ins while the daemon was stopped 20 times and restarted 20 times"
            );
            assert!(count > 40, "{account}");
            assert_eq!(host.sign_ins(&account), vec!["accepted"; count], "{account}");
        }
    });
}
