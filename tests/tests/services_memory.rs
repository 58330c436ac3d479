//! What the daemon keeps in memory gets into no core file and, where that is allowed, not into the swap space.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test; it shows its figures")]

use std::fs;

use keyfob_tests::{Daemon, Host, command::TIE, host::typed};

const NOT_LOCKED: &str = "the memory is not locked and may get into the swap space";

/// A field of the process's status, in KiB.
fn kib(daemon: &Daemon, field: &str) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", daemon.id())).unwrap();
    let value = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
    value.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Its soft and hard limit for a core file.
fn core_limits(daemon: &Daemon) -> Vec<String> {
    let limits = fs::read_to_string(format!("/proc/{}/limits", daemon.id())).unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max core file size")).unwrap();
    line.split_whitespace().take(2).map(str::to_owned).collect()
}

/// The daemon of a new host, behind other words; what it has said, and that it serves.
fn assert_serves(words: &[&str]) -> (Host, Daemon, String) {
    let host = Host::new();
    host.write("/etc/pam.d/code", "auth required pam_keyfob.so\n");
    let mut alice = host.enroll("alice");
    let words = [&TIE, words, &TIE, &["keyfob", "daemon"]].concat();
    let (daemon, said) = Daemon::start_and_listen(&mut host.reachable("root", &words)).unwrap();
    let output =
        typed(&mut host.root(&["pam_driver", "--", "code", "alice", "/etc/pam.d"]), &(alice.code() + "\n"));
    assert!(String::from_utf8_lossy(&output.stdout).contains("authenticate PAM_SUCCESS"), "{output:?}");
    (host, daemon, said)
}

/// May it lock what it likes, by `CAP_IPC_LOCK` or for want of a limit that it could not lift? A container may not allow it.
fn may_lock(daemon: &Daemon) -> bool {
    const IPC_LOCK: u32 = 14;
    const RESOURCE: u32 = 24;
    let status = fs::read_to_string(format!("/proc/{}/status", daemon.id())).unwrap();
    let capabilities = status.lines().find_map(|line| line.strip_prefix("CapEff:")).unwrap();
    let capabilities = u64::from_str_radix(capabilities.trim(), 16).unwrap();
    [IPC_LOCK, RESOURCE].iter().any(|bit| capabilities >> bit & 1 == 1)
}

#[test]
fn where_it_can_be_locked_all_of_it_is_and_else_it_is_said() {
    let (_host, daemon, said) = assert_serves(&["prlimit", "--core=unlimited"]);
    let [locked, resident] = ["VmLck:", "VmRSS:"].map(|field| kib(&daemon, field));
    println!("{locked} KiB are locked, {resident} KiB are in memory");
    assert_eq!(locked > 0 && locked >= resident, may_lock(&daemon), "{said}");
    assert_eq!(said.contains(NOT_LOCKED), locked == 0, "{said}");
    assert_eq!(core_limits(&daemon), ["0", "0"]);
}

#[test]
fn where_it_can_not_be_locked_that_is_said() {
    let limit = ["prlimit", "--memlock=65536:65536", "--core=unlimited"];
    let without = ["setpriv", "--bounding-set=-ipc_lock,-sys_resource"];
    let (_host, daemon, said) = assert_serves(&[&limit[..], &without].concat());
    assert!(said.contains(NOT_LOCKED), "{said}");
    assert_eq!(kib(&daemon, "VmLck:"), 0);
    assert_eq!(core_limits(&daemon), ["0", "0"]);
}
