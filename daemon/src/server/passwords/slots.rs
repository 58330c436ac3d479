use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::server::lock;

/// How many children there are at a time.
pub const PLACES: usize = 8;

/// The places that there are.
pub struct Slots {
    free: Mutex<usize>,
    freed: Condvar,
}

/// A place that is taken until this is dropped.
pub struct Slot<'a>(&'a Slots);

impl Default for Slots {
    fn default() -> Self {
        Self { free: Mutex::new(PLACES), freed: Condvar::new() }
    }
}

impl Slots {
    /// Takes one; `None` where none gets free in time.
    pub fn take(&self, patience: Duration) -> Option<Slot<'_>> {
        let waited = self.freed.wait_timeout_while(lock(&self.free), patience, |free| *free == 0);
        let (mut free, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *free = free.checked_sub(1)?;
        Some(Slot(self))
    }

    #[cfg(test)]
    pub fn free(&self) -> usize {
        *lock(&self.free)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        *lock(&self.0.free) += 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_gets_free_is_taken_by_the_next() {
        let slots = Slots::default();
        let mut taken: Vec<_> = (0..PLACES).map(|_| slots.take(Duration::ZERO)).collect();
        assert!(taken.iter().all(Option::is_some));
        assert!(slots.take(Duration::ZERO).is_none());
        drop(taken.pop());
        assert!(slots.take(Duration::ZERO).is_some_and(|_slot| slots.take(Duration::ZERO).is_none()));
        assert!(slots.take(Duration::ZERO).is_some());
    }
}
