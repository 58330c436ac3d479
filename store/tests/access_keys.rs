//! Access keys, and tags and origin of devices.
#![allow(clippy::unwrap_used)]

mod support;

use keyfob_core::{Position, UnixTime};
use keyfob_store::{
    AccessKeyId, AccountId, NewDevice, Origin, RememberedChange, SealedSecret, StoredAccessKey,
    StoredSession, Transaction,
};
use support::{Scratch, add_account, add_device, new_device, serial};

fn id(text: &str) -> AccessKeyId {
    text.parse().unwrap()
}

fn kept(account: AccountId) -> StoredAccessKey {
    StoredAccessKey { id: id("AKIAABCDEFGHIJKLMNOP"), account, created: UnixTime(70), session: None }
}

fn of_session(account: AccountId, expires: u64) -> StoredAccessKey {
    let session = StoredSession { token: [7; 32], expires: UnixTime(expires) };
    let id = id("ASIAABCDEFGHIJKLMNOP");
    StoredAccessKey { id, account, created: UnixTime(60), session: Some(session) }
}

#[test]
fn what_is_added_is_read_back_and_only_kept_ones_are_listed() {
    let scratch = Scratch::with_store();
    scratch.act(|act| {
        let account = add_account(act, "alice").id;
        let (kept, session) = (kept(account), of_session(account, u64::MAX));
        for key in [&kept, &session] {
            assert_eq!(act.access_key(&key.id).unwrap(), None);
            act.add_access_key(key).unwrap();
            assert_eq!(act.access_key(&key.id).unwrap().as_ref(), Some(key));
        }
        assert_eq!(act.access_keys().unwrap(), [kept]);
    });
}

#[test]
fn a_session_is_dropped_from_its_end_on_and_a_kept_key_is_not() {
    let scratch = Scratch::with_store();
    scratch.act(|act| {
        let account = add_account(act, "alice").id;
        act.add_access_key(&kept(account)).unwrap();
        let session = of_session(account, 100);
        act.add_access_key(&session).unwrap();
        act.remove_expired_access_keys(UnixTime(99)).unwrap();
        assert!(act.access_key(&session.id).unwrap().is_some());
        act.remove_expired_access_keys(UnixTime(100)).unwrap();
        assert_eq!(act.access_key(&session.id).unwrap(), None);
        assert_eq!(act.access_keys().unwrap().len(), 1);
    });
}

#[test]
fn access_keys_go_with_their_account() {
    let scratch = Scratch::with_store();
    scratch.act(|act| {
        let account = add_account(act, "alice").id;
        act.add_access_key(&kept(account)).unwrap();
        act.remove_account(account).unwrap();
        assert_eq!(act.access_keys().unwrap(), []);
    });
}

#[test]
fn tags_are_set_replaced_taken_away_and_go_with_their_device() {
    let scratch = Scratch::with_store();
    scratch.act(|act| {
        let device = add_device(act, "1", Position::default()).id;
        for (key, value) in [("site", "Bonn"), ("a", ""), ("site", "Köln")] {
            act.set_tag(device, key, value).unwrap();
        }
        let tag = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(act.tags(device).unwrap(), [tag("a", ""), tag("site", "Köln")]);
        act.remove_tag(device, "a").unwrap();
        act.remove_tag(device, "never there").unwrap();
        assert_eq!(act.tags(device).unwrap(), [tag("site", "Köln")]);
        act.remove_device(device).unwrap();
        assert_eq!(act.tags(device).unwrap(), []);
    });
}

#[test]
fn a_creator_has_so_many_devices_that_nobody_has_and_may_go() {
    let scratch = Scratch::with_store();
    scratch.act(|act| {
        let alice = add_account(act, "alice").id;
        let device = add_software_device(act, alice);
        add_device(act, "2", Position::default());
        assert_eq!(act.unassociated_count(alice).unwrap(), 1);
        let association = keyfob_store::Association { account: alice, since: UnixTime(1) };
        act.set_association(device.id, Some(association), 1, &SealedSecret(vec![4])).unwrap();
        assert_eq!(act.unassociated_count(alice).unwrap(), 0);
        act.set_association(device.id, None, 2, &SealedSecret(vec![5])).unwrap();
        act.remove_account(alice).unwrap();
        let found = act.device(&serial("1")).unwrap().unwrap();
        assert_eq!(found.origin, Origin::Software { creator: None });
    });
}

fn add_software_device(act: &mut dyn Transaction, creator: AccountId) -> NewDevice {
    let id = act.next_device_id().unwrap();
    let origin = Origin::Software { creator: Some(creator) };
    let device = NewDevice { origin, ..new_device(id, "1", Position::default()) };
    act.add_device(&device, UnixTime(60)).unwrap();
    assert_eq!(act.device(&device.serial).unwrap().unwrap().origin, origin);
    device
}

#[test]
fn a_signed_change_is_remembered_until_its_signature_no_longer_counts() {
    let scratch = Scratch::with_store();
    let find = |name: u8, now: u64| scratch.act(|act| act.signed_change(&[name; 32], UnixTime(now)).unwrap());
    let remember = |name: u8, outcome: Option<&[u8]>, now: u64| {
        let change = RememberedChange { outcome: outcome.map(<[u8]>::to_vec) };
        let (now, expires) = (UnixTime(now), UnixTime(now + 10));
        scratch.act(|act| act.remember_signed_change(&[name; 32], &change, now, expires).unwrap());
        change
    };
    assert_eq!(find(1, 100), None);
    assert_eq!(Some(remember(1, None, 100)), find(1, 100));
    assert_eq!(Some(remember(2, Some(b"done"), 105)), find(2, 105));
    // How it ended is added, and does not make it last longer.
    assert_eq!(Some(remember(1, Some(b"refused"), 106)), find(1, 110));
    assert_eq!(find(1, 111), None);
    assert!(find(2, 111).is_some());
    remember(3, None, 111);
    assert_eq!(scratch.act(|act| act.signed_change(&[1; 32], UnixTime(0)).unwrap()), None, "forgotten");
}
