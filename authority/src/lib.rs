//! The acts of Keyfob: sign in, associate, resynchronise, deactivate, import, and what they need: policy, master key, accounts.
//!
//! Every door (the PAM module, the command line) uses the trait [`Authority`] and does not know what stands behind it.
//! [`LocalAuthority`] opens the store itself, for one act at a time.
#![forbid(unsafe_code)]

mod access;
mod access_control;
mod access_key;
mod acts;
mod browser_session;
mod error;
mod files;
mod init;
mod issued_recovery_code;
mod kept_open;
mod local;
mod master_key;
mod name_service;
mod policy;
mod policy_file;
mod policy_summary;
mod reason;
mod requirement;
mod runner;
mod sealing;
mod signature;
mod summary;
mod surroundings;

pub use access::{About, AccessRefusal, Operation, Principal, Role};
pub use access_control::{AccessControl, Authorisation};
pub use access_key::{
    AccessKey, AccessKeySummary, DEFAULT_SESSION_SECONDS, NewSoftwareDevice, SESSION_SECONDS,
    SecretAccessKey, SessionCredentials, SessionToken, SignedContent, SignedRequest,
};
pub use acts::signed_changes::SignedChange;
pub use browser_session::{BrowserSession, Proof, Resynchronised, SessionSignedIn, StartedSession};
pub use error::{Error, Refused, Unusable};
pub use files::Files;
pub use init::{Initialised, InitialisedStore, init};
pub use issued_recovery_code::{IssuedRecoveryCode, LifetimeOutOfRange, RecoveryCodeLifetime};
pub use kept_open::{KeptOpen, LookedUp, SharedAct};
pub use keyfob_store::{
    AccessKeyId, Act, Counts, DeviceFilter, Event, EventFilter, EventId, NoticeKind, Outcome,
    RememberedChange, SessionId, StoredDrift,
};
pub use local::LocalAuthority;
pub use name_service::{Membership, NameService, SystemAccount, SystemNameService};
pub use policy::{DEFAULT_POLICY, Policy};
pub use policy_file::PolicyFile;
pub use policy_summary::{
    AssociationSettings, LogSettings, PolicySummary, ServiceSettings, SignInSettings, ThrottleSettings,
};
pub use requirement::{Required, Requirement};
pub use summary::{
    AccountStatus, AccountSummary, Ask, Begin, Begun, Caller, DeviceSummary, Door, Factor, ImportMode,
    ImportReport, Notice, Notification, Owner, SearchPlace, Searched, SignedIn, Totals,
};
pub use surroundings::{Clock, Randomness, Surroundings};

use keyfob_core::{AccountName, Code, ImportedDevice, RecoveryCode, SerialNumber, Submission};

/// Everything that can be asked of Keyfob. Each call is one act: it succeeds as a whole, durably, or changes nothing but failure
/// counts and the audit log.
///
/// Every method fails with [`Error::Refused`] where the act is not allowed, and with [`Error::Unusable`] where it can't be
/// decided: an error never means that an account has no device.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub trait Authority {
    /// Starts a sign-in: must a code be asked for?
    fn begin(&self, account: &AccountName, caller: &Caller) -> Result<Begun, Error>;

    /// Ends a sign-in: `answer` is what the person typed, a code or a recovery code.
    fn answer(&self, account: &AccountName, answer: &str, caller: &Caller) -> Result<SignedIn, Error>;

    /// Finds the clock or counter of one of the account's devices again, in the middle of a sign-in and within the narrow range. Neither
    /// code signs in: the device's next one has to follow (RFC 4226 §7.4). Says which device it was.
    fn resynchronise_at_sign_in(
        &self,
        account: &AccountName,
        code1: &Code,
        code2: &Code,
        caller: &Caller,
    ) -> Result<SerialNumber, Error>;

    /// Adds the devices that are new, as `mode` has it. `progress` is told how many devices have been looked at.
    fn import(
        &self,
        devices: &[ImportedDevice],
        mode: ImportMode,
        progress: &mut dyn FnMut(usize),
        caller: &Caller,
    ) -> Result<ImportReport, Error>;

    /// All devices, by serial number.
    fn devices(&self) -> Result<Vec<DeviceSummary>, Error>;

    /// One device.
    fn device(&self, serial: &SerialNumber) -> Result<DeviceSummary, Error>;

    /// Forgets a device that nobody has.
    fn remove_device(&self, serial: &SerialNumber, caller: &Caller) -> Result<(), Error>;

    /// Associates a device with an account (AWS: EnableMFADevice). Neither code signs in afterwards, the device's next one does.
    fn associate(
        &self,
        account: &AccountName,
        submission: &Submission,
        caller: &Caller,
    ) -> Result<DeviceSummary, Error>;

    /// Finds the clock or counter of an account's device again (AWS: ResyncMFADevice).
    fn resynchronise(
        &self,
        account: &AccountName,
        submission: &Submission,
        caller: &Caller,
    ) -> Result<DeviceSummary, Error>;

    /// Takes a device from its account (AWS: DeactivateMFADevice). It stays known and can be associated again.
    fn deactivate(&self, account: &AccountName, serial: &SerialNumber, caller: &Caller) -> Result<(), Error>;

    /// All accounts that are known, by name.
    fn accounts(&self) -> Result<Vec<AccountSummary>, Error>;

    /// One account, known to the store or at least to the name service.
    fn account(&self, account: &AccountName) -> Result<AccountSummary, Error>;

    /// Makes an account known; for one that is known, takes over the uid that the name service has for it now.
    fn add_account(&self, account: &AccountName, caller: &Caller) -> Result<AccountSummary, Error>;

    /// Forgets an account; its devices are deactivated, its recovery codes void. The devices' serial numbers are returned. Through the
    /// enrollment service an account that has devices is kept (AWS: `DeleteConflict`).
    fn remove_account(&self, account: &AccountName, caller: &Caller) -> Result<Vec<SerialNumber>, Error>;

    /// Forgives an account's failures, after a throttle or the hard stop.
    fn unlock_account(&self, account: &AccountName, caller: &Caller) -> Result<(), Error>;

    /// Gives an account with a device [`RecoveryCode::PER_ACCOUNT`] new recovery codes; earlier ones are void.
    fn create_recovery_codes(
        &self,
        account: &AccountName,
        caller: &Caller,
    ) -> Result<Vec<RecoveryCode>, Error>;

    /// Issues one more recovery code to an account with a device, beside those it has: for whoever has neither device nor recovery code
    /// at hand. It ends by itself. One that was issued before is void.
    fn issue_recovery_code(
        &self,
        account: &AccountName,
        lifetime: RecoveryCodeLifetime,
        caller: &Caller,
    ) -> Result<IssuedRecoveryCode, Error>;

    /// The audit events that fit the filter, oldest first.
    fn events(&self, filter: &EventFilter) -> Result<Vec<Event>, Error>;
}
