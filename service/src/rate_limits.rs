//! How often one address may try passwords. Whoever has failed waits, a minute at the most; who has not failed is never refused for others'
//! failures, so that nobody can be locked out. Codes are not limited here: their limits stand in the store.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use keyfob_core::UnixTime;

/// How often an address may fail before it has to wait: many people may share one.
const FREE_OF_ADDRESS: u32 = 20;

/// How often an address may fail with one account before it has to wait.
const FREE_OF_ACCOUNT: u32 = 5;

/// The longest wait.
const MAX_WAIT_SECONDS: u64 = 60;

/// Failures are forgotten when there was none for so long.
const FORGOTTEN_AFTER_SECONDS: u64 = 15 * 60;

/// How many failures are remembered: those of the last so many addresses and accounts.
const MAX_ENTRIES: usize = 10_000;

/// The failures of all addresses.
#[derive(Default)]
pub struct RateLimits(Mutex<HashMap<Key, Failures>>);

/// One try, which counts as a failure until it is known to be none: tries at the same moment count too.
pub struct Try {
    keys: [Key; 2],
    /// Whether the address has failed lately, or tries others at this moment.
    pub has_failed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    network: String,
    account: Option<String>,
}

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: UnixTime,
}

/// So many seconds have to pass first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait(pub u64);

impl RateLimits {
    /// Begins a try of this address with this account.
    ///
    /// # Errors
    /// How long to [`Wait`].
    pub fn begin(&self, remote: &str, account: &str, now: UnixTime) -> Result<Try, Wait> {
        let network = network(remote);
        let of_account = Key { network: network.clone(), account: Some(account.to_lowercase()) };
        let keys = [Key { network, account: None }, of_account];
        let mut failures = self.lock();
        let waits = keys.iter().filter_map(|key| Some(failures.get(key)?.wait(key, now)));
        match waits.max().unwrap_or_default() {
            0 => {
                let [of_address, _] = &keys;
                let known = failures.get(of_address).filter(|found| !found.is_forgotten(now));
                let has_failed = known.is_some_and(|found| found.count > 0);
                for key in &keys {
                    count(&mut failures, key, now);
                }
                Ok(Try { keys, has_failed })
            }
            seconds => Err(Wait(seconds)),
        }
    }

    /// The password was right: what failed with this account before is forgotten.
    pub fn succeeded(&self, done: &Try) {
        self.undo(done);
        let [_, of_account] = &done.keys;
        self.lock().remove(of_account);
    }

