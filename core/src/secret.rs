use alloc::borrow::Cow;
use alloc::boxed::Box;
use core::fmt;
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::base32::decode_base32;
use crate::texts::{Message, around};

/// A device's shared secret, 16 to 128 bytes. Wipes itself and prints nothing.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret(Box<[u8]>);

/// Why bytes are no [`Secret`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{}", self.message())]
pub enum SecretLengthError {
    /// Under 128 bits (RFC 4226 §4 R6).
    TooShort(usize),
    /// Over 128 bytes: no token has so long a secret.
    TooLong(usize),
}

impl Message for SecretLengthError {
    fn message(&self) -> Cow<'static, str> {
        let (length, limit) = match self {
            Self::TooShort(length) => (length, " bytes: at least 16 (128 bits) are required"),
            Self::TooLong(length) => (length, " bytes: at most 128 are accepted"),
        };
        around("the secret has ", u64::try_from(*length).unwrap_or(u64::MAX), limit)
    }
}

/// Why a text is no [`Secret`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{}", self.message())]
pub enum InvalidSecret {
    /// A stray character, or one that is missing.
    NotBase32,
    /// Too few or too many bytes.
    #[error(transparent)]
    Length(#[from] SecretLengthError),
}

impl Message for InvalidSecret {
    fn message(&self) -> Cow<'static, str> {
        match self {
            Self::NotBase32 => "the secret is not base32: letters A to Z and digits 2 to 7, whole".into(),
            Self::Length(why) => why.message(),
        }
    }
}

impl Secret {
    /// Fewest bytes: 128 bits (RFC 4226 §4 R6).
    pub const MIN_BYTES: usize = 16;
    /// Most bytes.
    pub const MAX_BYTES: usize = 128;

    /// Takes the bytes over; they are wiped where they are refused.
    ///
    /// # Errors
    /// [`SecretLengthError`] for fewer than 16 or more than 128 bytes.
    pub fn new(mut bytes: Box<[u8]>) -> Result<Self, SecretLengthError> {
        let length = bytes.len();
        if (Self::MIN_BYTES..=Self::MAX_BYTES).contains(&length) {
            return Ok(Self(bytes));
        }
        bytes.zeroize();
        Err(if length < Self::MIN_BYTES {
            SecretLengthError::TooShort(length)
        } else {
            SecretLengthError::TooLong(length)
        })
    }

    /// Reads base32 (RFC 4648 §6), in any case, with or without padding, spaces and hyphens.
    ///
    /// # Errors
    /// [`InvalidSecret`] says why not.
    pub fn from_base32(text: &str) -> Result<Self, InvalidSecret> {
        let bytes = decode_base32(text).ok_or(InvalidSecret::NotBase32)?;
        Ok(Self::new(bytes)?)
    }

    /// The bytes, for computing and sealing.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}
