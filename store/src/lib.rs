//! Which devices exist, who has them, what was accepted.
//!
//! [`Store`] and [`Transaction`] are what every engine offers; [`SqliteStore`] is the embedded default.
//! Secrets arrive here sealed: the store can't open them.
#![forbid(unsafe_code)]

mod access_key;
mod browser_session;
mod error;
mod event;
mod model;
mod sqlite;

pub use access_key::{AccessKeyId, InvalidAccessKeyId, RememberedChange, StoredAccessKey, StoredSession};
pub use browser_session::{InvalidSessionId, SessionId, Stage, StoredBrowserSession};
pub use error::StoreError;
pub use event::{Act, Event, EventFilter, EventId, NewEvent, Outcome, Retention, UnknownName};
pub use model::{
    Account, AccountId, Association, Counts, DecoyName, Device, DeviceFilter, DeviceId, KeyId, NewDevice,
    NewNotice, NoticeKind, Origin, Purpose, RecoveryCodes, SealedSecret, StoreId, StoreIdentity, StoredDrift,
    StoredNotice, UnusedRecoveryCode,
};
pub use sqlite::SqliteStore;

use keyfob_core::{
    AccountName, CallerBudget, HashedRecoveryCode, Position, SerialNumber, Throttle, UnixTime,
};

/// A store of devices, accounts and events.
pub trait Store {
    /// Who this store is and which master key its secrets are sealed under.
    fn identity(&self) -> StoreIdentity;

    /// Starts the one transaction in which an act reads, decides and writes. Dropped without
    /// [`Transaction::commit`] it changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] where the store can't be locked or used.
    fn transaction(&mut self) -> Result<Box<dyn Transaction + '_>, StoreError>;
}

/// One act's reads and writes, isolated from all others. What is read stays true until the end.
///
/// # Errors
/// Every step: [`StoreError`] where the store can't be used. After one that failed no other step runs and
/// nothing is committed.
#[expect(clippy::missing_errors_doc, reason = "the steps fail for the same reasons, told once above")]
pub trait Transaction {
    /// The account of that name, byte for byte.
    fn account(&mut self, name: &AccountName) -> Result<Option<Account>, StoreError>;
    /// The account of an id that the store gave; one that is not there is damage.
    fn account_by_id(&mut self, id: AccountId) -> Result<Account, StoreError>;
    /// All accounts, by name.
    fn accounts(&mut self) -> Result<Vec<Account>, StoreError>;
    /// Those whose name comes after this one, by name, at most `limit`.
    fn accounts_after(&mut self, name: Option<&AccountName>, limit: u32) -> Result<Vec<Account>, StoreError>;
    /// Makes an account known.
    fn add_account(
        &mut self,
        name: &AccountName,
        uid: Option<u32>,
        now: UnixTime,
    ) -> Result<Account, StoreError>;
    /// Changes the uid an account is known by.
    fn set_uid(&mut self, account: AccountId, uid: Option<u32>) -> Result<(), StoreError>;
    /// Forgets an account with its throttles, recovery codes and access keys. Its devices have to be released before.
    fn remove_account(&mut self, account: AccountId) -> Result<(), StoreError>;

    /// The device of that serial number.
    fn device(&mut self, serial: &SerialNumber) -> Result<Option<Device>, StoreError>;
    /// The device that a person means who typed this: the one of that serial number, or else the only one whose serial number differs from
    /// it in case and dashes alone.
    fn device_as_typed(&mut self, serial: &SerialNumber) -> Result<Option<Device>, StoreError>;
    /// The devices associated with an account, oldest association first.
    fn devices_of(&mut self, account: AccountId) -> Result<Vec<Device>, StoreError>;
    /// Some device that somebody has, if there is any: costs what reading an account's one device costs.
    fn any_device(&mut self) -> Result<Option<Device>, StoreError>;
    /// How many devices and accounts there are.
    fn counts(&mut self) -> Result<Counts, StoreError>;
    /// How many devices are associated with an account.
    fn device_count(&mut self, account: AccountId) -> Result<u32, StoreError>;
    /// All devices, by serial number.
    fn devices(&mut self) -> Result<Vec<Device>, StoreError>;
    /// The devices that fit the filter, by serial number.
    fn devices_matching(&mut self, filter: &DeviceFilter) -> Result<Vec<Device>, StoreError>;
    /// How a TOTP device's clock has moved, oldest first.
    fn drifts(&mut self, device: DeviceId) -> Result<Vec<StoredDrift>, StoreError>;
    /// Reserves the id of a device that [`Transaction::add_device`] adds: the secret is sealed under it.
    fn next_device_id(&mut self) -> Result<DeviceId, StoreError>;
    /// Adds a device that nobody has.
    fn add_device(&mut self, device: &NewDevice, now: UnixTime) -> Result<(), StoreError>;
    /// Forgets a device with its tags.
    fn remove_device(&mut self, device: DeviceId) -> Result<(), StoreError>;
    /// Gives the device to an account, or to nobody: a new generation with the secret sealed for it. The
    /// position stays.
    fn set_association(
        &mut self,
        device: DeviceId,
        association: Option<Association>,
        generation: u64,
        sealed: &SealedSecret,
    ) -> Result<(), StoreError>;

    /// How many devices that nobody has an account has created.
    fn unassociated_count(&mut self, creator: AccountId) -> Result<u32, StoreError>;
    /// A device's tags, by key.
    fn tags(&mut self, device: DeviceId) -> Result<Vec<(String, String)>, StoreError>;
    /// Sets a tag, also in place of an earlier value.
    fn set_tag(&mut self, device: DeviceId, key: &str, value: &str) -> Result<(), StoreError>;
    /// Takes a tag away, if it is there.
    fn remove_tag(&mut self, device: DeviceId, key: &str) -> Result<(), StoreError>;

