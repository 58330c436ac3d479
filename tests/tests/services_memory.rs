//! What the daemon keeps in memory gets neither into the swap space nor into a core file.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use keyfob_tests::{Daemon, Host, command::TIE, host::typed};

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

#[test]
fn all_of_it_is_locked_and_none_goes_into_a_core_file() {
    let host = Host::new();
    let daemon = host.start_daemon();
    let [locked, resident] = ["VmLck:", "VmRSS:"].map(|field| kib(&daemon, field));
    assert!(resident > 0 && locked >= resident, "{locked} KiB of {resident} KiB are locked");
    assert_eq!(core_limits(&daemon), ["0", "0"]);
    let (_, log) = daemon.stop().unwrap();
    assert!(!log.contains("memory"), "{log}");
}

/// Where that is not allowed it says so, and serves.
#[test]
fn where_it_can_not_be_locked_it_is_said() {
    let host = Host::new();
    host.write("/etc/pam.d/code", "auth required pam_keyfob.so\n");
    let mut alice = host.enroll("alice");
    let limited = ["prlimit", "--memlock=65536:65536", "--core=unlimited"];
    let without = ["setpriv", "--bounding-set=-ipc_lock,-sys_resource"];
    let words = [&TIE[..], &limited, &without, &TIE, &["keyfob", "daemon"]].concat();
    let mut command = host.reachable("root", &words);
    let (daemon, said) = Daemon::start_and_listen(&mut command).unwrap();
    assert!(said.contains("the memory is not locked and may get into the swap space"), "{said}");
    assert_eq!(kib(&daemon, "VmLck:"), 0);
    assert_eq!(core_limits(&daemon), ["0", "0"]);
    let words = ["pam_driver", "--", "code", "alice", "/etc/pam.d"];
    let output = typed(&mut host.root(&words), &format!("{}\n", alice.code()));
    assert!(String::from_utf8_lossy(&output.stdout).contains("authenticate PAM_SUCCESS"), "{output:?}");
}
