use alloc::string::String;
use core::fmt;
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A recovery code (a look-up secret, SP 800-63B): 80 random bits, shown as four groups of four base32 characters
/// (`abcd-efgh-ijkl-mnop`). Wipes itself and prints nothing.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct RecoveryCode([u8; 10]);

/// What is stored of a recovery code: HMAC-SHA-256 of its 10 bytes under the account's recovery key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashedRecoveryCode(pub [u8; 32]);

/// A text that is no recovery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a recovery code has 16 letters and digits")]
pub struct MalformedRecoveryCode;

impl RecoveryCode {
    /// How many an account gets at a time.
    pub const PER_ACCOUNT: usize = 10;

    /// From 10 random bytes.
    #[must_use]
    pub const fn from_random(bytes: [u8; 10]) -> Self {
        Self(bytes)
    }

    /// Reads the shown form, in any case, with or without hyphens and spaces.
    ///
    /// # Errors
    /// [`MalformedRecoveryCode`] for anything else.
    pub fn parse(text: &str) -> Result<Self, MalformedRecoveryCode> {
        todo!()
    }

    /// The form to show, once, to its owner.
    #[must_use]
    pub fn reveal(&self) -> String {
        todo!()
    }

    /// The hash to store and to compare; `key` belongs to one account and one set of recovery codes.
    #[must_use]
    pub fn hash(&self, key: &[u8; 32]) -> HashedRecoveryCode {
        todo!()
    }
}

impl HashedRecoveryCode {
    /// Compares in constant time.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        todo!()
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode([redacted])")
    }
}
