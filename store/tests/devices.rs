//! Devices, their associations, and the one statement that lets a code in.
#![allow(clippy::unwrap_used, clippy::cast_sign_loss)]

mod support;

use keyfob_core::{Algorithm, Digits, Drift, MovingFactor, Parameters, Period, Position, UnixTime};
use keyfob_store::{
    Association, Device, DeviceId, NewDevice, Origin, SealedSecret, Store, StoreError, Transaction,
};
use support::{Scratch, add_account, add_device, associate, at, new_device, serial, totp};

fn device_at(accepted: Option<u64>) -> (Scratch, Device) {
    let scratch = Scratch::with_device(accepted);
    let device = scratch.act(|act| act.device(&serial("1001")).unwrap().unwrap());
    (scratch, device)
}

#[test]
fn a_device_is_read_back_as_it_was_added() {
    let scratch = Scratch::with_store();
    for (algorithm, digits) in [(Algorithm::Sha1, 6), (Algorithm::Sha256, 8), (Algorithm::Sha512, 10)] {
        for moving_factor in [MovingFactor::Counter, extreme_time(), totp().moving_factor] {
            let digits = Digits::new(digits).unwrap();
            reads_back(&scratch, Parameters { moving_factor, algorithm, digits });
        }
    }
}

fn extreme_time() -> MovingFactor {
    MovingFactor::Time { period: Period::from_seconds(u32::MAX).unwrap(), t0: UnixTime(u64::MAX) }
}

fn reads_back(scratch: &Scratch, parameters: Parameters) {
    let id = scratch.act(|act| act.next_device_id().unwrap());
    let new = NewDevice {
        id,
        serial: serial(&format!("A_+=/:,.@-{}", id.0)),
        parameters,
        position: Position {
            accepted: Some(u64::MAX),
            drift: Drift { seconds: i64::MIN, entry_delay: u32::MAX },
        },
        sealed: SealedSecret(vec![0, 255, 0]),
        manufacturer: Some("Ünï\u{0}'".into()),
        model: Some(String::new()),
        expires: Some(UnixTime(u64::MAX)),
        origin: Origin::Software { creator: None },
    };
    scratch.act(|act| act.add_device(&new, UnixTime(u64::MAX)).unwrap());
    let expected = Device {
        id,
        serial: new.serial.clone(),
        parameters,
        position: new.position,
        sealed: new.sealed,
        generation: 0,
        association: None,
        manufacturer: new.manufacturer,
        model: new.model,
        expires: new.expires,
        imported: UnixTime(u64::MAX),
        last_used: None,
        origin: new.origin,
    };
    assert_eq!(scratch.act(|act| act.device(&new.serial).unwrap()), Some(expected));
}

#[test]
fn a_serial_number_is_there_once() {
    let scratch = Scratch::with_device(None);
    let mut store = scratch.open();
    let mut act = store.transaction().unwrap();
    let id = act.next_device_id().unwrap();
    let again = act.add_device(&new_device(id, "1001", Position::default()), UnixTime(1));
    assert!(matches!(again, Err(StoreError::Unusable { .. })), "{again:?}");
}

#[test]
fn a_device_id_is_used_once() {
    let scratch = Scratch::with_store();
    let first = scratch.act(|act| add_device(act, "1", Position::default()).id);
    scratch.act(|act| act.remove_device(first).unwrap());
    scratch.act(|act| {
        assert_eq!(act.device(&serial("1")).unwrap(), None);
        let (second, third) = (act.next_device_id().unwrap(), act.next_device_id().unwrap());
        assert!(first < second && second < third);
    });
}

#[test]
fn a_typed_serial_number_means_the_exact_device_or_else_the_only_one_that_differs_in_case_and_dashes() {
    let scratch = Scratch::with_store();
    scratch.act(|act| {
        for text in ["AB-12", "CD34", "cd-34", "ef-56"] {
            add_device(act, text, Position::default());
        }
        for (typed, meant) in [
            ("AB-12", Some("AB-12")),
            ("ab12", Some("AB-12")),
            ("a-b-1-2", Some("AB-12")),
            ("EF56", Some("ef-56")),
            // Two differ in nothing else: only the exact one is meant.
            ("CD34", Some("CD34")),
            ("cd-34", Some("cd-34")),
            ("cd34", None),
            ("CD-34", None),
            ("AB-1", None),
            ("AB_12", None),
            ("-", None),
        ] {
            let found = act.device_as_typed(&serial(typed)).unwrap().map(|device| device.serial);
            assert_eq!(found, meant.map(serial), "{typed}");
        }
    });
}

#[test]
fn devices_are_listed_by_serial_number() {
    let scratch = Scratch::with_store();
    scratch.act(|act| {
        for text in ["B", "a", "C"] {
            add_device(act, text, Position::default());
        }
        let serials: Vec<_> =
            act.devices().unwrap().into_iter().map(|device| device.serial.to_string()).collect();
        assert_eq!(serials, ["B", "C", "a"]);
    });
}

#[test]
fn an_accounts_devices_are_listed_by_association() {
    let scratch = Scratch::with_store();
    scratch.act(|act| {
        let (alice, bob) = (add_account(act, "alice"), add_account(act, "bob"));
        for (text, since) in [("1", 300), ("2", 20), ("3", 20)] {
            let device = add_device(act, text, Position::default());
            let association = Association { account: alice.id, since: UnixTime(since) };
            act.set_association(device.id, Some(association), 1, &device.sealed).unwrap();
        }
        let of_bob = add_device(act, "4", Position::default());
        associate(act, &of_bob, &bob);
        add_device(act, "5", Position::default());
        let serials: Vec<_> =
            act.devices_of(alice.id).unwrap().iter().map(|device| device.serial.to_string()).collect();
        assert_eq!(serials, ["2", "3", "1"]);
        assert_eq!((act.device_count(alice.id).unwrap(), act.device_count(bob.id).unwrap()), (3, 1));
    });
}

