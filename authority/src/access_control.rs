use keyfob_core::{AccountName, SerialNumber};
use keyfob_store::AccessKeyId;

use crate::{
    About, AccessKey, AccessKeySummary, Authority, Caller, DeviceSummary, Error, NewSoftwareDevice,
    Operation, Principal, SessionCredentials, SignedRequest,
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

    /// Who signed a request.
    fn authenticate(&self, signed: &SignedRequest) -> Result<Principal, Error>;

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
}

/// What decides whether a request of the enrollment service is answered. Whoever asks for others can't decide it.
pub trait Authorisation: AccessControl {
    /// Who signed a request, if that caller may do this. A change that is refused is noted.
    ///
    /// # Errors
    /// [`Error`], as those of [`Authority`].
    fn authorise(
        &self,
        signed: &SignedRequest,
        operation: Operation,
        about: About<'_>,
        caller: &Caller,
    ) -> Result<Principal, Error>;
}
