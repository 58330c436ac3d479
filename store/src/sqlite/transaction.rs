use std::path::Path;

use keyfob_core::{
    AccountName, CallerBudget, HashedRecoveryCode, Position, SerialNumber, Throttle, UnixTime,
};
use rusqlite::Connection;

use super::error::{self, At};
use super::last_read::{LastRead, Remembered};
use super::log::Upkeep;
use super::{
    access_keys, accounts, browser_sessions, callers, decoys, devices, drifts, events, notices, recovery,
    signed_changes, tags, throttles,
};
use crate::{
    AccessKeyId, Account, AccountId, Association, Counts, DecoyName, Device, DeviceFilter, DeviceId, Event,
    EventFilter, NewDevice, NewEvent, NewNotice, Purpose, RecoveryCodes, RememberedChange, Retention,
    SealedSecret, SessionId, StoreError, StoredAccessKey, StoredBrowserSession, StoredDrift, StoredNotice,
    Transaction,
};

/// One act on the SQLite file. Begins, with the first step that may write, and ends by statements that are kept compiled, as all others are.
/// What is only read needs no beginning: whoever has the store open has it alone.
pub(super) struct SqliteTransaction<'store> {
    connection: &'store Connection,
    path: &'store Path,
    upkeep: &'store mut Upkeep,
    last_read: &'store mut LastRead,
    changes_before: u64,
    has_begun: bool,
    failed: bool,
}

impl<'store> SqliteTransaction<'store> {
    pub(super) fn new(
        connection: &'store mut Connection,
        path: &'store Path,
        upkeep: &'store mut Upkeep,
        last_read: &'store mut LastRead,
    ) -> Self {
        let changes_before = connection.total_changes();
        last_read.forget_before(changes_before);
        Self { connection, path, upkeep, last_read, changes_before, has_begun: false, failed: false }
    }

    /// Runs a step. After one that failed no other runs and nothing is committed: SQLite ends a transaction
    /// by itself on some errors, and what followed would be written for good.
    fn step<T>(&mut self, step: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        if !self.has_begun {
            self.attempt(|sql| run(sql, "BEGIN IMMEDIATE"))?;
            self.has_begun = true;
        }
        self.attempt(step)
    }

    fn attempt<T>(&mut self, step: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        self.check_unfailed()?;
        let result = step(self.connection);
        self.failed = result.is_err();
        result.at(self.path)
    }

    /// A step that reads, unless the same was read since the last change. What this act has changed, and may yet undo, is not remembered.
    fn read<K: PartialEq, V: Clone>(
        &mut self,
        remembered: impl Fn(&mut LastRead) -> &mut Remembered<K, V>,
        key: K,
        read: impl FnOnce(&Connection, &K) -> rusqlite::Result<V>,
    ) -> Result<V, StoreError> {
        if self.connection.total_changes() != self.changes_before {
            return self.attempt(|sql| read(sql, &key));
        }
        self.check_unfailed()?;
        if let Some(known) = remembered(self.last_read).find(&key) {
            return Ok(known);
        }
        let found = self.attempt(|sql| read(sql, &key))?;
        remembered(self.last_read).keep(key, found.clone());
        Ok(found)
    }

    fn check_unfailed(&self) -> Result<(), StoreError> {
        if self.failed {
            Err(error::unusable(self.path, "an earlier step of this act has failed"))
        } else {
            Ok(())
        }
    }
}

