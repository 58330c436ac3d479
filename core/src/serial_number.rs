use alloc::borrow::Cow;
use alloc::string::String;
use core::{fmt, str::FromStr};
use thiserror::Error;

use crate::texts::Message;
use crate::typed::as_meant;

/// A device's serial number: 1 to 256 of the characters AWS allows, `[A-Za-z0-9_+=/:,.@-]`. AWS asks for at least 9; real
/// tokens have shorter ones too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct SerialNumber(String);

/// Why a text is no [`SerialNumber`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{}", self.message())]
pub enum InvalidSerialNumber {
    /// Nothing was given.
    Empty,
    /// Over 256 characters.
    TooLong,
    /// A character that no serial number has.
    StrayCharacter,
}

impl Message for InvalidSerialNumber {
    fn message(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Empty => "the serial number is empty",
            Self::TooLong => "the serial number is longer than 256 characters",
            Self::StrayCharacter => "a serial number has only letters, digits and _ + = / : , . @ -",
        })
    }
}

impl SerialNumber {
    /// Most characters.
    pub const MAX_LENGTH: usize = 256;

    /// Reads what a person typed or pasted: white space is left out, full-width characters and dashes are taken for what they are.
    /// Case and dashes stay: whether a device is meant whose serial number has others is for the store to say.
    ///
    /// # Errors
    /// [`InvalidSerialNumber`] says why not.
    pub fn from_typed(text: &str) -> Result<Self, InvalidSerialNumber> {
        as_meant(text, char::is_whitespace).parse()
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SerialNumber {
    type Err = InvalidSerialNumber;

    fn from_str(text: &str) -> Result<Self, InvalidSerialNumber> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=/:,.@-".contains(&byte);
        if text.is_empty() {
            Err(InvalidSerialNumber::Empty)
        } else if text.len() > Self::MAX_LENGTH {
            Err(InvalidSerialNumber::TooLong)
        } else if !text.bytes().all(allowed) {
            Err(InvalidSerialNumber::StrayCharacter)
        } else {
            Ok(Self(text.into()))
        }
    }
}

impl fmt::Display for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(feature = "serde")]
impl TryFrom<String> for SerialNumber {
    type Error = InvalidSerialNumber;

    fn try_from(text: String) -> Result<Self, InvalidSerialNumber> {
        text.parse()
    }
}

#[cfg(feature = "serde")]
impl From<SerialNumber> for String {
    fn from(name: SerialNumber) -> Self {
        name.0
    }
}
