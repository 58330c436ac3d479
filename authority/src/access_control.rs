use keyfob_core::{AccountName, Code, SerialNumber};
use keyfob_store::{AccessKeyId, DeviceFilter, RememberedChange, SessionId, StoredDrift};

use crate::{
    About, AccessKey, AccessKeySummary, AccountStatus, AccountSummary, Authority, BrowserSession, Caller,
    DeviceSummary, Error, NewSoftwareDevice, Operation, PolicySummary, Principal, Proof, Resynchronised,
    SearchPlace, Searched, SessionCredentials, SessionSignedIn, SessionToken, SignedChange, StartedSession,
    Totals,
};

/// What the enrollment service needs beside an [`Authority`]: access keys and sessions, software devices and tags.
///
/// Every method fails as those of [`Authority`] do.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub trait AccessControl: Authority {
    /// Gives an account a new access key. Its secret is told once.
    fn create_access_key(&self, account: &AccountName, caller: &Caller) -> Result<AccessKey, Error>;

    /// All access keys but those of sessions, oldest first.
    fn access_keys(&self) -> Result<Vec<AccessKeySummary>, Error>;

    /// One access key, also of a session.
    fn access_key(&self, id: &AccessKeyId) -> Result<AccessKeySummary, Error>;

    /// Forgets an access key and ends its account's sessions: what they sign is refused from then on.
    fn delete_access_key(&self, id: &AccessKeyId, caller: &Caller) -> Result<(), Error>;

    /// Who proves to have sent a request.
    fn authenticate(&self, proof: &Proof) -> Result<Principal, Error>;

    /// Starts a session of so many seconds by a code of this device, which is spent as at a sign-in (AWS: `GetSessionToken`).
    fn start_session(
        &self,
        account: &AccountName,
        serial: &SerialNumber,
        code: &str,
        seconds: u32,
        caller: &Caller,
    ) -> Result<SessionCredentials, Error>;

    /// The devices of an account, oldest association first.
    fn devices_of(&self, account: &AccountName) -> Result<Vec<DeviceSummary>, Error>;

    /// The devices that fit the filter, by serial number.
    fn devices_matching(&self, filter: &DeviceFilter) -> Result<Vec<DeviceSummary>, Error>;

    /// How a device's clock has moved, oldest first. A counter has none.
    fn drifts(&self, serial: &SerialNumber) -> Result<Vec<StoredDrift>, Error>;

    /// Which devices show a code, or two in a row. No code is spent. Whoever administers nothing finds, by two codes, hardware devices that
    /// nobody has. A search that finds nothing counts as a wrong pair of the account that searches.
    fn find_device(
        &self,
        account: &AccountName,
        code1: &Code,
        code2: Option<&Code>,
        caller: &Caller,
    ) -> Result<Vec<SerialNumber>, Error>;

    /// The accounts whose name comes after this one, by name, at most `limit`.
    fn accounts_after(&self, name: Option<&AccountName>, limit: u32) -> Result<Vec<AccountSummary>, Error>;

    /// Those of these accounts that are known to the store.
    fn accounts_named(&self, names: &[AccountName]) -> Result<Vec<AccountSummary>, Error>;

    /// How many devices and accounts there are.
    fn totals(&self) -> Result<Totals, Error>;

    /// These accounts, each with what the policy requires of it.
    fn account_statuses(&self, accounts: &[AccountName]) -> Result<Vec<AccountStatus>, Error>;

    /// The policy in force.
    fn policy(&self) -> Result<PolicySummary, Error>;

    /// Makes a software device that nobody has (AWS: `CreateVirtualMFADevice`). Its secret is told once.
    fn create_software_device(
        &self,
        serial: &SerialNumber,
        tags: &[(String, String)],
        caller: &Caller,
    ) -> Result<NewSoftwareDevice, Error>;

    /// Puts tags on a device, in place of those of the same keys.
    fn tag_device(
        &self,
        serial: &SerialNumber,
        tags: &[(String, String)],
        caller: &Caller,
    ) -> Result<(), Error>;

    /// Takes tags from a device, where they are there.
    fn untag_device(&self, serial: &SerialNumber, keys: &[String], caller: &Caller) -> Result<(), Error>;

    /// Ends a browser's sign-in, whose password was right, by a code or a recovery code.
    fn answer_in_session(
        &self,
        token: &SessionToken,
        answer: &str,
        caller: &Caller,
    ) -> Result<SessionSignedIn, Error>;

    /// As [`Authority::resynchronise_at_sign_in`], in a browser's sign-in, whose password was right.
    fn resynchronise_in_session(
        &self,
        token: &SessionToken,
        code1: &Code,
        code2: &Code,
        caller: &Caller,
    ) -> Result<Resynchronised, Error>;

    /// The browser's session of this token.
    fn browser_session(&self, token: &SessionToken) -> Result<BrowserSession, Error>;

    /// The browsers' sessions of an account, oldest first.
    fn browser_sessions(&self, account: &AccountName) -> Result<Vec<BrowserSession>, Error>;

    /// Ends a browser's session of an account.
    fn end_browser_session(
        &self,
        account: &AccountName,
        id: &SessionId,
        caller: &Caller,
    ) -> Result<(), Error>;

    /// Ends the session of this token, also in the middle of a sign-in.
    fn sign_out(&self, token: &SessionToken) -> Result<(), Error>;
}