impl Transaction for SqliteTransaction<'_> {
    fn account(&mut self, name: &AccountName) -> Result<Option<Account>, StoreError> {
        self.read(|last| &mut last.accounts, name.clone(), accounts::by_name)
    }

    fn account_by_id(&mut self, id: AccountId) -> Result<Account, StoreError> {
        self.step(|sql| accounts::by_id(sql, id))
    }

    fn accounts(&mut self) -> Result<Vec<Account>, StoreError> {
        self.step(accounts::all)
    }

    fn accounts_after(&mut self, name: Option<&AccountName>, limit: u32) -> Result<Vec<Account>, StoreError> {
        self.step(|sql| accounts::after(sql, name, limit))
    }

    fn add_account(
        &mut self,
        name: &AccountName,
        uid: Option<u32>,
        now: UnixTime,
    ) -> Result<Account, StoreError> {
        self.step(|sql| accounts::add(sql, name, uid, now))
    }

    fn set_uid(&mut self, account: AccountId, uid: Option<u32>) -> Result<(), StoreError> {
        self.step(|sql| accounts::set_uid(sql, account, uid))
    }

    fn remove_account(&mut self, account: AccountId) -> Result<(), StoreError> {
        self.step(|sql| accounts::remove(sql, account))
    }

    fn device(&mut self, serial: &SerialNumber) -> Result<Option<Device>, StoreError> {
        self.step(|sql| devices::by_serial(sql, serial))
    }

    fn device_as_typed(&mut self, serial: &SerialNumber) -> Result<Option<Device>, StoreError> {
        self.step(|sql| devices::by_typed_serial(sql, serial))
    }

    fn devices_of(&mut self, account: AccountId) -> Result<Vec<Device>, StoreError> {
        self.read(|last| &mut last.devices, account, |sql, account| devices::of_account(sql, *account))
    }

    fn any_device(&mut self) -> Result<Option<Device>, StoreError> {
        self.step(devices::any)
    }

    fn counts(&mut self) -> Result<Counts, StoreError> {
        self.step(devices::counts)
    }

    fn device_count(&mut self, account: AccountId) -> Result<u32, StoreError> {
        self.step(|sql| devices::count_of_account(sql, account))
    }

    fn devices(&mut self) -> Result<Vec<Device>, StoreError> {
        self.step(devices::all)
    }

    fn devices_matching(&mut self, filter: &DeviceFilter) -> Result<Vec<Device>, StoreError> {
        self.step(|sql| devices::matching(sql, filter))
    }

    fn drifts(&mut self, device: DeviceId) -> Result<Vec<StoredDrift>, StoreError> {
        self.step(|sql| drifts::of_device(sql, device))
    }

    fn next_device_id(&mut self) -> Result<DeviceId, StoreError> {
        self.step(devices::next_id)
    }

    fn add_device(&mut self, device: &NewDevice, now: UnixTime) -> Result<(), StoreError> {
        self.step(|sql| devices::add(sql, device, now))
    }

    fn remove_device(&mut self, device: DeviceId) -> Result<(), StoreError> {
        self.step(|sql| devices::remove(sql, device))
    }

    fn set_association(
        &mut self,
        device: DeviceId,
        association: Option<Association>,
        generation: u64,
        sealed: &SealedSecret,
    ) -> Result<(), StoreError> {
        self.step(|sql| devices::set_association(sql, device, association, generation, sealed))
    }

    fn unassociated_count(&mut self, creator: AccountId) -> Result<u32, StoreError> {
        self.step(|sql| devices::unassociated_count(sql, creator))
    }

    fn tags(&mut self, device: DeviceId) -> Result<Vec<(String, String)>, StoreError> {
        self.step(|sql| tags::of_device(sql, device))
    }

    fn set_tag(&mut self, device: DeviceId, key: &str, value: &str) -> Result<(), StoreError> {
        self.step(|sql| tags::set(sql, device, key, value))
    }

    fn remove_tag(&mut self, device: DeviceId, key: &str) -> Result<(), StoreError> {
        self.step(|sql| tags::remove(sql, device, key))
    }

    fn access_key(&mut self, id: &AccessKeyId) -> Result<Option<StoredAccessKey>, StoreError> {
        self.step(|sql| access_keys::by_id(sql, id))
    }

    fn access_keys(&mut self) -> Result<Vec<StoredAccessKey>, StoreError> {
        self.step(access_keys::kept)
    }

    fn add_access_key(&mut self, key: &StoredAccessKey) -> Result<(), StoreError> {
        self.step(|sql| access_keys::add(sql, key))
    }

    fn remove_access_key(&mut self, id: &AccessKeyId) -> Result<(), StoreError> {
        self.step(|sql| access_keys::remove(sql, id))
    }

    fn remove_expired_access_keys(&mut self, now: UnixTime) -> Result<(), StoreError> {
        self.step(|sql| access_keys::remove_expired(sql, now))
    }

    fn browser_session(&mut self, token: &[u8; 32]) -> Result<Option<StoredBrowserSession>, StoreError> {
        self.step(|sql| browser_sessions::by_token(sql, token))
    }

    fn browser_session_by_id(&mut self, id: &SessionId) -> Result<Option<StoredBrowserSession>, StoreError> {
        self.step(|sql| browser_sessions::by_id(sql, id))
    }

    fn browser_sessions(&mut self, account: AccountId) -> Result<Vec<StoredBrowserSession>, StoreError> {
        self.step(|sql| browser_sessions::of_account(sql, account))
    }

    fn set_browser_session(&mut self, session: &StoredBrowserSession) -> Result<(), StoreError> {
        self.step(|sql| browser_sessions::set(sql, session))
    }

    fn remove_browser_session(&mut self, id: &SessionId) -> Result<(), StoreError> {
        self.step(|sql| browser_sessions::remove(sql, id))
    }

    fn remove_expired_browser_sessions(&mut self, now: UnixTime) -> Result<(), StoreError> {
        self.step(|sql| browser_sessions::remove_expired(sql, now))
    }

    fn signed_change(
        &mut self,
        name: &[u8; 32],
        now: UnixTime,
    ) -> Result<Option<RememberedChange>, StoreError> {
        self.step(|sql| signed_changes::find(sql, name, now))
    }

    fn remember_signed_change(
        &mut self,
        name: &[u8; 32],
        change: &RememberedChange,
        now: UnixTime,
        expires: UnixTime,
    ) -> Result<(), StoreError> {
        self.step(|sql| signed_changes::remember(sql, name, change, now, expires))
    }

    fn advance(
        &mut self,
        device: DeviceId,
        generation: u64,
        position: Position,
        now: UnixTime,
    ) -> Result<bool, StoreError> {
        self.step(|sql| devices::advance(sql, device, generation, position, now))
    }

    fn throttle(&mut self, account: AccountId, purpose: Purpose) -> Result<Throttle, StoreError> {
        let key = (account, purpose);
        self.read(|last| &mut last.throttles, key, |sql, key| throttles::read(sql, key.0, key.1))
    }

    fn set_throttle(
        &mut self,
        account: AccountId,
        purpose: Purpose,
        throttle: Throttle,
    ) -> Result<(), StoreError> {
        self.step(|sql| throttles::write(sql, account, purpose, throttle))
    }

    fn caller_failures(&mut self, uid: u32) -> Result<CallerBudget, StoreError> {
        self.step(|sql| callers::read(sql, uid))
    }

    fn set_caller_failures(&mut self, uid: u32, budget: CallerBudget) -> Result<(), StoreError> {
        self.step(|sql| callers::write(sql, uid, budget))
    }

    fn decoy_throttle(&mut self, decoy: DecoyName, purpose: Purpose) -> Result<Throttle, StoreError> {
        self.step(|sql| decoys::read(sql, decoy, purpose))
    }

    fn set_decoy_throttle(
        &mut self,
        decoy: DecoyName,
        purpose: Purpose,
        throttle: Throttle,
    ) -> Result<(), StoreError> {
        self.step(|sql| decoys::write(sql, decoy, purpose, throttle))
    }

    fn add_notice(&mut self, account: AccountId, notice: &NewNotice) -> Result<(), StoreError> {
        self.step(|sql| notices::add(sql, account, notice))
    }

    fn take_notices(&mut self, account: AccountId) -> Result<Vec<StoredNotice>, StoreError> {
        self.step(|sql| notices::take(sql, account))
    }

    fn recovery_codes(&mut self, account: AccountId) -> Result<Option<RecoveryCodes>, StoreError> {
        self.step(|sql| recovery::read(sql, account))
    }

    fn set_recovery_codes(&mut self, account: AccountId, codes: &RecoveryCodes) -> Result<(), StoreError> {
        self.step(|sql| recovery::write(sql, account, codes))
    }

    fn spend_recovery_code(
        &mut self,
        account: AccountId,
        code: &HashedRecoveryCode,
    ) -> Result<bool, StoreError> {
        self.step(|sql| recovery::spend(sql, account, code))
    }

    fn append_event(&mut self, event: &NewEvent, retention: Retention) -> Result<(), StoreError> {
        self.step(|sql| events::append(sql, event, retention))
    }

    fn events(&mut self, filter: &EventFilter) -> Result<Vec<Event>, StoreError> {
        self.step(|sql| events::matching(sql, filter))
    }

    fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.check_unfailed()?;
        if !self.has_begun {
            return Ok(());
        }
        run(self.connection, "COMMIT").at(self.path)?;
        let changed = self.connection.total_changes() - self.changes_before;
        if changed > 0 {
            self.upkeep.after_commit(changed, self.connection, self.path);
        }
        Ok(())
    }
}

/// What was not committed is undone.
impl Drop for SqliteTransaction<'_> {
    fn drop(&mut self) {
        if !self.connection.is_autocommit() {
            // Where even this fails, nothing commits: the connection is closed with the transaction open.
            drop(run(self.connection, "ROLLBACK"));
        }
    }
}

fn run(connection: &Connection, statement: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(statement)?.execute(()).map(drop)
}
