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

/// How two sign-ins race.
#[derive(Clone, Copy)]
enum Way {
    /// Both have asked for the code; the second is answered so much later than the first.
    Answers(fn(u64) -> Duration),
    /// Both are started at once, with the answer at hand.
    Whole,
}

const LOCK_STEP: Way = Way::Answers(|_| Duration::ZERO);

const WAYS: [(&str, Way); 3] =
    [("lock step", LOCK_STEP), ("jittered", Way::Answers(jitter)), ("whole sign-ins", Way::Whole)];

/// 0 to 3 ms, about as long as an answer is decided on.
fn jitter(trial: u64) -> Duration {
    Duration::from_micros(trial * 7919 % 3000)
}

impl Way {
    /// Starts a sign-in up to where it waits.
    fn start(self, site: &Site, user: &str, answer: &str) -> Running {
        let (sign_in, waits) = match self {
            Self::Answers(_) => (site.sign_in(user), "prompt"),
            Self::Whole => (site.sign_in(user).option("--wait").answer(answer), "ready"),
        };
        let mut running = sign_in.start().unwrap();
        running.wait_for(waits).unwrap();
        running
    }

    /// Two sign-ins; every other time the other one goes on first.
    fn race(self, site: &Site, users: [&str; 2], answers: [&str; 2], trial: u64) -> Vec<Record> {
        let mut both = [0, 1].map(|index| self.start(site, users[index], answers[index]));
        let first = usize::try_from(trial % 2).unwrap();
        both[first].give(answers[first]).unwrap();
        if let Self::Answers(pace) = self {
            thread::sleep(pace(trial));
        }
        both[1 - first].give(answers[1 - first]).unwrap();
        both.into_iter().map(|running| running.finish().unwrap().0).collect()
    }
}

fn race_one_code(site: &Site, code: &str, trial: u64, way: Way) {
    let me = me();
    let records = way.race(site, [&me, &me], [code, code], trial);
    let mut outcomes: Vec<&str> = records.iter().map(Record::outcome).collect();
    outcomes.sort_unstable();
    assert_eq!(outcomes, ["PAM_AUTH_ERR", "PAM_SUCCESS"], "trial {trial}");
}

#[test]
fn one_hotp_code_lets_one_in() {
    let _alone = alone();
    let site = Site::new();
    let mut fob = site.enroll(&me(), "T1", Kind::Hotp);
    for (name, way) in WAYS {
        for trial in 0..TRIALS {
            race_one_code(&site, &fob.code(), trial, way);
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
    for (name, way) in WAYS {
        let fobs: Vec<Token> = (0..TRIALS)
            .map(|trial| Token::new(&format!("{}-{trial}", &name[..4]), Kind::Totp { period: 30 }))
            .collect();
        site.import(&fobs);
        for (trial, fob) in (0..).zip(&fobs) {
            let mut enrolled = site.enable(&me(), fob);
            race_one_code(&site, &enrolled.code(), trial, way);
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
    for (name, way) in WAYS {
        for ten in 0..TRIALS / 10 {
            let codes = site.keyfob_done(&["recovery-codes", "--user", &me()]);
            for (trial, code) in (ten * 10..).zip(codes.lines()) {
                race_one_code(&site, code, trial, way);
            }
        }
        println!("recovery codes, {name}: {TRIALS} races, one let in each time");
    }
    let accepted = site.sign_ins(&me()).iter().filter(|outcome| *outcome == "accepted").count();
    assert_eq!(accepted, 3 * 300);
}

#[test]
fn two_accounts_at_once_are_both_let_in() {
    let _alone = alone();
    let site = Site::new();
    let (me, other) = (me(), somebody_else());
    let mut fobs = [site.enroll(&me, "T1", Kind::Hotp), site.enroll(other, "T2", Kind::Hotp)];
    for trial in 0..200 {
        let codes = fobs.each_mut().map(Enrolled::code);
        let records = LOCK_STEP.race(&site, [&me, other], [&codes[0], &codes[1]], trial);
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
        let wrong = fob.wrong_code();
        let mut eight = [(); 8].map(|()| LOCK_STEP.start(&site, &me, &wrong));
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
