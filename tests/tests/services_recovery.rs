//! How root gets back in: what docs/recovery.md says, done, with the page's own commands.
#![allow(clippy::unwrap_used, reason = "a test")]

use keyfob_tests::{
    Enrolled, Host, Record, command,
    host::{PASSWORD, typed},
};

const PAGE: &str = include_str!("../../docs/recovery.md");

/// A host where alice's sign-ins ask for a code.
fn host() -> (Host, Enrolled) {
    let host = Host::new();
    host.ask_for_code("su", "");
    host.write("/etc/pam.d/code", "auth required pam_keyfob.so\n");
    let alice = host.enroll("alice");
    (host, alice)
}

/// Runs a command of the page's as root, and says what it wrote.
#[track_caller]
fn step(host: &Host, command: &str) -> String {
    assert!(PAGE.contains(command), "docs/recovery.md does not say `{command}`");
    host.sh(command)
}

/// alice signs in at a service of root's.
fn sign_in(host: &Host, code: &str) -> Record {
    let words = ["pam_driver", "--answer", code, "--", "code", "alice", "/etc/pam.d"];
    let output = command::output(&mut host.root(&words)).unwrap();
    Record(command::text(&output.stdout).lines().map(str::to_owned).collect())
}

#[track_caller]
fn assert_let_in(host: &Host, code: &str) {
    let record = sign_in(host, code);
    assert_eq!(record.outcome(), "PAM_SUCCESS", "{record}");
}

/// The device's next two codes, as options.
fn pair(alice: &mut Enrolled) -> String {
    format!(" --code1 {} --code2 {}", alice.code(), alice.code())
}

/// Nobody is let in, and the log says why and what to do.
#[track_caller]
fn assert_unavailable(host: &Host, code: &str, log: &str) {
    host.logged();
    let record = sign_in(host, code);
    assert_eq!(record.summary(), (0, "PAM_AUTHINFO_UNAVAIL"), "{record}");
    let logged = host.logged();
    assert!(logged.contains(log), "{log}: {logged}");
}

fn su(host: &Host, code: &str) -> bool {
    let lines = format!("{PASSWORD}\n{code}\n");
    typed(&mut host.user("bob", &["su", "alice", "-c", "true"]), &lines).status.success()
}

#[test]
fn where_the_daemon_does_not_answer() {
    let (host, mut alice) = host();
    let mut daemon = host.start_daemon();
    assert!(step(&host, "pgrep --full 'keyfob daemon'").parse::<u32>().is_ok());
    daemon.kill().unwrap();
    assert_unavailable(&host, &alice.code(), "nothing answers there");
    step(&host, "rm -f /run/keyfob/keyfob.sock");
    assert_let_in(&host, &alice.code());
    assert!(!su(&host, &alice.code()));
    let _again = host.start_daemon();
    assert_let_in(&host, &alice.code());
    assert!(su(&host, &alice.code()));
}

#[test]
fn where_a_device_is_lost() {
    let (host, mut alice) = host();
    let _daemon = host.start_daemon();
    let recovery_code = step(&host, "keyfob recovery-codes --user alice --expires 24h");
    assert_let_in(&host, recovery_code.lines().next().unwrap());
    assert!(step(&host, "keyfob user show alice").contains("fob-alice"));
    // The page's serial number is another token's.
    let serial = |command: &str| {
        assert!(PAGE.contains(command), "docs/recovery.md does not say `{command}`");
        command.replace("GAHT12345678", "fob-alice")
    };
    // Its button was pressed a few times.
    alice.next += 5;
    host.sh(&(serial("keyfob resync --user alice --serial GAHT12345678") + &pair(&mut alice)));
    assert_let_in(&host, &alice.code());
    host.sh(&serial("keyfob disable --user alice --serial GAHT12345678"));
    let record = sign_in(&host, "000000");
    assert_eq!(record.summary(), (0, "PAM_PERM_DENIED"), "not asked any more: {record}");
    let enable = " --serial fob-alice".to_owned() + &pair(&mut alice);
    assert!(PAGE.contains("keyfob enable --user alice  "));
    host.sh(&("keyfob enable --user alice".to_owned() + &enable));
    assert_let_in(&host, &alice.code());
}

