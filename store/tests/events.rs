//! The audit log.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use keyfob_core::UnixTime;
use keyfob_store::{Act, Event, EventFilter, EventId, NewEvent, Outcome, Retention, Transaction};
use support::{KEEP_ALL, Scratch, event, serial};

fn all(act: &mut dyn Transaction) -> Vec<Event> {
    act.events(&EventFilter::default()).unwrap()
}

fn times(act: &mut dyn Transaction) -> Vec<u64> {
    all(act).iter().map(|event| event.time.0).collect()
}

fn append(act: &mut dyn Transaction, times: impl IntoIterator<Item = u64>, retention: Retention) {
    for time in times {
        act.append_event(&event(time), retention).unwrap();
    }
}

#[test]
fn an_event_is_read_back_as_it_was_appended() {
    let scratch = Scratch::with_store();
    for act in Act::ALL {
        for outcome in [Outcome::Done, Outcome::Refused] {
            let bare =
                NewEvent { act, outcome, account: None, serial: None, remote: None, ..event(u64::MAX) };
            let full = NewEvent { act, outcome, reason: Some("wrong-code"), ..event(0) };
            reads_back(&scratch, &bare);
            reads_back(&scratch, &full);
        }
    }
}

fn reads_back(scratch: &Scratch, new: &NewEvent) {
    scratch.act(|act| act.append_event(new, KEEP_ALL).unwrap());
    let last = scratch.act(|act| all(act).pop().unwrap());
    let expected = Event {
        id: last.id,
        time: new.time,
        act: new.act,
        account: new.account.clone(),
        serial: new.serial.clone(),
        door: new.door.clone(),
        remote: new.remote.clone(),
        outcome: new.outcome,
        reason: new.reason.map(str::to_owned),
    };
    assert_eq!(last, expected);
}

#[test]
fn the_longest_event_fits_and_a_longer_one_is_refused() {
    let scratch = Scratch::with_store();
    let longest = NewEvent {
        account: Some("a".repeat(128)),
        serial: Some(serial(&"s".repeat(256))),
        door: "d".repeat(64),
        remote: Some("r".repeat(256)),
        ..event(1)
    };
    reads_back(&scratch, &longest);
    for longer in [
        NewEvent { account: Some("ä".repeat(65)), ..event(1) },
        NewEvent { door: "d".repeat(65), ..event(1) },
        NewEvent { remote: Some("r".repeat(257)), ..event(1) },
    ] {
        let mut store = scratch.open();
        let mut act = keyfob_store::Store::transaction(&mut store).unwrap();
        assert!(act.append_event(&longer, KEEP_ALL).is_err(), "{longer:?}");
    }
}

#[test]
fn a_filter_lets_only_what_fits_through() {
    let scratch = Scratch::with_store();
    let of_bob = NewEvent { account: Some("bob".into()), ..event(2) };
    let of_another_device = NewEvent { serial: Some(serial("2002")), ..event(3) };
    let of_no_device = NewEvent { serial: None, ..event(4) };
    let fits = |filter: &EventFilter| {
        scratch.act(|act| act.events(filter).unwrap().iter().map(|event| event.time.0).collect::<Vec<_>>())
    };
    scratch.act(|act| {
        for new in [&event(1), &of_bob, &of_another_device, &of_no_device] {
            act.append_event(new, KEEP_ALL).unwrap();
        }
    });
    let (account, device) = (Some("alice".parse().unwrap()), Some(serial("1001")));
    let second = scratch.act(|act| all(act)[1].id);
    assert_eq!(fits(&EventFilter::default()), [1, 2, 3, 4]);
    assert_eq!(fits(&EventFilter { account: account.clone(), ..EventFilter::default() }), [1, 3, 4]);
    assert_eq!(fits(&EventFilter { serial: device.clone(), ..EventFilter::default() }), [1, 2]);
    assert_eq!(fits(&EventFilter { after: Some(second), ..EventFilter::default() }), [3, 4]);
    assert_eq!(
        fits(&EventFilter { account: account.clone(), serial: device.clone(), ..EventFilter::default() }),
        [1]
    );
    let none = EventFilter { account, serial: device, after: Some(second), ..EventFilter::default() };
    assert_eq!(fits(&none), [] as [u64; 0]);
    let before = Some(EventId(second.0 + 2));
    assert_eq!(fits(&EventFilter { before, ..EventFilter::default() }), [1, 2, 3]);
    assert_eq!(fits(&EventFilter { newest: Some(2), before, ..EventFilter::default() }), [2, 3]);
    assert_eq!(fits(&EventFilter { newest: Some(0), ..EventFilter::default() }), [] as [u64; 0]);
}

/// What is kept no longer goes with every eighth event.
#[test]
fn events_past_the_number_go_oldest_first() {
    let scratch = Scratch::with_store();
    let retention = Retention { max_events: 3, ..KEEP_ALL };
    scratch.act(|act| {
        append(act, 1..=7, retention);
        assert_eq!(times(act), [1, 2, 3, 4, 5, 6, 7]);
        append(act, [8], retention);
        assert_eq!(times(act), [6, 7, 8]);
        append(act, 9..=16, retention);
        assert_eq!(times(act), [14, 15, 16]);
    });
}

#[test]
fn events_past_their_time_go_wherever_they_stand() {
    let scratch = Scratch::with_store();
    scratch.act(|act| {
        append(act, [100, 900, 50, 110, 110, 110, 110], KEEP_ALL);
        append(act, [120], Retention { max_age: 10, ..KEEP_ALL });
        let kept = [900, 110, 110, 110, 110, 120];
        assert_eq!(times(act), kept, "an event of a wrong clock does not keep the others");
    });
}

#[test]
fn the_newest_event_stays_and_no_id_is_used_twice() {
    let scratch = Scratch::with_store();
    let nothing = Retention { max_age: 0, max_events: 0 };
    scratch.act(|act| {
        append(act, [500, 3, 3, 3, 3, 3, 3, 3], nothing);
        let first = all(act);
        append(act, [2; 8], nothing);
        let second = all(act);
        assert_eq!((first.len(), second.len()), (1, 1));
        assert!(first[0].id < second[0].id);
        assert_eq!(second[0].time, UnixTime(2));
    });
}

#[test]
fn a_tightened_policy_is_reached_in_steps() {
    let scratch = Scratch::with_store();
    let tightened = Retention { max_events: 10, ..KEEP_ALL };
    scratch.act(|act| {
        append(act, 1..200, KEEP_ALL);
        append(act, [200], tightened);
        assert_eq!(times(act).len(), 200 - 64);
        append(act, 201..=224, tightened);
        assert_eq!(times(act), (215..=224).collect::<Vec<_>>());
    });
}
