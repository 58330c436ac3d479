//! Of processes that race with the same code exactly one is let in; wrong guesses made at once are counted one by one.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test; it shows its figures"
)]

use std::{
    sync::{Mutex, MutexGuard},
    thread,
    time::Duration,
};

use keyfob_tests::{
    Enrolled, Record, Site, Token,
    pam::Running,
    site::{me, somebody_else},
    token::Kind,
};

const TRIALS: u64 = 300;

/// One race at a time, so that both processes have a core of their own.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// How much later the second answer comes than the first.
type Pace = fn(u64) -> Duration;

const PACES: [(&str, Pace); 2] = [("lock step", |_| Duration::ZERO), ("jittered", jitter)];

/// 0 to 3 ms, about as long as an answer is decided on.
fn jitter(trial: u64) -> Duration {
    Duration::from_micros(trial * 7919 % 3000)
}

/// Starts sign-ins and waits until each of them has asked.
fn asked(site: &Site, users: &[&str]) -> Vec<Running> {
    let mut all: Vec<_> = users.iter().map(|user| site.sign_in(user).start().unwrap()).collect();
    for running in &mut all {
        running.wait_for("prompt").unwrap();
    }
    all
}

/// Two sign-ins are asked, then both are answered; every other time the other one first.
fn race(site: &Site, users: [&str; 2], answers: [&str; 2], trial: u64, pace: Pace) -> Vec<Record> {
    let mut both = asked(site, &users);
    let first = usize::try_from(trial % 2).unwrap();
    both[first].give(answers[first]).unwrap();
    thread::sleep(pace(trial));
    both[1 - first].give(answers[1 - first]).unwrap();
    both.into_iter().map(|running| running.finish().unwrap().0).collect()
}

fn race_one_code(site: &Site, code: &str, trial: u64, pace: Pace) {
    let me = me();
    let records = race(site, [&me, &me], [code, code], trial, pace);
    let mut outcomes: Vec<&str> = records.iter().map(Record::outcome).collect();
    outcomes.sort_unstable();
    assert_eq!(outcomes, ["PAM_AUTH_ERR", "PAM_SUCCESS"], "trial {trial}");
}

#[test]
fn one_hotp_code_lets_one_in() {
    let _alone = alone();
    let site = Site::new();
    let mut fob = site.enroll(&me(), "T1", Kind::Hotp);
    for (name, pace) in PACES {
        for trial in 0..TRIALS {
            race_one_code(&site, &fob.code(), trial, pace);
        }
        println!("HOTP, {name}: {TRIALS} races, one let in each time");
    }
    assert_eq!(site.failures(&me()), 0);
}

/// Each race has a token of its own, as its next code would be 30 s away.
#[test]
fn one_totp_code_lets_one_in() {
    let _alone = alone();
    let site = Site::new();
    for (name, pace) in PACES {
        let fobs: Vec<Token> = (0..TRIALS)
            .map(|trial| Token::new(&format!("{}-{trial}", &name[..4]), Kind::Totp { period: 30 }))
            .collect();
        site.import(&fobs);
        for (trial, fob) in (0..).zip(&fobs) {
            let mut enrolled = site.enable(&me(), fob);
            race_one_code(&site, &enrolled.code(), trial, pace);
            site.keyfob_done(&["disable", "--user", &me(), "--serial", &fob.serial]);
        }
        println!("TOTP, {name}: {TRIALS} races, one let in each time");
    }
}

#[test]
fn one_recovery_code_lets_one_in() {
    let _alone = alone();
    let site = Site::new();
    let _fob = site.enroll(&me(), "T1", Kind::Hotp);
    for (name, pace) in PACES {
        for ten in 0..TRIALS / 10 {
            let codes = site.keyfob_done(&["recovery-codes", "--user", &me()]);
            for (trial, code) in (ten * 10..).zip(codes.lines()) {
                race_one_code(&site, code, trial, pace);
            }
        }
        println!("recovery codes, {name}: {TRIALS} races, one let in each time");
    }
    let accepted = site.sign_ins(&me()).iter().filter(|outcome| *outcome == "accepted").count();
    assert_eq!(accepted, 2 * 300);
}

#[test]
fn two_accounts_at_once_are_both_let_in() {
    let _alone = alone();
    let site = Site::new();
    let (me, other) = (me(), somebody_else());
    let mut fobs = [site.enroll(&me, "T1", Kind::Hotp), site.enroll(other, "T2", Kind::Hotp)];
    for trial in 0..200 {
        let codes = fobs.each_mut().map(Enrolled::code);
        let records = race(&site, [&me, other], [&codes[0], &codes[1]], trial, PACES[0].1);
        for record in records {
            assert_eq!(record.summary(), (1, "PAM_SUCCESS"), "trial {trial}: {record}");
        }
    }
    println!("two accounts at once: 400 of 400 let in");
}

#[test]
fn of_eight_wrong_guesses_at_once_three_are_evaluated() {
    let _alone = alone();
    let site = Site::new();
    let mut fob = site.enroll(&me(), "T1", Kind::Hotp);
    for trial in 0..20 {
        let me = me();
        let mut eight = asked(&site, &[me.as_str(); 8]);
        let wrong = fob.wrong_code();
        for running in &mut eight {
            running.give(&wrong).unwrap();
        }
        let outcomes: Vec<String> =
            eight.into_iter().map(|one| one.finish().unwrap().0.outcome().to_owned()).collect();
        let count = |outcome: &str| outcomes.iter().filter(|other| *other == outcome).count();
        assert_eq!((count("PAM_AUTH_ERR"), count("PAM_MAXTRIES")), (3, 5), "trial {trial}: {outcomes:?}");
        assert_eq!(site.failures(&me), 3, "trial {trial}");
        site.keyfob_done(&["user", "unlock", &me]);
        assert_eq!(site.sign_in(&me).answer(&fob.code()).run().unwrap().summary(), (1, "PAM_SUCCESS"));
    }
}
