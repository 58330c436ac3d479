//! Parts of long lists, and how a device's clock has moved.
#![allow(clippy::unwrap_used)]

mod support;

use keyfob_core::{Drift, Position, UnixTime};
use keyfob_store::{Counts, DeviceFilter, NewDevice, Origin, StoredDrift};
use support::{Scratch, add_account, associate, new_device, serial, totp};

const ALL: DeviceFilter =
    DeviceFilter { after: None, text: None, is_associated: None, is_software: None, limit: 100 };

const DAY: u64 = 24 * 60 * 60;

/// A1 and A2 are Alice's, A2 is a software device, b3 and C4 are nobody's.
fn four_devices() -> Scratch {
    let scratch = Scratch::with_store();
    scratch.act(|act| {
        let alice = add_account(act, "alice");
        for (text, is_software) in [("C4", false), ("A1", false), ("b3", false), ("A2", true)] {
            let id = act.next_device_id().unwrap();
            let origin = if is_software { Origin::Software { creator: None } } else { Origin::Imported };
            let device = NewDevice { origin, ..new_device(id, text, Position::default()) };
            act.add_device(&device, UnixTime(60)).unwrap();
        }
        for text in ["A1", "A2"] {
            let device = act.device(&serial(text)).unwrap().unwrap();
            associate(act, &device, &alice);
        }
    });
    scratch
}

#[test]
fn a_page_of_devices_holds_what_fits_in_the_order_of_serial_numbers() {
    let scratch = four_devices();
    let fits = |filter: DeviceFilter| {
        let devices = scratch.act(|act| act.devices_matching(&filter).unwrap());
        devices.iter().map(|device| device.serial.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(fits(ALL), "A1 A2 C4 b3");
    assert_eq!(fits(DeviceFilter { limit: 2, ..ALL }), "A1 A2");
    assert_eq!(fits(DeviceFilter { after: Some(serial("A2")), limit: 1, ..ALL }), "C4");
    assert_eq!(fits(DeviceFilter { after: Some(serial("B")), ..ALL }), "C4 b3");
    assert_eq!(fits(DeviceFilter { is_associated: Some(true), ..ALL }), "A1 A2");
    assert_eq!(fits(DeviceFilter { is_associated: Some(false), limit: 1, ..ALL }), "C4");
    assert_eq!(fits(DeviceFilter { is_software: Some(true), ..ALL }), "A2");
    assert_eq!(fits(DeviceFilter { is_software: Some(false), ..ALL }), "A1 C4 b3");
    for (text, expected) in [
        ("B3", "b3"),
        ("B-3", "b3"),
        ("-", ""),
        ("LIC", "A1 A2"),
        ("a", "A1 A2"),
        ("%", ""),
        ("_", ""),
        ("x", ""),
    ] {
        assert_eq!(fits(DeviceFilter { text: Some(text.into()), ..ALL }), expected, "{text}");
    }
}

#[test]
fn devices_and_accounts_are_counted() {
    let counts = four_devices().act(|act| act.counts().unwrap());
    assert_eq!(counts, Counts { devices: 4, associated: 2, accounts: 1 });
}

#[test]
fn a_page_of_accounts_comes_after_the_one_before() {
    let scratch = Scratch::with_store();
    scratch.act(|act| ["carol", "alice", "bob"].map(|name| add_account(act, name)));
    let names = |after: Option<&str>, limit| {
        let after = after.map(|name| name.parse().unwrap());
        let accounts = scratch.act(|act| act.accounts_after(after.as_ref(), limit).unwrap());
        accounts.iter().map(|account| account.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(None, 2), ["alice", "bob"]);
    assert_eq!(names(Some("bob"), 2), ["carol"]);
    assert_eq!(names(Some("b"), 1), ["bob"]);
}

/// A TOTP device whose codes were accepted at these times, with the clock so far off then.
fn with_codes(
    codes: impl IntoIterator<Item = (u64, i64)>,
    is_totp: bool,
) -> (Vec<StoredDrift>, Option<UnixTime>) {
    let scratch = Scratch::with_store();
    scratch.act(|act| {
        let id = act.next_device_id().unwrap();
        let mut device = new_device(id, "1001", Position::default());
        if is_totp {
            device.parameters = totp();
        }
        act.add_device(&device, UnixTime(60)).unwrap();
        for (counter, (time, seconds)) in (1..).zip(codes) {
            let position = Position { accepted: Some(counter), drift: Drift { seconds, entry_delay: 0 } };
            assert!(act.advance(id, 0, position, UnixTime(time)).unwrap());
        }
        (act.drifts(id).unwrap(), act.device(&serial("1001")).unwrap().unwrap().last_used)
    })
}

#[test]
fn a_clock_is_kept_once_a_day_or_when_it_has_moved_by_a_step() {
    let start = 1000 * DAY;
    let codes = [(start, 5), (start + 60, 34), (start + 120, 35), (start + 180, 5), (start + DAY + 300, 7)];
    let (drifts, last_used) = with_codes(codes, true);
    let kept: Vec<_> = drifts.iter().map(|drift| (drift.time.0 - start, drift.seconds)).collect();
    assert_eq!(kept, [(0, 5), (120, 35), (DAY + 300, 7)]);
    assert_eq!(last_used, Some(UnixTime(start + DAY + 300)));
}

#[test]
fn a_device_has_a_few_rows_and_a_counter_none() {
    let codes = || (0..100).map(|day| (day * 2 * DAY, 0));
    let (drifts, _) = with_codes(codes(), true);
    let days: Vec<_> = drifts.iter().map(|drift| drift.time.0 / DAY / 2).collect();
    assert_eq!(days, (76..100).collect::<Vec<_>>());
    let (drifts, last_used) = with_codes(codes(), false);
    assert!(drifts.is_empty());
    assert_eq!(last_used, Some(UnixTime(99 * 2 * DAY)));
}
