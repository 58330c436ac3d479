//! Can refusals be told apart by how long they take? Where a code is required of everybody: a name that nobody has, an account without a
//! device, and one with a device; each with a wrong code, and each where it has to wait.

use std::fs;

use keyfob_tests::{Daemon, Record, Result, Site, token::Kind};

use crate::{
    apart::names,
    ours::{Access, open},
    shuffle::Shuffle,
    statistics::{Comparison, Sample},
    way::{Service, time},
};

/// Calls of a kind.
pub const CALLS: usize = 2000;

/// A code that is wrong for everybody.
const CODE: &str = "000000";

/// Names of a kind begin so.
const NAMES: [&str; 3] = ["nobody", "without", "with"];
/// What is compared with what.
const PAIRS: [(usize, usize); 3] = [(0, 1), (0, 2), (1, 2)];

/// Why a sign-in is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// The code is wrong.
    WrongCode,
    /// One was, and the next try has to wait: no code is asked for.
    Throttled,
}

impl Why {
    /// The kinds of refusals, in the order of their names.
    const fn kinds(self) -> [&'static str; 3] {
        match self {
            Self::WrongCode => ["unknown account", "no device", "wrong code"],
            Self::Throttled => {
                ["unknown account, throttled", "no device, throttled", "with a device, throttled"]
            }
        }
    }

    /// A code is required of everybody, and no account is locked. Nobody has to wait after a wrong code, or everybody for hours.
    fn policy(self) -> String {
        let (free_failures, delay_seconds) = match self {
            Self::WrongCode => (3, 0),
            Self::Throttled => (0, 3600),
        };
        format!(
            "[sign_in]\nrequired = \"everybody\"\n\n[throttle]\nfree_failures = {free_failures}\ndelay_seconds = {delay_seconds}\n\
             max_delay_seconds = 86400\nmax_failures = 100\n"
        )
    }

    /// How long a refusal for this reason took; what is asked is the same.
    fn time(self, record: &Record) -> Result<f64> {
        let expected = match self {
            Self::WrongCode => (1, "PAM_AUTH_ERR"),
            Self::Throttled => (0, "PAM_MAXTRIES"),
        };
        if record.summary() == expected {
            time(record)
        } else {
            Err(format!("this refusal is told apart by what is said: {record}").into())
        }
    }
}

/// What came of it.
#[derive(Debug)]
pub struct Enumeration {
    /// How Keyfob ran.
    pub name: &'static str,
    /// Its plot's file.
    pub plot: &'static str,
    /// The kinds of refusals.
    pub kinds: [&'static str; 3],
    /// The times of each kind.
    pub times: [Sample; 3],
}

impl Enumeration {
    /// Each kind with each other: the names of both, and the test.
    #[must_use]
    pub fn comparisons(&self) -> Vec<(&'static str, &'static str, Comparison)> {
        let compare = |(first, second): (usize, usize)| {
            let comparison = Comparison::new(self.times.get(first)?, self.times.get(second)?);
            Some((*self.kinds.get(first)?, *self.kinds.get(second)?, comparison))
        };
        PAIRS.into_iter().filter_map(compare).collect()
    }
}

/// With the daemon and without it, in turn.
pub fn measure(calls: usize) -> Result<Vec<Enumeration>> {
    let mut places = [
        Place::new("Keyfob, daemon", "refusals.svg", Access::Daemon, Why::WrongCode)?,
        Place::new("Keyfob, no daemon", "refusals-no-daemon.svg", Access::Itself, Why::WrongCode)?,
        Place::new("Keyfob, daemon", "refusals-throttled.svg", Access::Daemon, Why::Throttled)?,
        Place::new("Keyfob, no daemon", "refusals-throttled-no-daemon.svg", Access::Itself, Why::Throttled)?,
    ];
    let mut shuffle = Shuffle::default();
    for call in 0..calls {
        for place in &mut places {
            place.call(call, &mut shuffle)?;
        }
    }
    Ok(places.into_iter().map(|place| place.result).collect())
}

struct Place {
    result: Enumeration,
    service: Service,
    why: Why,
    names: [Vec<String>; 3],
    _daemon: Option<Daemon>,
    _site: Site,
}

impl Place {
    fn new(name: &'static str, plot: &'static str, access: Access, why: Why) -> Result<Self> {
        let site = Site::new();
        for user in names("with") {
            drop(site.enroll(&user, &format!("bench-{user}"), Kind::Hotp));
        }
        fs::write(site.policy(), why.policy())?;
        let (service, daemon) = open(&site, access)?;
        let mut place = Self {
            result: Enumeration { name, plot, kinds: why.kinds(), times: Default::default() },
            service,
            why,
            names: NAMES.map(|kind| names(kind).collect()),
            _daemon: daemon,
            _site: site,
        };
        if why == Why::Throttled {
            place.bring_the_throttle_about()?;
        }
        Ok(place)
    }

    /// A name without a device has a place in the store by its hash, which a later one may take: those that have lost it stay out.
    fn bring_the_throttle_about(&mut self) -> Result<()> {
        for name in self.names.iter().flatten() {
            Why::WrongCode.time(&self.service.sign_in(name, CODE)?)?;
        }
        let service = &self.service;
        let has_to_wait = |name: &String| {
            service.sign_in(name, CODE).is_ok_and(|record| Why::Throttled.time(&record).is_ok())
        };
        self.names.iter_mut().for_each(|names| names.retain(has_to_wait));
        Ok(())
    }

    /// Each kind once, in another order each time.
    fn call(&mut self, call: usize, shuffle: &mut Shuffle) -> Result<()> {
        let mut order = [0, 1, 2];
        shuffle.shuffle(&mut order);
        for kind in order {
            let (Some(names), Some(times)) = (self.names.get(kind), self.result.times.get_mut(kind)) else {
                continue;
            };
            let name = names.get(call % names.len()).ok_or("no name")?;
            times.add(self.why.time(&self.service.sign_in(name, CODE)?)?);
        }
        Ok(())
    }
}
