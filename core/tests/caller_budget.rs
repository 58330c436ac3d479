//! What one calling user's wrong codes cost, and how they are forgiven.
#![allow(clippy::unwrap_used)]

use keyfob_core::{CallerBudget, CallerPolicy, Throttle, ThrottlePolicy, Throttled, UnixTime};

const START: u64 = 1_800_000_000;

/// After so many failures at the start.
fn spent(failures: u32, policy: CallerPolicy) -> CallerBudget {
    (0..failures).fold(CallerBudget::default(), |budget, _| budget.after_failure(UnixTime(START), policy))
}

#[test]
fn ten_are_given_and_one_comes_back_every_8640_seconds() {
    let policy = CallerPolicy::default();
    assert_eq!(spent(9, policy).check(UnixTime(START), policy), Ok(()));
    let spent = spent(10, policy);
    let until = UnixTime(START + 8640);
    assert_eq!(spent.check(UnixTime(START), policy), Err(Throttled::Until(until)));
    assert_eq!(spent.check(UnixTime(until.0 - 1), policy), Err(Throttled::Until(until)));
    assert_eq!(spent.check(until, policy), Ok(()));
}

#[test]
fn a_regained_try_is_one_try() {
    let policy = CallerPolicy::default();
    // One try was regained, and half of the time of the next has passed.
    let now = UnixTime(START + 8640 + 4320);
    let again = spent(10, policy).after_failure(now, policy);
    assert_eq!(again.check(now, policy), Err(Throttled::Until(UnixTime(START + 2 * 8640))));
}

#[test]
fn after_a_long_time_all_are_back_and_no_more() {
    let policy = CallerPolicy::default();
    let now = UnixTime(START + 1_000_000);
    let once = spent(10, policy).after_failure(now, policy);
    assert_eq!(once, CallerBudget { failures: 1, since: now });
}

#[test]
fn a_narrower_policy_holds_at_once() {
    let narrow = CallerPolicy::new(3, 100).unwrap();
    let budget = spent(5, CallerPolicy::default());
    assert_eq!(budget.check(UnixTime(START), narrow), Err(Throttled::Until(UnixTime(START + 300))));
}

#[test]
fn a_clock_that_was_set_back_keeps_nobody_waiting() {
    let policy = CallerPolicy::new(2, 100).unwrap();
    let budget = spent(2, policy);
    assert!(budget.check(UnixTime(START - 200), policy).is_err());
    assert_eq!(budget.check(UnixTime(START - 201), policy), Ok(()));
}

#[test]
fn the_hard_limits_of_the_policy() {
    for (failures, regain, good) in
        [(1, 1, true), (100, 86400, true), (0, 1, false), (101, 1, false), (1, 0, false), (1, 86401, false)]
    {
        assert_eq!(CallerPolicy::new(failures, regain).is_ok(), good, "{failures} {regain}");
    }
}

#[test]
fn others_have_half_of_an_accounts_tries() {
    for (max, failures, good) in
        [(100, 49, true), (100, 50, false), (5, 2, true), (5, 3, false), (1, 0, true), (1, 1, false)]
    {
        let policy = ThrottlePolicy::new(0, 5, 3600, max).unwrap();
        let throttle = Throttle { failures, failed_at: UnixTime(START) };
        assert_eq!(throttle.check_for_others(policy).is_ok(), good, "{failures} of {max}");
    }
}
