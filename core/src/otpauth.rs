use alloc::string::String;
use thiserror::Error;

use crate::{Parameters, Secret, UnknownAlgorithm};

/// An `otpauth://` URI (Google Authenticator's key URI format).
#[derive(Clone, Debug)]
pub struct Otpauth {
    /// Who issued the secret.
    pub issuer: Option<String>,
    /// Whose it is.
    pub account: String,
    /// The shared secret.
    pub secret: Secret,
    /// How codes are computed.
    pub parameters: Parameters,
    /// The next counter, for HOTP.
    pub counter: Option<u64>,
    /// A token's serial number, where the writer added `serial=` (not in Google's format; used by seed files).
    pub serial: Option<String>,
}

/// Why a text is no [`Otpauth`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OtpauthError {
    /// An algorithm that is not one of the three.
    #[error(transparent)]
    Algorithm(#[from] UnknownAlgorithm),
}

impl Otpauth {
    /// Reads a URI.
    ///
    /// # Errors
    /// [`OtpauthError`] names the part that can't be used.
    pub fn parse(uri: &str) -> Result<Self, OtpauthError> {
        todo!()
    }

    /// Writes the URI as authenticator apps read it: the issuer in both places, `%20`, base32 without padding.
    #[must_use]
    pub fn reveal(&self) -> String {
        todo!()
    }
}
