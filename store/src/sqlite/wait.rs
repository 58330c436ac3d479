//! Waiting for another process's act to end.
//!
//! What keeps acts apart is SQLite's own lock. Whoever wants that one exclusively shares it first, so that
//! many who wait for it stand in each other's way, and SQLite's own way of waiting keeps the share, so that
//! two would wait for each other for ever. So Keyfob's processes queue by another lock, on the log, where
//! SQLite has none; the one that has it tries to open the store, afresh each time. An act that has ended has
//! to queue again, which keeps a process with many acts from being served alone.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use super::paths;
use crate::StoreError;

/// How long an act waits in all: the sum of the pauses.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Opens the store when it is free.
pub(super) fn in_turn<T>(
    patience: Duration,
    path: &Path,
    open: impl FnMut() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut patience = Patience(patience);
    let _turn = queue(path, &mut patience)?;
    patience.until_free(at_head, open)
}

/// Waits for the head of the queue, which is left when the file is closed. `None` where there is no log or no
/// such lock: then all try at once.
fn queue(path: &Path, patience: &mut Patience) -> Result<Option<File>, StoreError> {
    let Ok(log) = paths::open_log(path) else {
        return Ok(None);
    };
    let locked = patience.until_free(in_queue, || match log.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::Error(_)) => Ok(false),
        Err(TryLockError::WouldBlock) => Err(StoreError::Busy(path.to_owned())),
    })?;
    Ok(locked.then_some(log))
}

/// The longest pause in the queue, in µs: 1 ms at first, growing so that a crowd leaves the processor to the
/// one it waits for.
fn in_queue(tries: u32) -> u32 {
    1_000 + 100 * tries.min(90)
}

/// The longest pause at the head of the queue, in µs: there is but one.
fn at_head(_: u32) -> u32 {
    250
}

/// What is left to wait.
struct Patience(Duration);

impl Patience {
    /// Tries until the store is not busy, with pauses of that length between the tries.
    fn until_free<T>(
        &mut self,
        longest_pause: fn(u32) -> u32,
        mut attempt: impl FnMut() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut tries = 0;
        loop {
            match attempt() {
                Err(StoreError::Busy(_)) if !self.0.is_zero() => self.pause(longest_pause(tries)),
                result => return result,
            }
            tries += 1;
        }
    }

    /// Between a fifth and the whole of that time, at random, so that processes that wait together don't wake
    /// together.
    fn pause(&mut self, longest: u32) {
        let shortest = longest / 5;
        let random = getrandom::u32().map_or(0, |random| random % (longest - shortest));
        let pause = Duration::from_micros(u64::from(shortest + random));
        std::thread::sleep(pause);
        self.0 = self.0.saturating_sub(pause);
    }
}