/// What decides whether a request of the enrollment service is answered. Whoever asks for others can't decide it.
pub trait Authorisation: AccessControl {
    /// Whose a proof claims to be. That it is good is not said.
    ///
    /// # Errors
    /// [`Error`], as those of [`Authority`].
    fn claimed_account(&self, proof: &Proof) -> Result<AccountName, Error>;

    /// Whether a search by codes may be made. The same caller has to see to it that there is one at a time, and to end it.
    ///
    /// # Errors
    /// [`Error`], as those of [`Authority`].
    fn begin_search(
        &self,
        account: &AccountName,
        codes: (&Code, Option<&Code>),
        caller: &Caller,
    ) -> Result<(), Error>;

    /// Which of the next devices show the codes.
    ///
    /// # Errors
    /// [`Error`], as those of [`Authority`].
    fn search_devices(
        &self,
        account: &AccountName,
        codes: (&Code, Option<&Code>),
        place: &SearchPlace,
        caller: &Caller,
    ) -> Result<Searched, Error>;

    /// Ends a search: counts and notes it, and tells what was found.
    ///
    /// # Errors
    /// [`Error`], as those of [`Authority`].
    fn end_search(
        &self,
        account: &AccountName,
        found: Vec<SerialNumber>,
        caller: &Caller,
    ) -> Result<Vec<SerialNumber>, Error>;

    /// Starts the browser's session of an account whose password has been checked.
    ///
    /// # Errors
    /// [`Error`], as those of [`Authority`].
    fn start_browser_session(&self, account: &AccountName, caller: &Caller) -> Result<StartedSession, Error>;

    /// How a signed change ended, where it was done before: it is not done again, whatever its sender may do by now.
    ///
    /// # Errors
    /// [`Error`], as those of [`Authority`].
    fn done_before(
        &self,
        proof: &Proof,
        change: &SignedChange<'_>,
    ) -> Result<Option<RememberedChange>, Error>;

    /// Remembers how a signed change has ended, in the transaction in which it was authorised and done.
    ///
    /// # Errors
    /// [`Error`], as those of [`Authority`].
    fn remember(&self, change: &SignedChange<'_>, ended: &RememberedChange) -> Result<(), Error>;

    /// Who proves to have sent a request, if that caller may do this. A change that is refused is noted. One that was signed counts as done from then on,
    /// and was not done before.
    ///
    /// # Errors
    /// [`Error`], as those of [`Authority`].
    fn authorise(
        &self,
        proof: &Proof,
        operation: Operation,
        about: About<'_>,
        caller: &Caller,
    ) -> Result<Principal, Error>;
}
