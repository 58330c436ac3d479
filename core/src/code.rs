use core::fmt;
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Digits, RecoveryCode};

/// A one-time code as typed: 6 to 10 ASCII digits, leading zeros counting. Wipes itself and prints nothing.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Code {
    pub(crate) value: u64,
    pub(crate) digits: u8,
}

/// Why a text is no [`Code`]. Told without the device's secret, and never counted as a wrong code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MalformedCode {
    /// Nothing was typed.
    #[error("no code was given")]
    Empty,
    /// Fewer than 6 or more than 10 characters.
    #[error("a code has 6 to 10 digits")]
    WrongLength,
    /// Something else than the digits 0 to 9.
    #[error("a code has only the digits 0 to 9")]
    StrayCharacter,
}

impl Code {
    /// # Errors
    /// [`MalformedCode`] unless the text is 6 to 10 ASCII digits and nothing else.
    pub fn parse(text: &str) -> Result<Self, MalformedCode> {
        todo!()
    }

    /// How many digits were typed.
    #[must_use]
    pub fn digits(&self) -> Digits {
        todo!()
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code([redacted])")
    }
}

/// What a person may answer when a code is asked for.
#[derive(Debug)]
pub enum Answer {
    /// A code of one of the account's devices.
    Code(Code),
    /// One of the account's recovery codes.
    RecoveryCode(RecoveryCode),
}

/// Why a text is no [`Answer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("neither a code nor a recovery code")]
pub struct MalformedAnswer;

impl Answer {
    /// # Errors
    /// [`MalformedAnswer`] where the text is neither a code nor a recovery code.
    pub fn parse(text: &str) -> Result<Self, MalformedAnswer> {
        todo!()
    }
}
