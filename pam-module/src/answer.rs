use std::fmt;

use zeroize::Zeroizing;

/// What a person typed, here or for a module before this one. Wipes itself and prints nothing.
pub struct Answer(Zeroizing<Box<[u8]>>);

impl Answer {
    /// Most bytes: what libpam takes as an answer (`PAM_MAX_RESP_SIZE`), for a password may be as long.
    pub const MAX_BYTES: usize = 512;
    /// Most bytes of what can be a code; a code has up to 10, a recovery code with its hyphens 19, a pair of codes 21.
    pub const MAX_CODE_BYTES: usize = 64;

    /// Copies an answer; `None` where it is longer than [`Self::MAX_BYTES`].
    pub fn copy(typed: &[u8]) -> Option<Self> {
        (typed.len() <= Self::MAX_BYTES).then(|| Self(Zeroizing::new(typed.into())))
    }

    /// Nothing typed.
    pub fn empty() -> Self {
        Self(Zeroizing::default())
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text, and an empty one for what can't be a code: what is longer than [`Self::MAX_CODE_BYTES`] or not UTF-8.
    pub fn code(&self) -> &str {
        if self.0.len() > Self::MAX_CODE_BYTES {
            return "";
        }
        str::from_utf8(&self.0).unwrap_or_default()
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
    fn copies_up_to_512_bytes() {
        let longest = [b'1'; 512];
        assert_eq!(Answer::copy(&longest).unwrap().as_bytes(), longest);
        assert!(Answer::copy(&[b'1'; 513]).is_none());
    }

    #[test]
    fn what_cannot_be_a_code_is_an_empty_one() {
        assert_eq!(Answer::copy(&[b'1'; 64]).unwrap().code().len(), 64);
        assert_eq!(Answer::copy(&[b'1'; 65]).unwrap().code(), "");
        assert_eq!(Answer::copy(b"12345\xff").unwrap().code(), "");
        assert_eq!(Answer::empty().code(), "");
    }

    #[test]
    fn prints_nothing() {
        assert_eq!(format!("{:?}", Answer::copy(b"123456")), "Some(Answer([redacted]))");
    }
}
