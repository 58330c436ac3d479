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

/// What the enrollment service answers to a request.
fn ask(host: &Host, words: &[&str]) -> String {
    let curl = ["curl", "-sS", "--max-time", "60", "-w", "%{http_code}"];
    command::run(&mut host.user("bob", &[&curl, words].concat())).unwrap()
}

/// A user of its own, whom the policy names, runs it: it can open neither store nor key.
#[test]
fn a_request_starts_the_service_and_the_daemon() {
    let host = host();
    host.sh("useradd --system --shell /usr/sbin/nologin keyfob");
    let _ = host.enroll("alice");
    let key = host.keyfob(&["access-key", "create", "--user", "alice", "--json"]);
    let word = |name: &str| {
        let (_, rest) = key.split_once(&format!(r#""{name}": ""#)).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let systemd = Systemd::start(&host);
    assert!(systemd.systemctl(&["start", "keyfob-serve.socket"]).status.success());
    let user = format!("{}:{}", word("AccessKeyId"), word("SecretAccessKey"));
    let url = "http://127.0.0.1:8080/";
    let form = "Action=ListMFADevices&Version=2010-05-08&UserName=alice";
    let kind = "content-type: application/x-www-form-urlencoded";
    let list = ["--aws-sigv4", "aws:amz:us-east-1:iam", "--user", &user, "-H", kind, "-d", form, url];
    let answer = ask(&host, &list);
    assert!(answer.contains("<SerialNumber>fob-alice</SerialNumber>") && answer.ends_with("200"), "{answer}");
    systemd.wait_for("active");
    systemd.wait_for_unit("keyfob-serve.service", "active");
    let processes = systemd.run("ps", &["-o", "user=,args=", "-C", "keyfob"]).stdout;
    let is_service = |line: &str| line.split_whitespace().eq(["keyfob", "/usr/local/bin/keyfob", "serve"]);
    assert!(command::text(&processes).lines().any(is_service));
    for file in ["/var/lib/keyfob/keyfob.db", "/etc/keyfob/master.key"] {
        assert!(!host.user("keyfob", &["cat", file]).output().unwrap().status.success(), "{file}");
    }
    // Stopped or killed, it is started by the next request; a renewed certificate is none here, but SIGHUP ends nothing.
    assert!(systemd.systemctl(&["reload", "keyfob-serve.service"]).status.success());
    for act in ["stop", "kill"] {
        assert!(systemd.systemctl(&[act, "keyfob-serve.service"]).status.success(), "{act}");
        assert!(ask(&host, &list).ends_with("200"), "{act}");
    }
    assert!(systemd.systemctl(&["restart", "keyfob.service", "keyfob-serve.service"]).status.success());
    assert!(ask(&host, &list).ends_with("200"));
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
