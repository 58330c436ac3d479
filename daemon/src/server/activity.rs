use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How many workers are at work, and whether they are to stop.
#[derive(Default)]
pub struct Activity {
    busy: AtomicUsize,
    stopping: AtomicBool,
}

/// A worker that is at work until this is dropped.
pub struct Busy<'a>(&'a Activity);

impl Activity {
    /// Begins; `None` where no more work is begun. Counted before that is asked, so that whoever stops misses nobody.
    pub fn begin(&self) -> Option<Busy<'_>> {
        self.busy.fetch_add(1, Ordering::SeqCst);
        let busy = Busy(self);
        (!self.stopping.load(Ordering::SeqCst)).then_some(busy)
    }

    /// Begins no more work, and waits for what has begun, but no longer than `patience`.
    pub fn stop(&self, patience: Duration) {
        self.stopping.store(true, Ordering::SeqCst);
        wait_until(patience, || self.busy.load(Ordering::SeqCst) == 0);
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Waits for something, but no longer than `patience`.
pub fn wait_until(patience: Duration, is_so: impl Fn() -> bool) {
    let end = Instant::now() + patience;
    while !is_so() && Instant::now() < end {
        thread::sleep(Duration::from_millis(2));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_told_to_stop_begins_nothing_and_is_waited_for() {
        let activity = Activity::default();
        let busy = activity.begin();
        assert!(busy.is_some());
        thread::scope(|scope| {
            let stopped = scope.spawn(|| activity.stop(Duration::from_secs(60)));
            wait_until(Duration::from_secs(60), || activity.begin().is_none());
            assert!(!stopped.is_finished());
            drop(busy);
        });
        assert!(activity.begin().is_none());
    }
}