    /// The password was not looked at.
    pub fn undo(&self, done: &Try) {
        let mut failures = self.lock();
        for key in &done.keys {
            if let Some(found) = failures.get_mut(key) {
                found.count = found.count.saturating_sub(1);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Failures>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Failures {
    /// How long whoever failed has to wait still: 1, 2, 4 … seconds after the last time.
    fn wait(self, key: &Key, now: UnixTime) -> u64 {
        let free = if key.account.is_some() { FREE_OF_ACCOUNT } else { FREE_OF_ADDRESS };
        let seconds = self.count.checked_sub(free).map_or(0, |over| 1 << over.min(16));
        let end = self.last.after(seconds.min(MAX_WAIT_SECONDS));
        // A clock that is set back must not lengthen it.
        end.0.saturating_sub(now.0).min(MAX_WAIT_SECONDS)
    }

    fn is_forgotten(self, now: UnixTime) -> bool {
        self.last.after(FORGOTTEN_AFTER_SECONDS) < now
    }
}

fn count(failures: &mut HashMap<Key, Failures>, key: &Key, now: UnixTime) {
    let before = failures.get(key).filter(|found| !found.is_forgotten(now)).map_or(0, |found| found.count);
    if failures.len() >= MAX_ENTRIES && !failures.contains_key(key) {
        make_room(failures, now);
    }
    failures.insert(key.clone(), Failures { count: before.saturating_add(1), last: now });
}

/// Forgets what is old, or else the older half, so that this happens seldom.
fn make_room(failures: &mut HashMap<Key, Failures>, now: UnixTime) {
    failures.retain(|_, found| !found.is_forgotten(now));
    if failures.len() < MAX_ENTRIES {
        return;
    }
    let mut times: Vec<UnixTime> = failures.values().map(|found| found.last).collect();
    let (_, median, _) = times.select_nth_unstable(MAX_ENTRIES / 2);
    let median = *median;
    failures.retain(|_, found| found.last > median);
}

/// The address, or where one subscriber has many, all of them: 64 bits of an IPv6 address.
fn network(remote: &str) -> String {
    let address =
        remote.parse::<IpAddr>().or_else(|_| remote.parse::<SocketAddr>().map(|socket| socket.ip()));
    match address.map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => address.to_string(),
        Ok(IpAddr::V6(address)) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).to_string(),
        Err(_) => remote.chars().take(64).collect(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime(1_795_535_717);
    const ADDRESS: &str = "192.0.2.9";

    fn fail(limits: &RateLimits, remote: &str, account: &str, now: UnixTime) -> u64 {
        limits.begin(remote, account, now).map_or_else(|wait| wait.0, |_| 0)
    }

    #[test]
    fn the_wait_rises_to_a_minute_and_is_forgotten() {
        let limits = RateLimits::default();
        for _ in 0..FREE_OF_ACCOUNT {
            assert_eq!(fail(&limits, ADDRESS, "alice", NOW), 0);
        }
        let mut now = NOW;
        for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
            assert_eq!(fail(&limits, ADDRESS, "alice", now), seconds);
            assert_eq!(fail(&limits, ADDRESS, "ALICE", now.after(seconds - 1)), 1, "the same account");
            now = now.after(seconds);
            assert_eq!(fail(&limits, ADDRESS, "alice", now), 0);
        }
        now = now.after(FORGOTTEN_AFTER_SECONDS + 1);
        assert_eq!([(); 5].map(|()| fail(&limits, ADDRESS, "alice", now)), [0; 5]);
        assert_eq!(fail(&limits, ADDRESS, "alice", now), 1);
    }

    #[test]
    fn another_address_and_another_account_do_not_wait() {
        let limits = RateLimits::default();
        for number in 0..500 {
            let _ = limits.begin(&format!("192.0.2.{}", number % 100), "alice", NOW);
        }
        assert_eq!(fail(&limits, "198.51.100.1", "alice", NOW), 0, "failures of others never count");
        assert_eq!(fail(&limits, "192.0.2.1", "alice", NOW), 1);
        assert_eq!(fail(&limits, "192.0.2.1", "bob", NOW), 0);
    }

    #[test]
    fn an_address_that_tries_many_accounts_waits_too() {
        let limits = RateLimits::default();
        for number in 0..FREE_OF_ADDRESS {
            assert_eq!(fail(&limits, ADDRESS, &number.to_string(), NOW), 0);
        }
        assert_eq!(fail(&limits, ADDRESS, "other", NOW), 1);
        assert_eq!(fail(&limits, "192.0.2.9:4711", "other", NOW), 1, "as some proxies write it");
        assert_eq!(fail(&limits, "::ffff:192.0.2.9", "other", NOW), 1);
    }

    #[test]
    fn an_ipv6_subscriber_is_one_address() {
        let limits = RateLimits::default();
        for host in 0..FREE_OF_ACCOUNT {
            assert_eq!(fail(&limits, &format!("2001:db8:1:2::{host:x}"), "alice", NOW), 0);
        }
        assert_eq!(fail(&limits, "2001:db8:1:2:ffff::1", "alice", NOW), 1);
        assert_eq!(fail(&limits, "2001:db8:1:3::1", "alice", NOW), 0);
    }

    #[test]
    fn what_succeeds_was_no_failure() {
        let limits = RateLimits::default();
        for _ in 0..FREE_OF_ADDRESS * 2 {
            limits.succeeded(&limits.begin(ADDRESS, "alice", NOW).unwrap());
            limits.undo(&limits.begin(ADDRESS, "bob", NOW).unwrap());
        }
        for _ in 0..FREE_OF_ACCOUNT - 1 {
            assert_eq!(fail(&limits, ADDRESS, "alice", NOW), 0);
        }
        limits.succeeded(&limits.begin(ADDRESS, "alice", NOW).unwrap());
        assert_eq!([(); 5].map(|()| fail(&limits, ADDRESS, "alice", NOW)), [0; 5]);
    }

    #[test]
    fn own_successes_do_not_hide_failures_with_others_accounts() {
        let limits = RateLimits::default();
        for number in 0..FREE_OF_ADDRESS {
            assert_eq!(fail(&limits, ADDRESS, &number.to_string(), NOW), 0);
            if let Ok(own) = limits.begin(ADDRESS, "mallory", NOW) {
                limits.succeeded(&own);
            }
        }
        assert_eq!(fail(&limits, ADDRESS, "alice", NOW), 1);
    }

    #[test]
    fn an_address_that_has_failed_is_told_apart_for_a_while() {
        let limits = RateLimits::default();
        let has_failed =
            |address: &str, now| limits.begin(address, "alice", now).map(|begun| begun.has_failed);
        assert_eq!(has_failed(ADDRESS, NOW), Ok(false));
        assert_eq!(has_failed(ADDRESS, NOW), Ok(true));
        assert_eq!(has_failed("192.0.2.10", NOW), Ok(false));
        assert_eq!(has_failed(ADDRESS, NOW.after(FORGOTTEN_AFTER_SECONDS + 1)), Ok(false));
        limits.undo(&limits.begin("192.0.2.11", "alice", NOW).unwrap());
        assert_eq!(has_failed("192.0.2.11", NOW), Ok(false));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let limits = RateLimits::default();
        for number in 0..30_000_u32 {
            let remote = std::net::Ipv4Addr::from(number).to_string();
            assert_eq!(fail(&limits, &remote, "alice", NOW.after(u64::from(number / 100))), 0);
        }
        assert!(limits.lock().len() <= MAX_ENTRIES);
    }
}
