//! Accounts, their throttles and their recovery codes.
#![allow(clippy::unwrap_used)]

mod support;

use keyfob_core::{AccountName, HashedRecoveryCode, Position, Throttle, UnixTime};
use keyfob_store::{AccountId, Purpose, RecoveryCodes, Store, StoreError, Transaction, UnusedRecoveryCode};
use support::{Scratch, add_account, add_device, associate};

fn name(text: &str) -> AccountName {
    text.parse().unwrap()
}

fn unused(byte: u8, expires: Option<u64>) -> UnusedRecoveryCode {
    UnusedRecoveryCode { hash: HashedRecoveryCode([byte; 32]), expires: expires.map(UnixTime) }
}

fn codes(salt: u8, hashes: &[u8]) -> RecoveryCodes {
    RecoveryCodes { salt: [salt; 16], unused: hashes.iter().map(|byte| unused(*byte, None)).collect() }
}

#[test]
fn an_account_is_read_back_as_it_was_added() {
    let scratch = Scratch::with_store();
    let added = scratch.act(|act| {
        [
            act.add_account(&name("bob"), Some(u32::MAX), UnixTime(u64::MAX)).unwrap(),
            act.add_account(&name("Ünï@example"), None, UnixTime(0)).unwrap(),
        ]
    });
    scratch.act(|act| {
        for account in &added {
            assert_eq!(act.account(&account.name).unwrap().as_ref(), Some(account));
            assert_eq!(act.account_by_id(account.id).unwrap(), *account);
        }
        assert_eq!(act.accounts().unwrap(), added);
    });
}

#[test]
fn a_name_is_compared_byte_for_byte() {
    let scratch = Scratch::with_store();
    scratch.act(|act| {
        let alice = add_account(act, "alice");
        assert_eq!(act.account(&name("ALICE")).unwrap(), None);
        assert_ne!(add_account(act, "ALICE").id, alice.id);
    });
}

#[test]
fn a_name_is_known_once() {
    let scratch = Scratch::with_store();
    scratch.act(|act| add_account(act, "alice"));
    let mut store = scratch.open();
    let mut act = store.transaction().unwrap();
    let again = act.add_account(&name("alice"), None, UnixTime(1));
    assert!(matches!(again, Err(StoreError::Unusable { .. })), "{again:?}");
}

#[test]
fn a_uid_changes() {
    let scratch = Scratch::with_store();
    let alice = scratch.act(|act| add_account(act, "alice"));
    for uid in [None, Some(0), Some(u32::MAX)] {
        scratch.act(|act| act.set_uid(alice.id, uid).unwrap());
        assert_eq!(scratch.act(|act| act.account_by_id(alice.id).unwrap().uid), uid);
    }
}

#[test]
fn what_is_not_there_is_not_changed() {
    let scratch = Scratch::with_store();
    for step in [
        |act: &mut dyn Transaction| act.set_uid(AccountId(7), None),
        |act: &mut dyn Transaction| act.remove_account(AccountId(7)),
    ] {
        let mut store = scratch.open();
        let result = step(&mut *store.transaction().unwrap());
        assert!(matches!(result, Err(StoreError::Unusable { .. })), "{result:?}");
    }
}

#[test]
fn a_removed_account_takes_its_throttles_and_recovery_codes_along() {
    let scratch = Scratch::with_store();
    scratch.act(|act| {
        let alice = add_account(act, "alice");
        act.set_throttle(alice.id, Purpose::SignIn, Throttle { failures: 4, failed_at: UnixTime(9) })
            .unwrap();
        act.set_recovery_codes(alice.id, &codes(1, &[1, 2])).unwrap();
        act.remove_account(alice.id).unwrap();
        assert_eq!(act.account(&alice.name).unwrap(), None);
        assert_eq!(act.throttle(alice.id, Purpose::SignIn).unwrap(), Throttle::default());
        assert_eq!(act.recovery_codes(alice.id).unwrap(), None);
        assert!(!act.spend_recovery_code(alice.id, &HashedRecoveryCode([1; 32])).unwrap());
        assert_ne!(add_account(act, "alice").id, alice.id, "an id is used once");
    });
}

#[test]
fn an_account_with_a_device_stays() {
    let scratch = Scratch::with_device(None);
    let mut store = scratch.open();
    let mut act = store.transaction().unwrap();
    let alice = act.account(&name("alice")).unwrap().unwrap();
    let removed = act.remove_account(alice.id);
    assert!(matches!(removed, Err(StoreError::Unusable { .. })), "{removed:?}");
    drop(act);
    assert!(store.transaction().unwrap().account_by_id(alice.id).is_ok());
}

/// A store that stays open remembers what it has read: of a sign-in's beginning for its answer.
#[test]
fn what_was_read_before_is_read_again_where_it_was_changed_and_not_where_that_was_undone() {
    let scratch = Scratch::with_device(None);
    let mut store = scratch.open();
    let mut act = store.transaction().unwrap();
    let alice = act.account(&name("alice")).unwrap().unwrap();
    let (before, devices) = (Throttle::default(), act.devices_of(alice.id).unwrap());
    let device = devices.first().unwrap();
    assert_eq!(act.throttle(alice.id, Purpose::SignIn).unwrap(), before);
    act.commit().unwrap();

    let changed = Throttle { failures: 4, failed_at: UnixTime(9) };
    let mut change = |is_kept: bool| {
        let mut act = store.transaction().unwrap();
        act.set_throttle(alice.id, Purpose::SignIn, changed).unwrap();
        act.set_association(device.id, None, 2, &device.sealed).unwrap();
        act.remove_account(alice.id).unwrap();
        assert_eq!(act.account(&alice.name).unwrap(), None, "in the act itself");
        assert_eq!(act.devices_of(alice.id).unwrap(), []);
        if is_kept {
            act.commit().unwrap();
        } else {
            drop(act);
        }
        let mut after = store.transaction().unwrap();
        let account = after.account(&alice.name).unwrap();
        (account, after.devices_of(alice.id).unwrap(), after.throttle(alice.id, Purpose::SignIn).unwrap())
    };
    assert_eq!(change(false), (Some(alice.clone()), devices.clone(), before));
    assert_eq!(change(true), (None, Vec::new(), before));
}

