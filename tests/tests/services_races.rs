//! The module, the command line and a program that speaks the daemon's protocol by itself race through the daemon with the same code: exactly
//! one of them is let in. A module that does not see the daemon, and would open the store itself, races with them: it never is.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test; it shows its figures"
)]

use std::{
    collections::VecDeque,
    io::Write,
    os::unix::net::UnixStream,
    process::{Child, Stdio},
};

use keyfob_tests::{
    Daemon, Site, Token,
    pam::Running,
    site::me,
    token::Kind,
    wire::{self, Reply},
};

const TRIALS: usize = 1000;

/// How many modules wait for the daemon's store at the same time, 5 s each.
const WAITING: usize = 100;

/// The service whose module sees no daemon.
const APART: &str = "keyfob-apart";

/// A site with a service more.
fn site() -> Site {
    let site = Site::new();
    let module = site.module_line("").replace("/keyfob.sock", "/nowhere/keyfob.sock");
    site.write_service(APART, &format!("auth required {module}\n"));
    site
}

/// Who races, and in which order they are given the code: another one in each trial.
const RACERS: [&str; 3] = ["the module", "the command line", "a program by itself"];
const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [1, 0, 2], [2, 1, 0], [0, 2, 1], [1, 2, 0], [2, 0, 1]];

/// Two that have been asked for a code, one that sends it unasked, and one that has it at hand.
struct Racers {
    module: Running,
    command_line: Child,
    by_itself: Option<UnixStream>,
    apart: Running,
}

impl Racers {
    fn start(site: &Site, code: &str) -> Self {
        let mut apart = site.sign_in_to(APART, &me()).option("--wait").answer(code).start().unwrap();
        apart.wait_for("ready").unwrap();
        let mut verify = site.keyfob_command(&["verify", "--user", &me()]);
        let command_line =
            verify.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut module = site.sign_in(&me()).start().unwrap();
        module.wait_for("prompt").unwrap();
        Self { module, command_line, by_itself: None, apart }
    }

    /// Whom the code lets in. The one apart is under way still.
    fn race(mut self, site: &Site, code: &str, trial: usize) -> ([bool; 3], Running) {
        self.apart.give("").unwrap();
        let mut input = self.command_line.stdin.take().unwrap();
        let (line, message) = (format!("{code}\n"), wire::answer(&me(), code, 0));
        for racer in ORDERS[trial % ORDERS.len()] {
            match racer {
                0 => self.module.give(code).unwrap(),
                1 => input.write_all(line.as_bytes()).unwrap(),
                _ => self.by_itself = Some(wire::send(&site.socket(), &message).unwrap()),
            }
        }
        drop(input);
        let record = self.module.finish().unwrap().0;
        assert!(["PAM_SUCCESS", "PAM_AUTH_ERR"].contains(&record.outcome()), "trial {trial}: {record}");
        let verified = self.command_line.wait().unwrap();
        assert!([Some(0), Some(1)].contains(&verified.code()), "trial {trial}: {verified}");
        let reply = wire::receive(self.by_itself.unwrap()).unwrap();
        assert!([Reply::SignedIn, Reply::Refused].contains(&reply), "trial {trial}: {reply:?}");
        ([record.outcome() == "PAM_SUCCESS", verified.success(), reply == Reply::SignedIn], self.apart)
    }
}

/// How often each of them has won, and those apart that wait still.
#[derive(Default)]
struct Wins([usize; 3], VecDeque<Running>);

impl Wins {
    fn race(&mut self, site: &Site, code: &str, trial: usize) {
        let (let_in, apart) = Racers::start(site, code).race(site, code, trial);
        let winners: Vec<usize> = (0..RACERS.len()).filter(|racer| let_in[*racer]).collect();
        assert_eq!(winners.len(), 1, "trial {trial}: {let_in:?}");
        self.0[winners[0]] += 1;
        self.1.push_back(apart);
        if self.1.len() == WAITING {
            let (record, _) = self.1.pop_front().unwrap().finish().unwrap();
            assert_eq!(record.summary(), (0, "PAM_AUTHINFO_UNAVAIL"), "before trial {trial}: {record}");
        }
    }

    /// Those that wait for the store in the end are given it.
    fn end(self, kind: &str, daemon: Daemon) {
        let Self(wins, apart) = self;
        daemon.stop().unwrap();
        let records = apart.into_iter().map(|apart| apart.finish().unwrap().0);
        let outcomes: Vec<String> = records.map(|record| record.outcome().to_owned()).collect();
        let refused = |outcome: &&str| outcomes.iter().filter(|other| other == outcome).count();
        // Used or long gone by, too many of those, and taken away from the account.
        let late = ["PAM_AUTH_ERR", "PAM_MAXTRIES", "PAM_PERM_DENIED"].iter().map(refused).sum::<usize>();
        assert_eq!(late + refused(&"PAM_AUTHINFO_UNAVAIL"), outcomes.len(), "{outcomes:?}");
        let wins: Vec<String> =
            RACERS.iter().zip(wins).map(|(racer, wins)| format!("{racer} {wins}")).collect();
        println!(
            "{kind}: of {TRIALS} races each was won by one: {}; one apart won none, {late} of them after the daemon had stopped",
            wins.join(", ")
        );
    }
}

#[test]
fn one_hotp_code_lets_one_in() {
    let site = site();
    let mut fob = site.enroll(&me(), "T1", Kind::Hotp);
    let daemon = site.start_daemon(&[]);
    let mut wins = Wins::default();
    for trial in 0..TRIALS {
        wins.race(&site, &fob.code(), trial);
    }
    assert_eq!(site.failures(&me()), 0);
    wins.end("HOTP", daemon);
}

/// Each race has a token of its own, as its next code would be 30 s away.
#[test]
fn one_totp_code_lets_one_in() {
    let site = site();
    let daemon = site.start_daemon(&[]);
    let fobs: Vec<Token> =
        (0..TRIALS).map(|trial| Token::new(&format!("T{trial}"), Kind::Totp { period: 30 })).collect();
    site.import(&fobs);
    let mut wins = Wins::default();
    for (trial, fob) in fobs.iter().enumerate() {
        let code = site.enable(&me(), fob).code();
        wins.race(&site, &code, trial);
        site.keyfob_done(&["disable", "--user", &me(), "--serial", &fob.serial]);
    }
    assert_eq!(site.failures(&me()), 0);
    wins.end("TOTP", daemon);
}

#[test]
fn one_recovery_code_lets_one_in() {
    let site = site();
    let _fob = site.enroll(&me(), "T1", Kind::Hotp);
    let daemon = site.start_daemon(&[]);
    let mut wins = Wins::default();
    for ten in 0..TRIALS / 10 {
        let codes = site.keyfob_done(&["recovery-codes", "--user", &me()]);
        for (trial, code) in (ten * 10..).zip(codes.lines()) {
            wins.race(&site, code, trial);
        }
    }
    wins.end("recovery codes", daemon);
    let accepted = site.sign_ins(&me()).iter().filter(|outcome| *outcome == "accepted").count();
    assert_eq!(accepted, TRIALS);
}
