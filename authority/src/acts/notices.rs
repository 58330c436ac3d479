use keyfob_store::{Account, AccountId, NewNotice, NoticeKind, StoredNotice, Transaction};

use super::Acts;
use super::events::{Subject, door, remote};
use crate::{Caller, Door, Error, Notice, Notification};

impl Acts<'_> {
    /// Keeps something to tell an account's owner.
    pub(crate) fn notify(
        &self,
        store: &mut dyn Transaction,
        account: AccountId,
        kind: NoticeKind,
        subject: Subject<'_>,
    ) -> Result<(), Error> {
        let notice = NewNotice {
            kind,
            time: self.now(),
            serial: subject.serial.cloned(),
            door: door(subject.caller),
            remote: remote(subject.caller),
        };
        store.add_notice(account, &notice)?;
        let NewNotice { kind, time, serial, door, remote } = notice;
        let account = subject.account.cloned();
        self.notifications.borrow_mut().push(Notification { account, kind, time, serial, door, remote });
        Ok(())
    }
}

/// What an owner who has signed in is told. The command line's administrators are not the owner, and programs speak to the enrollment
/// service: they are told nothing, and nothing is forgotten.
pub(crate) fn take(
    store: &mut dyn Transaction,
    account: &Account,
    caller: &Caller,
) -> Result<Vec<Notice>, Error> {
    if matches!(caller.door, Door::CommandLine | Door::Service { .. }) {
        return Ok(Vec::new());
    }
    let notices = store.take_notices(account.id)?;
    let (door, remote) = (door(caller), remote(caller));
    let is_own = |notice: &StoredNotice| is_own_mistake(notice, &door, remote.as_deref());
    Ok(notices.into_iter().filter(|notice| !is_own(notice)).map(told).collect())
}

/// Whether all the wrong codes came from where the owner has now signed in: then they need not be told.
fn is_own_mistake(notice: &StoredNotice, door: &str, remote: Option<&str>) -> bool {
    notice.kind == NoticeKind::CodesRefused
        && !notice.several_remotes
        && notice.door == door
        && notice.remote.as_deref() == remote
}

fn told(notice: StoredNotice) -> Notice {
    let StoredNotice { kind, time, serial, door, remote, count, .. } = notice;
    Notice { kind, time, serial, door, remote, count }
}
