//! A systemd of a host's own, which runs Keyfob's units and nothing else.
#![allow(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its systemd has failed")]

use std::{
    path::PathBuf,
    process::{Child, Output, Stdio},
    thread,
    time::Duration,
};

use crate::{
    Host,
    command::{self, TIE},
    host::entering,
};

const SET_UP: &str = include_str!("host/systemd.sh");
const UNITS: [(&str, &str); 4] = [
    ("/run/units/keyfob.socket", include_str!("../../daemon/systemd/keyfob.socket")),
    ("/run/units/keyfob.service", include_str!("../../daemon/systemd/keyfob.service")),
    ("/run/units/keyfob-serve.socket", include_str!("../../service/systemd/keyfob-serve.socket")),
    ("/run/units/keyfob-serve.service", include_str!("../../service/systemd/keyfob-serve.service")),
];

/// The first process of namespaces inside a host. Dropped, it is killed with all that it started.
#[derive(Debug)]
pub struct Systemd<'a> {
    host: &'a Host,
    process: Child,
    entering: Vec<String>,
    control_group: String,
}

impl<'a> Systemd<'a> {
    /// Starts it, and waits until the daemon's socket is there.
    #[must_use]
    pub fn start(host: &'a Host) -> Self {
        host.sh("mkdir /run/units");
        for (path, unit) in UNITS {
            host.write(path, unit);
        }
        let control_group = format!("keyfob-{}", host.id());
        // It is killed with this test, however that ends.
        let words = [&TIE[..], &["sh", "-euc", SET_UP, "sh", &control_group]].concat();
        let mut command = host.reachable("root", &words);
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("systemd");
        let systemd = Self { host, entering: entering(process.id()), process, control_group };
        let is_ready = || systemd.systemctl(&["is-active", "keyfob.socket"]).status.success();
        let ready = (0..300).any(|_| {
            thread::sleep(Duration::from_millis(100));
            is_ready()
        });
        assert!(ready, "the units are not started");
        systemd
    }

    /// Runs `systemctl`, whatever comes of it.
    #[must_use]
    pub fn systemctl(&self, arguments: &[&str]) -> Output {
        self.run("systemctl", arguments)
    }

    /// Runs a program inside, whatever comes of it.
    #[must_use]
    pub fn run(&self, program: &str, arguments: &[&str]) -> Output {
        command::output(command::after(&self.entering, program).args(arguments)).expect("a program")
    }

    /// Runs a program for each connection to a socket, which it has as standard input, in the daemon's sandbox, and says where to connect.
    #[must_use]
    pub fn serve(&self, socket: &str, program: &str) -> PathBuf {
        let socket_unit = format!("[Socket]\nListenStream={socket}\nAccept=yes\n");
        self.host.write("/run/units/other.socket", &socket_unit);
        self.host.write("/run/program", &format!("#!/bin/sh\n{program}\nexit $?\n"));
        let edits = "s|^ExecStart=.*|ExecStart=/bin/sh /run/program\\nStandardInput=socket|; s/^Type=.*/Type=simple/; /^Restart/d";
        self.host.sh(&format!("sed '{edits}' /run/units/keyfob.service > /run/units/other@.service"));
        for arguments in [&["daemon-reload"][..], &["start", "other.socket"]] {
            let output = self.systemctl(arguments);
            assert!(output.status.success(), "{}", command::text(&output.stderr));
        }
        format!("/proc/{}/root{socket}", self.process.id()).into()
    }

    /// Waits until the daemon's service is as said (`active`, `inactive`), in systemd's words.
    pub fn wait_for(&self, state: &str) {
        self.wait_for_unit("keyfob.service", state);
    }

    /// Waits until a unit is as said.
    pub fn wait_for_unit(&self, unit: &str, state: &str) {
        let mut last = String::new();
        let there = (0..300).any(|_| {
            last = command::text(&self.systemctl(&["is-active", unit]).stdout);
            last == state || {
                thread::sleep(Duration::from_millis(20));
                false
            }
        });
        let log = self.host.sh("tail /run/daemon.log || true");
        assert!(there, "{unit} is {last}: {log}");
    }
}

impl Drop for Systemd<'_> {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
        // Its processes end a moment later.
        let remove = "for _ in $(seq 100); do find /mnt/cgroup/$0 -depth -type d -exec rmdir {} + && break; sleep 0.05; done 2> /dev/null";
        drop(command::output(&mut self.host.root(&["sh", "-c", remove, &self.control_group])));
    }
}
