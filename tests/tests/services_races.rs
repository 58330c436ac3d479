//! The module and the command line race through the daemon with the same code: exactly one of them is let in.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test; it shows its figures"
)]

use std::{
    io::Write,
    process::{Child, Stdio},
};

use keyfob_tests::{Site, Token, pam::Running, site::me, token::Kind};

const TRIALS: usize = 1000;

/// Two that have been asked for a code.
struct Racers {
    module: Running,
    command_line: Child,
}

impl Racers {
    fn start(site: &Site) -> Self {
        let mut verify = site.keyfob_command(&["verify", "--user", &me()]);
        let command_line =
            verify.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut module = site.sign_in(&me()).start().unwrap();
        module.wait_for("prompt").unwrap();
        Self { module, command_line }
    }

    /// Whether the module and whether the command line let the code in; every other time the module is given it first.
    fn race(mut self, code: &str, trial: usize) -> [bool; 2] {
        let mut input = self.command_line.stdin.take().unwrap();
        let line = format!("{code}\n");
        if trial.is_multiple_of(2) {
            self.module.give(code).unwrap();
        }
        input.write_all(line.as_bytes()).unwrap();
        if !trial.is_multiple_of(2) {
            self.module.give(code).unwrap();
        }
        drop(input);
        let record = self.module.finish().unwrap().0;
        assert!(["PAM_SUCCESS", "PAM_AUTH_ERR"].contains(&record.outcome()), "trial {trial}: {record}");
        let verified = self.command_line.wait().unwrap();
        assert!([Some(0), Some(1)].contains(&verified.code()), "trial {trial}: {verified}");
        [record.outcome() == "PAM_SUCCESS", verified.success()]
    }
}

/// How often each of the two has won.
#[derive(Default)]
struct Wins([usize; 2]);

impl Wins {
    fn race(&mut self, site: &Site, code: &str, trial: usize) {
        let winners = Racers::start(site).race(code, trial);
        assert_ne!(winners[0], winners[1], "trial {trial}: {winners:?}");
        self.0[usize::from(winners[1])] += 1;
    }

    fn show(&self, kind: &str) {
        let [module, command_line] = self.0;
        println!("{kind}: the module won {module} times, the command line {command_line}, and never both");
    }
}

#[test]
fn one_hotp_code_lets_one_in() {
    let site = Site::new();
    let mut fob = site.enroll(&me(), "T1", Kind::Hotp);
    let _daemon = site.start_daemon(&[]);
    let mut wins = Wins::default();
    for trial in 0..TRIALS {
        wins.race(&site, &fob.code(), trial);
    }
    wins.show("HOTP");
    assert_eq!(site.failures(&me()), 0);
}

/// Each race has a token of its own, as its next code would be 30 s away.
#[test]
fn one_totp_code_lets_one_in() {
    let site = Site::new();
    let _daemon = site.start_daemon(&[]);
    let fobs: Vec<Token> =
        (0..TRIALS).map(|trial| Token::new(&format!("T{trial}"), Kind::Totp { period: 30 })).collect();
    site.import(&fobs);
    let mut wins = Wins::default();
    for (trial, fob) in fobs.iter().enumerate() {
        let code = site.enable(&me(), fob).code();
        wins.race(&site, &code, trial);
        site.keyfob_done(&["disable", "--user", &me(), "--serial", &fob.serial]);
    }
    wins.show("TOTP");
    assert_eq!(site.failures(&me()), 0);
}

#[test]
fn one_recovery_code_lets_one_in() {
    let site = Site::new();
    let _fob = site.enroll(&me(), "T1", Kind::Hotp);
    let _daemon = site.start_daemon(&[]);
    let mut wins = Wins::default();
    for ten in 0..TRIALS / 10 {
        let codes = site.keyfob_done(&["recovery-codes", "--user", &me()]);
        for (trial, code) in (ten * 10..).zip(codes.lines()) {
            wins.race(&site, code, trial);
        }
    }
    wins.show("recovery codes");
    let accepted = site.sign_ins(&me()).iter().filter(|outcome| *outcome == "accepted").count();
    assert_eq!(accepted, TRIALS);
}
