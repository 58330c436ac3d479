//! A sign-in killed at, or refused, each single system call on the store: no code is let in twice, nobody is let in unasked, nobody is
//! locked out.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test; it shows its figures"
)]

use keyfob_tests::{Enrolled, Site, aftermath::Aftermath, site::me, strace, token::Kind};

/// Most sign-ins between two that carry SQLite's log over into the store.
const MOST_BETWEEN: u32 = 100;

#[test]
fn killed_at_each_system_call() {
    disturb_each_call("signal=KILL");
}

#[test]
fn an_input_output_error_at_each_system_call() {
    disturb_each_call("error=EIO");
}

#[test]
fn a_full_disk_at_each_system_call() {
    disturb_each_call("error=ENOSPC");
}

fn disturb_each_call(disturbance: &str) {
    let site = Site::new();
    let mut fob = site.enroll(&me(), "T1", Kind::Hotp);
    let ordinary = State::save(&site, "ordinary", &fob);
    let carrying_over = before_carrying_over(&site, &mut fob);
    for state in [ordinary, carrying_over] {
        state.disturb_each_call(&site, disturbance);
    }
}

/// A store and a fob before a sign-in.
struct State {
    name: String,
    fob: Enrolled,
}

impl State {
    fn save(site: &Site, name: &str, fob: &Enrolled) -> Self {
        site.save(name);
        Self { name: name.to_owned(), fob: fob.clone() }
    }

    fn disturb_each_call(&self, site: &Site, disturbance: &str) {
        let mut aftermath = Aftermath::default();
        for (call, count) in self.calls(site) {
            for nth in 1..=count {
                site.restore(&self.name);
                let mut fob = self.fob.clone();
                let code = fob.code();
                let happening = format!("inject={call}:{disturbance}:when={nth}");
                let running = strace::sign_in(site, &me(), &happening).answer(&code).start().unwrap();
                let (record, _) = running.finish().unwrap();
                assert!(strace::happened(site), "{happening}");
                aftermath.add(site, &mut fob, &code, &record).unwrap();
            }
        }
        println!("{}, {disturbance} at each system call: {aftermath}", self.name);
    }

    /// The system calls on the store of an undisturbed sign-in, and how often each is made.
    fn calls(&self, site: &Site) -> Vec<(String, u32)> {
        site.restore(&self.name);
        let record = strace::watched_sign_in(site, &me()).answer(&self.fob.clone().code()).run().unwrap();
        assert_eq!(record.summary(), (1, "PAM_SUCCESS"));
        let calls: Vec<_> = strace::calls(site).into_iter().collect();
        println!("{}: {calls:?}", self.name);
        calls
    }
}

/// Signs in until that writes to the store's file itself, and not to its log alone; the state before.
fn before_carrying_over(site: &Site, fob: &mut Enrolled) -> State {
    for number in 0..MOST_BETWEEN {
        let state = State::save(site, &format!("carrying-over-{number}"), fob);
        strace::watched_sign_in(site, &me()).answer(&fob.code()).run().unwrap();
        let to_store = |line: &str| line.starts_with("pwrite64") && line.contains("keyfob.db>");
        if strace::trace(site).lines().any(to_store) {
            return state;
        }
    }
    unreachable!("{MOST_BETWEEN} sign-ins carried nothing over");
}
