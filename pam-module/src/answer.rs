use std::fmt;

use zeroize::Zeroizing;

/// What a person typed. Wipes itself and prints nothing.
pub struct Answer(Zeroizing<Box<str>>);

impl Answer {
    /// Most bytes; a code has up to 10, a recovery code with its hyphens 19.
    pub const MAX_BYTES: usize = 64;

    /// Copies an answer; `None` where it is longer than [`Self::MAX_BYTES`] or not UTF-8, so that it can't be a code.
    pub fn copy(typed: &[u8]) -> Option<Self> {
        if typed.len() > Self::MAX_BYTES {
            return None;
        }
        let text = str::from_utf8(typed).ok()?;
        Some(Self(Zeroizing::new(text.into())))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer([redacted])")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn copies_up_to_64_bytes() {
        let longest = [b'1'; 64];
        assert_eq!(Answer::copy(&longest).unwrap().as_str().as_bytes(), longest);
        assert!(Answer::copy(&[b'1'; 65]).is_none());
    }

    #[test]
    fn refuses_what_is_not_utf8() {
        assert!(Answer::copy(b"12345\xff").is_none());
    }

    #[test]
    fn prints_nothing() {
        assert_eq!(format!("{:?}", Answer::copy(b"123456")), "Some(Answer([redacted]))");
    }
}
