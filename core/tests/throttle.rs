//! When tries wait and when they stop.
#![allow(clippy::unwrap_used, reason = "tests")]

use keyfob_core::{LimitExceeded, Throttle, ThrottlePolicy, Throttled, UnixTime};

const NOW: UnixTime = UnixTime(1_000_000);

fn after_failures(count: u32) -> Throttle {
    (0..count).fold(Throttle::default(), |throttle, _| throttle.after_failure(NOW))
}

/// How long the next try waits under the default policy.
fn wait_after(failures: u32) -> u64 {
    match after_failures(failures).check(NOW, ThrottlePolicy::default()) {
        Ok(()) => 0,
        Err(Throttled::Until(until)) => until.seconds_since(NOW),
        Err(Throttled::Locked) => u64::MAX,
    }
}

#[test]
fn three_are_free_then_the_delay_rises_then_it_stops() {
    let waits = [0, 1, 2, 3, 4, 10, 99, 100, 101].map(wait_after);
    assert_eq!(waits, [0, 0, 0, 15, 20, 50, 495, u64::MAX, u64::MAX]);
}

#[test]
fn a_hundred_failures_take_hours() {
    let seconds: u64 = (0..100).map(wait_after).sum();
    assert_eq!(seconds, 5 * (3..100).sum::<u64>());
    assert!(seconds > 6 * 60 * 60);
}

#[test]
fn the_delay_has_a_longest() {
    let policy = ThrottlePolicy::new(0, 3600, 7200, 100).unwrap();
    assert_eq!(after_failures(99).check(NOW, policy), Err(Throttled::Until(NOW.after(7200))));
}

#[test]
fn a_try_is_evaluated_from_that_second_on() {
    let throttle = after_failures(3);
    let check = |seconds| throttle.check(NOW.after(seconds), ThrottlePolicy::default());
    assert_eq!(check(14), Err(Throttled::Until(NOW.after(15))));
    assert_eq!(check(15), Ok(()));
}

#[test]
fn a_last_failure_a_little_in_the_future_still_waits() {
    // Written by another host whose clock is ahead.
    let throttle = Throttle { failures: 3, failed_at: NOW.after(15) };
    assert_eq!(throttle.check(NOW, ThrottlePolicy::default()), Err(Throttled::Until(NOW.after(30))));
}

#[test]
fn a_clock_set_back_locks_nobody_out() {
    let far_ahead = |failures| Throttle { failures, failed_at: NOW.after(16) };
    assert_eq!(far_ahead(3).check(NOW, ThrottlePolicy::default()), Ok(()));
    assert_eq!(far_ahead(100).check(NOW, ThrottlePolicy::default()), Err(Throttled::Locked));
    let last_second = Throttle { failures: 99, failed_at: UnixTime(u64::MAX) };
    assert_eq!(last_second.check(UnixTime(0), ThrottlePolicy::default()), Ok(()));
    assert!(last_second.check(UnixTime(u64::MAX - 1), ThrottlePolicy::default()).is_err());
}

#[test]
fn without_a_failure_nothing_waits() {
    for policy in [ThrottlePolicy::default(), ThrottlePolicy::new(0, 3600, 86_400, 1).unwrap()] {
        for failed_at in [0, NOW.0, NOW.0 + 1, u64::MAX].map(UnixTime) {
            assert_eq!(Throttle { failures: 0, failed_at }.check(NOW, policy), Ok(()));
        }
    }
}

#[test]
fn failures_are_counted_without_overflow() {
    let counted = after_failures(2).after_failure(NOW.after(5));
    assert_eq!(counted, Throttle { failures: 3, failed_at: NOW.after(5) });
    let most = Throttle { failures: u32::MAX, failed_at: NOW };
    assert_eq!(most.after_failure(NOW), most);
    assert_eq!(most.check(NOW, ThrottlePolicy::default()), Err(Throttled::Locked));
}

#[test]
fn the_policy_has_hard_limits() {
    assert!(ThrottlePolicy::new(10, 3600, 86_400, 100).is_ok());
    assert!(ThrottlePolicy::new(0, 0, 0, 1).is_ok());
    assert_eq!(ThrottlePolicy::new(3, 5, 3600, 100).unwrap(), ThrottlePolicy::default());
    let refused =
        |free, delay, longest, most| ThrottlePolicy::new(free, delay, longest, most).unwrap_err().to_string();
    assert_eq!(refused(0, 0, 0, 0), "the failures until the hard stop must be 1 to 100");
    assert_eq!(refused(0, 0, 0, 101), "the failures until the hard stop must be 1 to 100");
    assert_eq!(refused(11, 0, 0, 100), "the failures without a delay must be 0 to 10");
    assert_eq!(refused(5, 0, 0, 5), "the failures without a delay must be 0 to 4");
    assert_eq!(refused(0, 3601, 0, 5), "the delay in seconds must be 0 to 3600");
    let longest = ThrottlePolicy::new(0, 0, 86_401, 5);
    assert_eq!(longest, Err(LimitExceeded { name: "the longest delay in seconds", least: 0, most: 86_400 }));
}
