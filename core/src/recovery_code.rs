use alloc::string::String;
use core::fmt;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::base32::{decode_base32, encode_base32};
use crate::hmac_key::keyed;

/// A recovery code (a look-up secret, SP 800-63B): 80 random bits, shown as four groups of four base32 characters
/// (`a2cd-efgh-ijkl-mn5p`). Wipes itself and prints nothing.
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
        let bytes = Zeroizing::new(decode_base32(text).ok_or(MalformedRecoveryCode)?);
        bytes.as_ref().try_into().map(Self).map_err(|_| MalformedRecoveryCode)
    }

    /// The form to show, once, to its owner.
    #[must_use]
    pub fn reveal(&self) -> String {
        let letters = encode_base32(&self.0);
        let mut shown = String::with_capacity(20);
        for (place, letter) in letters.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                shown.push('-');
            }
            shown.push(letter.to_ascii_lowercase());
        }
        shown
    }

    /// The hash to store and to compare; `key` belongs to one account and one set of recovery codes.
    #[must_use]
    pub fn hash(&self, key: &[u8; 32]) -> HashedRecoveryCode {
        let mut hmac: Hmac<Sha256> = keyed(key);
        hmac.update(&self.0);
        HashedRecoveryCode(hmac.finalize().into_bytes().into())
    }
}

impl HashedRecoveryCode {
    /// Compares in constant time.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode([redacted])")
    }
}
