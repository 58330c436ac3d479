use std::fmt;
use std::str::FromStr;

use keyfob_core::UnixTime;
use thiserror::Error;

use crate::AccountId;

/// Names a browser's session: 26 of `[A-Z2-7]`. No secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SessionId(String);

/// A text that is no [`SessionId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a session's id is 26 capital letters and digits 2 to 7")]
pub struct InvalidSessionId;

impl SessionId {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SessionId {
    type Err = InvalidSessionId;

    fn from_str(text: &str) -> Result<Self, InvalidSessionId> {
        let is_valid = text.len() == 26 && text.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'));
        if is_valid { Ok(Self(text.into())) } else { Err(InvalidSessionId) }
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for SessionId {
    type Error = InvalidSessionId;

    fn try_from(text: String) -> Result<Self, InvalidSessionId> {
        text.parse()
    }
}

impl From<SessionId> for String {
    fn from(id: SessionId) -> Self {
        id.0
    }
}

/// How far a browser's sign-in has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The password was right; a code has to follow.
    Password,
    /// Signed in by the password alone.
    WithoutCode,
    /// Signed in by the password and a code.
    WithCode,
}

/// A browser's session as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBrowserSession {
    /// Its name.
    pub id: SessionId,
    /// The SHA-256 of its token.
    pub token: [u8; 32],
    /// Who has signed in.
    pub account: AccountId,
    /// How far.
    pub stage: Stage,
    /// Since when.
    pub created: UnixTime,
    /// When it was last used, to the minute.
    pub last_used: UnixTime,
    /// When it ends, however much it is used.
    pub expires: UnixTime,
    /// Where it comes from, escaped.
    pub remote: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_twenty_six_of_base32() {
        for (text, valid) in [
            ("ABCDEFGHIJKLMNOPQRSTUVWX23", true),
            ("ABCDEFGHIJKLMNOPQRSTUVWX2", false),
            ("ABCDEFGHIJKLMNOPQRSTUVWX234", false),
            ("ABCDEFGHIJKLMNOPQRSTUVWX21", false),
            ("abcdefghijklmnopqrstuvwx23", false),
            ("", false),
        ] {
            assert_eq!(text.parse::<SessionId>().is_ok(), valid, "{text}");
        }
    }
}