#[test]
fn an_association_comes_with_its_generation_and_secret_and_keeps_the_position() {
    let (scratch, before) = device_at(Some(7));
    scratch.act(|act| act.set_association(before.id, None, 2, &SealedSecret(vec![9])).unwrap());
    let after = scratch.act(|act| act.device(&before.serial).unwrap().unwrap());
    assert_eq!(after, Device { association: None, generation: 2, sealed: SealedSecret(vec![9]), ..before });
}

#[test]
fn a_generation_only_grows() {
    let (scratch, device) = device_at(None);
    let mut store = scratch.open();
    for generation in [0, device.generation] {
        let mut act = store.transaction().unwrap();
        let result = act.set_association(device.id, None, generation, &device.sealed);
        assert!(matches!(result, Err(StoreError::Unusable { .. })), "{result:?}");
    }
}

#[test]
fn what_is_not_there_is_not_changed() {
    let scratch = Scratch::with_store();
    for step in [
        |act: &mut dyn Transaction| act.remove_device(DeviceId(7)),
        |act: &mut dyn Transaction| act.set_association(DeviceId(7), None, 1, &SealedSecret(vec![])),
    ] {
        let mut store = scratch.open();
        let result = step(&mut *store.transaction().unwrap());
        assert!(matches!(result, Err(StoreError::Unusable { .. })), "{result:?}");
    }
    scratch.act(|act| assert!(!act.advance(DeviceId(7), 0, at(1), UnixTime(80)).unwrap()));
}

#[test]
fn a_counter_only_grows() {
    for (stands, tried, moves) in [
        (None, 0, true),
        (None, u64::MAX, true),
        (Some(0), 0, false),
        (Some(0), 1, true),
        (Some(255), 256, true),
        (Some(256), 255, false),
        (Some(i64::MAX as u64), i64::MAX as u64 + 1, true),
        (Some(i64::MAX as u64 + 1), i64::MAX as u64, false),
        (Some(u64::MAX - 1), u64::MAX, true),
        (Some(u64::MAX), u64::MAX, false),
        (Some(u64::MAX), 0, false),
    ] {
        let (scratch, device) = device_at(stands);
        let moved =
            scratch.act(|act| act.advance(device.id, device.generation, at(tried), UnixTime(80)).unwrap());
        assert_eq!(moved, moves, "{stands:?} to {tried}");
        let expected = if moves { Some(tried) } else { stands };
        assert_eq!(support::accepted(&scratch), expected, "{stands:?} to {tried}");
    }
}

#[test]
fn a_position_without_a_counter_changes_nothing() {
    for stands in [None, Some(5)] {
        let (scratch, device) = device_at(stands);
        let position = Position { accepted: None, drift: Drift { seconds: 3, entry_delay: 0 } };
        assert!(
            !scratch.act(|act| act.advance(device.id, device.generation, position, UnixTime(80)).unwrap())
        );
        assert_eq!(scratch.act(|act| act.device(&device.serial).unwrap()), Some(device));
    }
}

#[test]
fn the_drift_moves_with_the_counter() {
    let (scratch, device) = device_at(Some(5));
    let forward = Position { accepted: Some(6), drift: Drift { seconds: -61, entry_delay: 4 } };
    let backward = Position { accepted: Some(5), drift: Drift { seconds: 9, entry_delay: 9 } };
    assert!(scratch.act(|act| act.advance(device.id, device.generation, forward, UnixTime(80)).unwrap()));
    assert!(!scratch.act(|act| act.advance(device.id, device.generation, backward, UnixTime(80)).unwrap()));
    assert_eq!(scratch.act(|act| act.device(&device.serial).unwrap().unwrap().position), forward);
}

#[test]
fn a_code_of_an_earlier_association_is_not_accepted() {
    let (scratch, device) = device_at(Some(5));
    for generation in [device.generation - 1, device.generation + 1, u64::MAX] {
        assert!(
            !scratch.act(|act| act.advance(device.id, generation, at(6), UnixTime(80)).unwrap()),
            "{generation}"
        );
    }
    assert_eq!(support::accepted(&scratch), Some(5));
}

#[test]
fn an_act_that_is_dropped_changes_nothing() {
    let (scratch, device) = device_at(Some(5));
    let mut store = scratch.open();
    let mut act = store.transaction().unwrap();
    assert!(act.advance(device.id, device.generation, at(6), UnixTime(80)).unwrap());
    drop(act);
    assert_eq!(store.transaction().unwrap().device(&device.serial).unwrap(), Some(device));
}

#[test]
fn an_act_with_a_failed_step_is_not_committed() {
    let (scratch, device) = device_at(Some(5));
    let mut store = scratch.open();
    let mut act = store.transaction().unwrap();
    assert!(act.advance(device.id, device.generation, at(6), UnixTime(80)).unwrap());
    assert!(act.remove_device(DeviceId(999)).is_err());
    assert!(act.device(&device.serial).is_err(), "no step runs after one that failed");
    assert!(matches!(act.commit(), Err(StoreError::Unusable { .. })));
    assert_eq!(store.transaction().unwrap().device(&device.serial).unwrap(), Some(device));
}
