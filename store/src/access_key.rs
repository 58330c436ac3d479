use std::fmt;
use std::str::FromStr;

use keyfob_core::UnixTime;
use thiserror::Error;

use crate::AccountId;

/// Names an access key: `AKIA` (kept until it is deleted) or `ASIA` (of a session), and 16 of `[A-Z2-7]`. No secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccessKeyId(String);

/// A text that is no [`AccessKeyId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("an access key id is AKIA or ASIA and 16 capital letters and digits 2 to 7")]
pub struct InvalidAccessKeyId;

impl AccessKeyId {
    /// What the id of a key starts with that is kept until it is deleted.
    pub const KEPT: &'static str = "AKIA";
    /// What the id of a session's key starts with.
    pub const OF_SESSION: &'static str = "ASIA";

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccessKeyId {
    type Err = InvalidAccessKeyId;

    fn from_str(text: &str) -> Result<Self, InvalidAccessKeyId> {
        let rest = text.strip_prefix(Self::KEPT).or_else(|| text.strip_prefix(Self::OF_SESSION));
        let is_valid = |rest: &str| {
            rest.len() == 16 && rest.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'))
        };
        if rest.is_some_and(is_valid) { Ok(Self(text.into())) } else { Err(InvalidAccessKeyId) }
    }
}

impl fmt::Display for AccessKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for AccessKeyId {
    type Error = InvalidAccessKeyId;

    fn try_from(text: String) -> Result<Self, InvalidAccessKeyId> {
        text.parse()
    }
}

impl From<AccessKeyId> for String {
    fn from(id: AccessKeyId) -> Self {
        id.0
    }
}

/// An access key as it is stored: its secret is derived, and stands nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAccessKey {
    /// Its name.
    pub id: AccessKeyId,
    /// Whose requests it signs.
    pub account: AccountId,
    /// When it was made.
    pub created: UnixTime,
    /// The session it belongs to; `None`: it is kept until it is deleted.
    pub session: Option<StoredSession>,
}

/// A session: it began with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredSession {
    /// The SHA-256 of its token.
    pub token: [u8; 32],
    /// When it ends.
    pub expires: UnixTime,
}

/// A signed change that was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RememberedChange {
    /// How it ended, in the words of whoever did it; `None`: that is told once.
    pub outcome: Option<Vec<u8>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_prefix_and_sixteen_of_base32() {
        for (text, valid) in [
            ("AKIAIOSFODNN7EXAMPLE", true),
            ("ASIA234567ABCDEFGHIJ", true),
            ("AKIAIOSFODNN7EXAMPL", false),
            ("AKIAIOSFODNN7EXAMPLEE", false),
            ("AKIAIOSFODNN8EXAMPLE", false),
            ("akiaiosfodnn7example", false),
            ("AROAIOSFODNN7EXAMPLE", false),
            ("", false),
        ] {
            assert_eq!(text.parse::<AccessKeyId>().is_ok(), valid, "{text}");
        }
    }
}
