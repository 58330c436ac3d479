//! What is kept for an account's owner, of calling users, and of names without a device.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use keyfob_core::{CallerBudget, Throttle, UnixTime};
use keyfob_store::{Account, DecoyName, NewNotice, NoticeKind, Purpose, StoredNotice, Transaction};
use support::{Scratch, add_account};

fn refusal(door: &str, remote: &str, time: u64) -> NewNotice {
    NewNotice {
        kind: NoticeKind::CodesRefused,
        time: UnixTime(time),
        serial: None,
        door: door.into(),
        remote: Some(remote.into()),
    }
}

/// Keeps the notices for alice and takes them again, each in an act of its own.
fn taken(scratch: &Scratch, notices: &[NewNotice]) -> Vec<StoredNotice> {
    let alice = scratch.act(|act| {
        let alice = add_account(act, "alice");
        for notice in notices {
            act.add_notice(alice.id, notice).unwrap();
        }
        alice
    });
    take(scratch, &alice)
}

fn take(scratch: &Scratch, account: &Account) -> Vec<StoredNotice> {
    scratch.act(|act| act.take_notices(account.id).unwrap())
}

#[test]
fn what_happens_again_is_counted_by_kind_device_and_door() {
    let again = NewNotice { kind: NoticeKind::Associated, ..refusal("pam:sshd", "a", 30) };
    let device = NewNotice { serial: Some("1001".parse().unwrap()), ..again.clone() };
    let notices = taken(
        &Scratch::with_store(),
        &[
            refusal("pam:sshd", "a", 10),
            refusal("pam:sudo", "a", 20),
            again,
            device,
            refusal("pam:sshd", "a", 40),
        ],
    );
    let told: Vec<_> = notices
        .iter()
        .map(|n| (n.kind.name(), n.door.as_str(), n.time.0, n.serial.is_some(), n.count))
        .collect();
    assert_eq!(
        told,
        [
            ("codes-refused", "pam:sudo", 20, false, 1),
            ("associated", "pam:sshd", 30, false, 1),
            ("associated", "pam:sshd", 30, true, 1),
            ("codes-refused", "pam:sshd", 40, false, 2),
        ]
    );
}

#[test]
fn one_of_several_remotes_is_marked() {
    for (remotes, several) in [(["a", "a", "a"], false), (["a", "b", "b"], true), (["a", "b", "a"], true)] {
        let refusals = remotes.map(|remote| refusal("pam:sshd", remote, 10));
        let notices = taken(&Scratch::with_store(), &refusals);
        assert_eq!((notices[0].several_remotes, notices[0].count), (several, 3), "{remotes:?}");
        assert_eq!(notices[0].remote.as_deref(), Some(remotes[2]));
    }
}

#[test]
fn a_notice_is_taken_once_and_only_by_its_account() {
    let scratch = Scratch::with_store();
    let (alice, bob) = scratch.act(|act| {
        let (alice, bob) = (add_account(act, "alice"), add_account(act, "bob"));
        act.add_notice(alice.id, &refusal("pam:sshd", "a", 10)).unwrap();
        act.add_notice(bob.id, &refusal("pam:sshd", "b", 20)).unwrap();
        (alice, bob)
    });
    assert_eq!(take(&scratch, &alice).len(), 1);
    assert_eq!(take(&scratch, &alice), []);
    assert_eq!(take(&scratch, &bob)[0].remote.as_deref(), Some("b"));
}

#[test]
fn the_oldest_of_more_than_32_are_dropped() {
    let many: Vec<_> = (0..40).map(|time| refusal(&format!("pam:{}", 99 - time), "a", time)).collect();
    let times: Vec<_> = taken(&Scratch::with_store(), &many).iter().map(|notice| notice.time.0).collect();
    assert_eq!(times, (8..40).collect::<Vec<_>>());
}

#[test]
fn notices_go_with_their_account() {
    let scratch = Scratch::with_store();
    scratch.act(|act| {
        let alice = add_account(act, "alice");
        act.add_notice(alice.id, &refusal("pam:sshd", "a", 10)).unwrap();
        act.remove_account(alice.id).unwrap();
        assert_eq!(act.take_notices(alice.id).unwrap(), []);
    });
}

#[test]
fn failures_are_kept_by_calling_user() {
    let scratch = Scratch::with_store();
    let budget = CallerBudget { failures: 3, since: UnixTime(u64::MAX) };
    scratch.act(|act| act.set_caller_failures(u32::MAX, budget).unwrap());
    assert_eq!(scratch.act(|act| act.caller_failures(u32::MAX).unwrap()), budget);
    assert_eq!(scratch.act(|act| act.caller_failures(1000).unwrap()), CallerBudget::default());
}

fn fail(act: &mut dyn Transaction, name: u64, failures: u32) {
    let throttle = Throttle { failures, failed_at: UnixTime(10) };
    act.set_decoy_throttle(DecoyName(name.to_be_bytes()), Purpose::SignIn, throttle).unwrap();
}

fn failures(act: &mut dyn Transaction, name: u64, purpose: Purpose) -> u32 {
    act.decoy_throttle(DecoyName(name.to_be_bytes()), purpose).unwrap().failures
}

#[test]
fn ten_thousand_names_are_kept_and_a_later_one_takes_an_earlier_ones_place() {
    let scratch = Scratch::with_store();
    scratch.act(|act| {
        (0..10_000).for_each(|name| fail(act, name, 1));
        fail(act, 1, 2);
        fail(act, 10_000, 1);
        let kept = [0, 1, 2, 10_000].map(|name| failures(act, name, Purpose::SignIn));
        assert_eq!(kept, [0, 2, 1, 1]);
        assert_eq!(failures(act, 2, Purpose::Association), 0);
    });
    let count = "SELECT count(*) FROM decoy";
    let rows = rusqlite::Connection::open(&scratch.path).unwrap().query_row(count, (), |row| row.get(0));
    assert_eq!(rows, Ok(10_000));
}
