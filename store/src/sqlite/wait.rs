//! Waiting for another process's act to end.

use std::time::Duration;

use crate::StoreError;

/// How often is tried: for 5 seconds, see [`pause`].
const MOST_TRIES: u32 = 3200;

/// Tries until the store is not busy. Each try opens the store afresh: SQLite's own busy handler would keep a shared lock while it
/// waits for the exclusive one, and two that wait so would wait for each other.
pub(super) fn while_busy<T>(mut open: impl FnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
    for tries in 0..MOST_TRIES {
        match open() {
            Err(StoreError::Busy(_)) => pause(tries),
            result => return result,
        }
    }
    open()
}

/// 0.2 to 1 ms, slowly growing to 4 ms. At random, so that processes that wait together don't wake together.
fn pause(tries: u32) {
    let spread = 800 + tries;
    let random = getrandom::u32().map_or(spread / 2, |random| random % spread);
    std::thread::sleep(Duration::from_micros(200 + u64::from(random)));
}
