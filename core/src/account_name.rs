use alloc::string::String;
use core::{fmt, str::FromStr};
use thiserror::Error;

/// The name of an account: 1 to 128 bytes, no white space, control or invisible formatting character, none of `/` and `:`
/// (they end a field of the system's own account files).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct AccountName(String);

/// Why a text is no [`AccountName`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidAccountName {
    /// Nothing was given.
    #[error("the user name is empty")]
    Empty,
    /// Over 128 bytes.
    #[error("the user name is longer than 128 bytes")]
    TooLong,
    /// A character that no account name has.
    #[error("the user name has a character that no account name has")]
    StrayCharacter,
}

impl AccountName {
    /// Most bytes (AWS: `UserName`).
    pub const MAX_BYTES: usize = 128;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountName {
    type Err = InvalidAccountName;

    fn from_str(text: &str) -> Result<Self, InvalidAccountName> {
        let stray = |c: char| c.is_whitespace() || c == '/' || c == ':' || crate::escape::is_unsafe(c);
        if text.is_empty() {
            Err(InvalidAccountName::Empty)
        } else if text.len() > Self::MAX_BYTES {
            Err(InvalidAccountName::TooLong)
        } else if text.chars().any(stray) {
            Err(InvalidAccountName::StrayCharacter)
        } else {
            Ok(Self(text.into()))
        }
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(feature = "serde")]
impl TryFrom<String> for AccountName {
    type Error = InvalidAccountName;

    fn try_from(text: String) -> Result<Self, InvalidAccountName> {
        text.parse()
    }
}

#[cfg(feature = "serde")]
impl From<AccountName> for String {
    fn from(name: AccountName) -> Self {
        name.0
    }
}