    /// The access key of that id.
    fn access_key(&mut self, id: &AccessKeyId) -> Result<Option<StoredAccessKey>, StoreError>;
    /// All access keys but those of sessions, oldest first.
    fn access_keys(&mut self) -> Result<Vec<StoredAccessKey>, StoreError>;
    /// Adds one.
    fn add_access_key(&mut self, key: &StoredAccessKey) -> Result<(), StoreError>;
    /// Forgets one, and the sessions of its account: any of them may have begun with it.
    fn remove_access_key(&mut self, id: &AccessKeyId) -> Result<(), StoreError>;
    /// Forgets those of sessions that have ended.
    fn remove_expired_access_keys(&mut self, now: UnixTime) -> Result<(), StoreError>;

    /// The browser's session whose token has this SHA-256.
    fn browser_session(&mut self, token: &[u8; 32]) -> Result<Option<StoredBrowserSession>, StoreError>;
    /// The browser's session of that id.
    fn browser_session_by_id(&mut self, id: &SessionId) -> Result<Option<StoredBrowserSession>, StoreError>;
    /// All of an account, oldest first.
    fn browser_sessions(&mut self, account: AccountId) -> Result<Vec<StoredBrowserSession>, StoreError>;
    /// Adds one, or changes the one with the same id. At most 20 are kept of an account; those longest unused are dropped.
    fn set_browser_session(&mut self, session: &StoredBrowserSession) -> Result<(), StoreError>;
    /// Forgets one, if it is there.
    fn remove_browser_session(&mut self, id: &SessionId) -> Result<(), StoreError>;
    /// Forgets those that have ended.
    fn remove_expired_browser_sessions(&mut self, now: UnixTime) -> Result<(), StoreError>;

    /// The signed change of this name, if it was done before.
    fn signed_change(
        &mut self,
        name: &[u8; 32],
        now: UnixTime,
    ) -> Result<Option<RememberedChange>, StoreError>;
    /// Remembers until then that it is done; of one that is remembered already, how it has ended.
    fn remember_signed_change(
        &mut self,
        name: &[u8; 32],
        change: &RememberedChange,
        now: UnixTime,
        expires: UnixTime,
    ) -> Result<(), StoreError>;

    /// Moves a device's position forward, and keeps now and then how its clock stands: true only if the generation is still this one and
    /// `position.accepted` is above what stands there. False: somebody was faster, nothing changed.
    #[must_use = "false means that the code was used by somebody else"]
    fn advance(
        &mut self,
        device: DeviceId,
        generation: u64,
        position: Position,
        now: UnixTime,
    ) -> Result<bool, StoreError>;

    /// The account's failures on a purpose; none yet is the default.
    fn throttle(&mut self, account: AccountId, purpose: Purpose) -> Result<Throttle, StoreError>;
    /// Writes them.
    fn set_throttle(
        &mut self,
        account: AccountId,
        purpose: Purpose,
        throttle: Throttle,
    ) -> Result<(), StoreError>;

    /// What the wrong codes of a calling user have cost; none yet is the default.
    fn caller_failures(&mut self, uid: u32) -> Result<CallerBudget, StoreError>;
    /// Writes it.
    fn set_caller_failures(&mut self, uid: u32, budget: CallerBudget) -> Result<(), StoreError>;

    /// The failures of a name without a device; none yet, or so long ago that they were dropped, is the default.
    fn decoy_throttle(&mut self, decoy: DecoyName, purpose: Purpose) -> Result<Throttle, StoreError>;
    /// Writes them. At most 10,000 are kept; a later name takes an earlier one's place.
    fn set_decoy_throttle(
        &mut self,
        decoy: DecoyName,
        purpose: Purpose,
        throttle: Throttle,
    ) -> Result<(), StoreError>;

    /// Keeps something to tell an account's owner. The same kind about the same device and door is counted. At most 32 are kept
    /// of an account; the oldest are dropped.
    fn add_notice(&mut self, account: AccountId, notice: &NewNotice) -> Result<(), StoreError>;
    /// Reads and forgets an account's notices, oldest first.
    fn take_notices(&mut self, account: AccountId) -> Result<Vec<StoredNotice>, StoreError>;

    /// The account's unused recovery codes.
    fn recovery_codes(&mut self, account: AccountId) -> Result<Option<RecoveryCodes>, StoreError>;
    /// Replaces them all.
    fn set_recovery_codes(&mut self, account: AccountId, codes: &RecoveryCodes) -> Result<(), StoreError>;
    /// Spends one: true only if it was still there.
    #[must_use = "false means that the recovery code was used by somebody else"]
    fn spend_recovery_code(
        &mut self,
        account: AccountId,
        code: &HashedRecoveryCode,
    ) -> Result<bool, StoreError>;

    /// Appends to the audit log, and drops what is past its time or over the size: the oldest first, a few
    /// for each that is appended, and never the newest.
    fn append_event(&mut self, event: &NewEvent, retention: Retention) -> Result<(), StoreError>;
    /// The events that fit the filter, oldest first.
    fn events(&mut self, filter: &EventFilter) -> Result<Vec<Event>, StoreError>;

    /// Makes everything durable. Only after this may success be answered; after an error the outcome is
    /// unknown and counts as a refusal.
    fn commit(self: Box<Self>) -> Result<(), StoreError>;
}
