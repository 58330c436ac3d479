//! What is to be reached.

use std::fmt;

use crate::{rates::Rate, sign_ins::Times};

/// A figure and its bound.
#[derive(Debug)]
pub struct Target {
    what: String,
    figure: f64,
    bound: f64,
    at_least: bool,
}

impl Target {
    fn at_most(what: &str, figure: f64, bound: f64) -> Self {
        Self { what: what.to_owned(), figure, bound, at_least: false }
    }

    /// A figure that is to reach its bound.
    #[must_use]
    pub fn at_least(what: &str, figure: f64, bound: f64) -> Self {
        Self { what: what.to_owned(), figure, bound, at_least: true }
    }

    /// Is it reached?
    #[must_use]
    pub fn is_met(&self) -> bool {
        if self.at_least { self.figure >= self.bound } else { self.figure <= self.bound }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = if self.at_least { "at least" } else { "at most" };
        let met = if self.is_met() { "met" } else { "missed" };
        write!(f, "{}: {:.2}, {side} {}: **{met}**", self.what, self.figure, self.bound)
    }
}

/// With the daemon.
#[must_use]
pub fn all(times: &[Times], rates: &[Rate]) -> Vec<Target> {
    let ours = right(times, "Keyfob, daemon, 10 accounts");
    let peers = times
        .iter()
        .filter(|times| times.name.starts_with("pam_oath") || times.name.starts_with("pam_google"));
    let fastest = peers.map(right_of).fold(f64::INFINITY, f64::min);
    let rate = |start| rates.iter().find(|rate| rate.name.starts_with(start));
    let a_second = |start| rate(start).map_or(f64::NAN, Rate::a_second);
    vec![
        Target::at_most("Right code, of the fastest peer's median", ours / fastest, 0.8),
        Target::at_most(
            "Right code with 1,000,000 accounts, of the median with 10",
            right(times, "Keyfob, daemon, 1,000,000 accounts") / ours,
            1.1,
        ),
        Target::at_most(
            "Eight at a time: right codes that are refused",
            rate("Keyfob, daemon").map_or(f64::NAN, |rate| f64::from(rate.refused)),
            0.0,
        ),
        Target::at_least(
            "Eight at a time: accepted a second, of pam_google_authenticator's",
            a_second("Keyfob, daemon") / a_second("pam_google_authenticator"),
            1.2,
        ),
    ]
}

fn right(times: &[Times], name: &str) -> f64 {
    times.iter().find(|times| times.name == name).map_or(f64::NAN, right_of)
}

fn right_of(Times { cases: [right, ..], .. }: &Times) -> f64 {
    right.median()
}