#[test]
fn where_an_account_is_locked() {
    let (host, mut alice) = host();
    host.write("/etc/keyfob/keyfob.toml", "[throttle]\nfree_failures = 0\nmax_failures = 1\n");
    let _daemon = host.start_daemon();
    sign_in(&host, &alice.wrong_code());
    assert_eq!(sign_in(&host, &alice.code()).summary(), (0, "PAM_MAXTRIES"));
    assert!(step(&host, "keyfob log --user alice").contains("wrong"));
    step(&host, "keyfob user unlock alice");
    assert_let_in(&host, &alice.code());
}

#[test]
fn where_the_policy_is_broken() {
    let (host, mut alice) = host();
    let _daemon = host.start_daemon();
    host.write("/etc/keyfob/keyfob.toml", "[sign_in]\nrequird = \"everybody\"\n");
    assert_unavailable(&host, &alice.code(), "line 2");
    host.sh("mv /etc/keyfob/keyfob.toml /root; keyfob init");
    assert_let_in(&host, &alice.code());
}

/// The log's command, between backticks, mends it.
#[test]
fn where_owner_or_mode_is_wrong() {
    for mistake in [
        "chmod 0644 /etc/keyfob/master.key",
        "chmod 0666 /etc/keyfob/keyfob.toml",
        "chmod 0644 /var/lib/keyfob/keyfob.db",
        "chown alice /etc/keyfob/master.key",
        "chown alice /var/lib/keyfob/keyfob.db",
    ] {
        let (host, mut alice) = host();
        host.sh(mistake);
        assert_unavailable(&host, &alice.code(), "`ch");
        sign_in(&host, "000000");
        let logged = host.logged();
        let mend = logged.split('`').find(|words| words.starts_with("ch")).unwrap();
        host.sh(mend);
        assert_let_in(&host, &alice.code());
    }
}

#[test]
fn where_the_store_is_missing_or_corrupt() {
    let (host, mut alice) = host();
    assert_let_in(&host, &alice.code());
    host.sh("mkdir /root/backup; cp -a /var/lib/keyfob/keyfob.db /var/lib/keyfob/keyfob.db-wal /root/backup");
    let after_backup = alice.code();
    assert_let_in(&host, &after_backup);
    for damage in ["rm /var/lib/keyfob/keyfob.db", "head -c 65536 /dev/zero > /var/lib/keyfob/keyfob.db"] {
        host.sh(damage);
        assert_unavailable(&host, &alice.code(), "/var/lib/keyfob/keyfob.db");
    }
    host.sh(
        "mkdir /root/kept; mv /var/lib/keyfob/keyfob.db* /root/kept; cp -a /root/backup/. /var/lib/keyfob",
    );
    // That is why the page has HOTP devices resynchronised.
    host.sh(&("keyfob resync --user alice --serial fob-alice".to_owned() + &pair(&mut alice)));
    assert_eq!(sign_in(&host, &after_backup).outcome(), "PAM_AUTH_ERR");
    let _daemon = host.start_daemon();
    assert_let_in(&host, &alice.code());
}

#[test]
fn where_the_master_key_is_missing() {
    let (host, mut alice) = host();
    host.sh("mv /etc/keyfob/master.key /root");
    assert_unavailable(&host, &alice.code(), "master.key");
    let output = command::output(&mut host.root(&["keyfob", "init"])).unwrap();
    assert!(!output.status.success(), "no new key for a store that is there");
    assert_unavailable(&host, &alice.code(), "master.key");
    host.sh("mv /root/master.key /etc/keyfob");
    assert_let_in(&host, &alice.code());
}

#[test]
fn where_nothing_helps() {
    let (host, mut alice) = host();
    host.sh("rm -r /var/lib/keyfob /etc/keyfob");
    assert!(!su(&host, "000000"));
    assert!(step(&host, "grep -r keyfob /etc/pam.d").contains("/etc/pam.d/su:"));
    host.sh("sed -i '/pam_keyfob/s/^/#/' /etc/pam.d/su");
    assert!(su(&host, ""), "by the password alone, until the line is back");
    host.sh("sed -i '/pam_keyfob/s/^#//' /etc/pam.d/su");
    assert!(!su(&host, &alice.code()));
}
