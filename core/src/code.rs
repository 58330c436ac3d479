use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;
use subtle::{Choice, ConstantTimeEq};
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::texts::{Message, decimal};
use crate::typed::as_meant;
use crate::{Digits, RecoveryCode};

/// A one-time code as typed: 6 to 10 ASCII digits, leading zeros counting. Wipes itself and prints nothing.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Code {
    value: u64,
    #[zeroize(skip)]
    digits: Digits,
}

/// Why a text is no [`Code`]. Told without the device's secret, and never counted as a wrong code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{}", self.message())]
pub enum MalformedCode {
    /// Nothing was typed.
    Empty,
    /// Fewer than 6 or more than 10 characters.
    WrongLength,
    /// Something else than the digits 0 to 9.
    StrayCharacter,
}

impl Message for MalformedCode {
    fn message(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Empty => "no code was given",
            Self::WrongLength => "a code has 6 to 10 digits",
            Self::StrayCharacter => "a code has only the digits 0 to 9",
        })
    }
}

impl Code {
    /// # Errors
    /// [`MalformedCode`] unless the text is 6 to 10 ASCII digits and nothing else.
    pub fn parse(text: &str) -> Result<Self, MalformedCode> {
        if text.is_empty() {
            return Err(MalformedCode::Empty);
        }
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(MalformedCode::StrayCharacter);
        }
        let digits = u32::try_from(text.len()).ok().and_then(|length| Digits::new(length).ok());
        let digits = digits.ok_or(MalformedCode::WrongLength)?;
        let value = text.bytes().fold(0, |value, digit| value * 10 + u64::from(digit - b'0'));
        Ok(Self { value, digits })
    }

    /// As [`Code::parse`], from what a person typed or pasted into a field for codes alone: white space, hyphens and dashes are
    /// left out, full-width digits are taken for what they are.
    ///
    /// # Errors
    /// [`MalformedCode`] unless 6 to 10 digits are left and nothing else.
    pub fn from_typed(text: &str) -> Result<Self, MalformedCode> {
        Self::parse(&as_meant(text, |c| c == '-' || c.is_whitespace()))
    }

    pub(crate) const fn from_value(value: u64, digits: Digits) -> Self {
        Self { value, digits }
    }

    /// How many digits were typed.
    #[must_use]
    pub const fn digits(&self) -> Digits {
        self.digits
    }

    /// The digits, for whoever may see them.
    #[must_use]
    pub fn reveal(&self) -> String {
        decimal(self.value, self.digits.get().into())
    }

    /// Compares with a code of the same number of digits, without a branch.
    pub(crate) fn has_value(&self, value: u64) -> Choice {
        self.value.ct_eq(&value)
    }

    /// Whether it is the same code.
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.digits == other.digits && bool::from(self.has_value(other.value))
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code([redacted])")
    }
}

/// What a person may answer when a code is asked for. Their lengths tell them apart: a code has at most 10 characters, a
/// recovery code 16.
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
        if let Ok(code) = Code::parse(text) {
            return Ok(Self::Code(code));
        }
        RecoveryCode::parse(text).map(Self::RecoveryCode).map_err(|_| MalformedAnswer)
    }
}
