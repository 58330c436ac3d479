//! Keyfob's own ways: through the daemon and without it, with few accounts and many.

use std::process::Command;

use keyfob_tests::{Daemon, Driver, Result, Site, command, token::Kind};

use crate::{
    apart::HOLDERS,
    codes::Codes,
    way::{Account, Service, Way},
};

/// How many accounts stand before each of ours in a store of many: a million in all.
const BEFORE_EACH: usize = 99_999;
const SERVICE: &str = "bench";

/// Whether the daemon is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It is.
    Daemon,
    /// The module opens the store itself.
    Itself,
}

/// A store and who owns it.
#[derive(Debug)]
pub struct Ours {
    /// The way to sign in.
    pub way: Way,
    _daemon: Option<Daemon>,
    _site: Site,
}

impl Ours {
    /// All four.
    pub fn all() -> Result<Vec<Self>> {
        Ok(vec![
            Self::new("Keyfob, daemon, 10 accounts", Access::Daemon, 0)?,
            Self::new("Keyfob, daemon, 1,000,000 accounts", Access::Daemon, BEFORE_EACH)?,
            Self::new("Keyfob, no daemon, 10 accounts", Access::Itself, 0)?,
            Self::new("Keyfob, no daemon, 1,000,000 accounts", Access::Itself, BEFORE_EACH)?,
        ])
    }

    fn new(name: &'static str, access: Access, before_each: usize) -> Result<Self> {
        let site = Site::new();
        let mut right = Vec::new();
        for user in HOLDERS {
            fill(&site, before_each)?;
            let device = site.enroll(user, &format!("bench-{user}"), Kind::Hotp);
            right.push(Account { user: user.to_owned(), codes: Codes::of(&device)?, reset: None });
        }
        let wrong = right.pop();
        let (service, daemon) = open(&site, access)?;
        Ok(Self {
            way: Way { name, service, right, wrong, every: 1, in_rates: true },
            _daemon: daemon,
            _site: site,
        })
    }
}

/// The site's service, and its daemon where it is asked.
pub fn open(site: &Site, access: Access) -> Result<(Service, Option<Daemon>)> {
    let module = match access {
        Access::Daemon => site.module_line(""),
        Access::Itself => site.module_line("").replace(&format!("socket={}", site.socket().display()), ""),
    };
    site.write_service(SERVICE, &format!("auth required {module}\n"));
    let driver = Driver::compile(&site.path(""))?;
    let service = Service { driver, folder: site.path("pam.d"), name: SERVICE.to_owned() };
    Ok((service, (access == Access::Daemon).then(|| site.start_daemon(&[]))))
}

/// Adds accounts with a device each, while nobody has the store open. Their secrets are random bytes of a sealed secret's length: nothing
/// opens them.
fn fill(site: &Site, accounts: usize) -> Result<()> {
    if accounts == 0 {
        return Ok(());
    }
    let sql = format!(
        "PRAGMA synchronous = OFF;
         BEGIN;
         CREATE TEMP TABLE start AS SELECT id FROM last_device_id;
         CREATE TEMP TABLE filler AS
           WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {accounts})
           SELECT n + (SELECT id FROM start) AS n FROM counted;
         INSERT INTO account (name, created)
           SELECT char(97 + n % 26) || n, zeroblob(8) FROM filler;
         INSERT INTO device (id, serial, moving_factor, algorithm, digits, accepted, drift_seconds, entry_delay, sealed, generation,
                             account, associated, imported)
           SELECT n, 'F' || n, 'HOTP', 'SHA1', 6, zeroblob(8), 0, 0, randomblob(64), zeroblob(8),
                  (SELECT id FROM account WHERE name = char(97 + n % 26) || n), zeroblob(8), zeroblob(8)
           FROM filler;
         UPDATE last_device_id SET id = (SELECT max(id) FROM device);
         COMMIT;
         PRAGMA wal_checkpoint(TRUNCATE);"
    );
    command::run(Command::new("sqlite3").arg(site.store()).arg(sql)).map(drop)
}
