use std::fmt;
use std::ops::RangeInclusive;

use keyfob_core::{AccountName, Secret, SerialNumber, UnixTime};
use keyfob_store::AccessKeyId;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// How many seconds a session may last (AWS's limits).
pub const SESSION_SECONDS: RangeInclusive<u32> = 900..=129_600;

/// And how many it lasts where nothing is said of it (AWS's, too).
pub const DEFAULT_SESSION_SECONDS: u32 = 43_200;

/// The secret half of an access key, 40 characters. Wipes itself and prints nothing.
#[derive(Clone, Serialize, Deserialize)]
pub struct SecretAccessKey(Zeroizing<String>);

/// Shows that a request belongs to a session. Wipes itself and prints nothing.
#[derive(Clone, Serialize, Deserialize)]
pub struct SessionToken(Zeroizing<String>);

/// An access key with its secret, as it is shown once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccessKey {
    /// Its name.
    pub id: AccessKeyId,
    /// Its secret.
    pub secret: SecretAccessKey,
}

/// An access key as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessKeySummary {
    /// Its name.
    pub id: AccessKeyId,
    /// Whose requests it signs.
    pub account: AccountName,
    /// When it was made.
    pub created: UnixTime,
}

/// What a session's requests are signed with (AWS: Credentials).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SessionCredentials {
    /// The key.
    pub key: AccessKey,
    /// The token that every request carries.
    pub token: SessionToken,
    /// When the session ends.
    pub expires: UnixTime,
}

/// What proves who sent a request (AWS Signature Version 4).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignedRequest {
    /// The key that signed it.
    pub key: AccessKeyId,
    /// The session's token, where the key is one of a session.
    pub token: Option<SessionToken>,
    /// The credential scope's date, `yyyymmdd`.
    pub date: String,
    /// The credential scope's region.
    pub region: String,
    /// The credential scope's service.
    pub service: String,
    /// What was signed: the algorithm, the time, the credential scope and the canonical request's hash, one a line.
    pub string_to_sign: String,
    /// The signature.
    pub signature: [u8; 32],
    /// The SHA-256 of what its client calls the request, each time that it sends it (`amz-sdk-invocation-id`). It is not signed.
    pub invocation: Option<[u8; 32]>,
    /// What the canonical request's hash is of.
    pub content: SignedContent,
}

/// What somebody has signed. That it is what the signature is for is not said. The form may hold codes: it wipes itself and prints nothing.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct SignedContent {
    /// Method, path, query, headers, their names, and the body's hash, one a line.
    pub canonical_request: String,
    /// The body, where it is a form.
    pub form: Zeroizing<Vec<u8>>,
}

/// A software device that was made, with its secret, as it is told once.
#[derive(Clone, Debug)]
pub struct NewSoftwareDevice {
    /// Its serial number.
    pub serial: SerialNumber,
    /// Its secret.
    pub secret: Secret,
}

impl SecretAccessKey {
    pub(crate) const fn new(text: Zeroizing<String>) -> Self {
        Self(text)
    }

    /// The text, to show it once or to sign with it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl SessionToken {
    /// As a request carries it, unchecked.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, to show it once or to send it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretAccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretAccessKey([redacted])")
    }
}

impl fmt::Debug for SignedContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedContent([redacted])")
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken([redacted])")
    }
}
