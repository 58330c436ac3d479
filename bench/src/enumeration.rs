//! Can refusals be told apart by how long they take? Where a code is required of everybody: a name that nobody has, an account without a
//! device, and a wrong code.

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

/// A code is required of everybody, nobody has to wait, and no account is locked.
const POLICY: &str = "
[sign_in]
required = \"everybody\"

[throttle]
free_failures = 3
delay_seconds = 0
max_failures = 100
";

/// The kinds of refusals.
pub const KINDS: [&str; 3] = ["unknown account", "no device", "wrong code"];
/// Names of that kind begin so, in the same order.
const NAMES: [&str; 3] = ["nobody", "without", "with"];
/// What is compared with what.
const PAIRS: [(usize, usize); 3] = [(0, 1), (0, 2), (1, 2)];

/// What came of it.
#[derive(Debug)]
pub struct Enumeration {
    /// How Keyfob ran.
    pub name: &'static str,
    /// The times of each kind.
    pub times: [Sample; 3],
}

impl Enumeration {
    /// Each kind with each other: the names of both, and the test.
    #[must_use]
    pub fn comparisons(&self) -> Vec<(&'static str, &'static str, Comparison)> {
        let compare = |(first, second): (usize, usize)| {
            let comparison = Comparison::new(self.times.get(first)?, self.times.get(second)?);
            Some((*KINDS.get(first)?, *KINDS.get(second)?, comparison))
        };
        PAIRS.into_iter().filter_map(compare).collect()
    }
}

/// With the daemon and without it, in turn.
pub fn measure(calls: usize) -> Result<Vec<Enumeration>> {
    let mut places =
        [Place::new("Keyfob, daemon", Access::Daemon)?, Place::new("Keyfob, no daemon", Access::Itself)?];
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
    names: [Vec<String>; 3],
    _daemon: Option<Daemon>,
    _site: Site,
}

impl Place {
    fn new(name: &'static str, access: Access) -> Result<Self> {
        let site = Site::new();
        for user in names("with") {
            drop(site.enroll(&user, &format!("bench-{user}"), Kind::Hotp));
        }
        fs::write(site.policy(), POLICY)?;
        let (service, daemon) = open(&site, access)?;
        let names = NAMES.map(|kind| names(kind).collect());
        Ok(Self {
            result: Enumeration { name, times: Default::default() },
            service,
            names,
            _daemon: daemon,
            _site: site,
        })
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
            times.add(refused(&self.service.sign_in(name, "000000")?)?);
        }
        Ok(())
    }
}

fn refused(record: &Record) -> Result<f64> {
    if record.outcome() != "PAM_AUTH_ERR" || record.prompts().len() != 1 {
        return Err(format!("this refusal is told apart by what is said: {record}").into());
    }
    time(record)
}