#[test]
fn an_id_without_its_account_is_damage() {
    let scratch = Scratch::with_store();
    let mut store = scratch.open();
    let result = store.transaction().unwrap().account_by_id(AccountId(7));
    assert!(matches!(result, Err(StoreError::Corrupt { .. })), "{result:?}");
}

#[test]
fn an_account_whose_device_was_released_goes() {
    let scratch = Scratch::with_store();
    scratch.act(|act| {
        let alice = add_account(act, "alice");
        let device = add_device(act, "1", Position::default());
        associate(act, &device, &alice);
        act.set_association(device.id, None, 2, &device.sealed).unwrap();
        act.remove_account(alice.id).unwrap();
    });
}

#[test]
fn failures_are_counted_apart() {
    let scratch = Scratch::with_store();
    let failed = Throttle { failures: u32::MAX, failed_at: UnixTime(u64::MAX) };
    scratch.act(|act| {
        let (alice, bob) = (add_account(act, "alice"), add_account(act, "bob"));
        act.set_throttle(alice.id, Purpose::SignIn, failed).unwrap();
        assert_eq!(act.throttle(alice.id, Purpose::SignIn).unwrap(), failed);
        assert_eq!(act.throttle(alice.id, Purpose::Association).unwrap(), Throttle::default());
        assert_eq!(act.throttle(bob.id, Purpose::SignIn).unwrap(), Throttle::default());
    });
}

#[test]
fn a_throttle_is_written_over_and_forgiven() {
    let scratch = Scratch::with_store();
    let after = |failures| Throttle { failures, failed_at: UnixTime(40) };
    let alice = scratch.act(|act| add_account(act, "alice"));
    for throttle in [after(1), after(2), Throttle::default(), after(1)] {
        scratch.act(|act| act.set_throttle(alice.id, Purpose::Association, throttle).unwrap());
        assert_eq!(scratch.act(|act| act.throttle(alice.id, Purpose::Association).unwrap()), throttle);
    }
}

#[test]
fn a_recovery_code_is_spent_once() {
    let scratch = Scratch::with_store();
    let one = HashedRecoveryCode([1; 32]);
    let alice = scratch.act(|act| {
        let alice = add_account(act, "alice");
        act.set_recovery_codes(alice.id, &codes(5, &[1, 2])).unwrap();
        alice
    });
    assert!(scratch.act(|act| act.spend_recovery_code(alice.id, &one).unwrap()));
    assert!(!scratch.act(|act| act.spend_recovery_code(alice.id, &one).unwrap()));
    assert_eq!(scratch.act(|act| act.recovery_codes(alice.id).unwrap()), Some(codes(5, &[2])));
    assert!(scratch.act(|act| act.spend_recovery_code(alice.id, &HashedRecoveryCode([2; 32])).unwrap()));
    assert_eq!(scratch.act(|act| act.recovery_codes(alice.id).unwrap()), Some(codes(5, &[])));
}

#[test]
fn a_recovery_code_is_its_accounts_own() {
    let scratch = Scratch::with_store();
    scratch.act(|act| {
        let (alice, bob) = (add_account(act, "alice"), add_account(act, "bob"));
        act.set_recovery_codes(alice.id, &codes(5, &[1])).unwrap();
        assert_eq!(act.recovery_codes(bob.id).unwrap(), None);
        assert!(!act.spend_recovery_code(bob.id, &HashedRecoveryCode([1; 32])).unwrap());
    });
}

#[test]
fn a_recovery_code_keeps_its_end() {
    let scratch = Scratch::with_store();
    let alice = scratch.act(|act| act.add_account(&name("alice"), None, UnixTime(1)).unwrap());
    let mut kept = codes(5, &[1]);
    kept.unused.push(unused(2, Some(u64::MAX)));
    scratch.act(|act| act.set_recovery_codes(alice.id, &kept).unwrap());
    assert_eq!(scratch.act(|act| act.recovery_codes(alice.id).unwrap()), Some(kept.clone()));
    let at = |second| kept.unused.iter().map(|code| code.is_good(UnixTime(second))).collect::<Vec<_>>();
    assert_eq!([at(u64::MAX - 1), at(u64::MAX)], [[true, true], [true, false]]);
}

#[test]
fn new_recovery_codes_replace_the_old_ones() {
    let scratch = Scratch::with_store();
    scratch.act(|act| {
        let alice = add_account(act, "alice");
        act.set_recovery_codes(alice.id, &codes(5, &[1, 2, 3])).unwrap();
        act.set_recovery_codes(alice.id, &codes(6, &[4])).unwrap();
        assert_eq!(act.recovery_codes(alice.id).unwrap(), Some(codes(6, &[4])));
        assert!(!act.spend_recovery_code(alice.id, &HashedRecoveryCode([1; 32])).unwrap());
    });
}
