use std::ffi::CStr;
use std::fmt;

use keyfob_core::{Digits, RecoveryCode};
use zeroize::Zeroizing;

use crate::answer::Answer;

/// Bytes of a recovery code as it is shown, with its hyphens.
const RECOVERY_CODE_BYTES: usize = 19;

/// A password for the modules after this one, never empty. Wipes itself and prints nothing.
pub struct Password(Zeroizing<Box<[u8]>>);

impl Password {
    /// `None` where it is empty, or has a NUL byte and so can't be forwarded.
    fn new(text: &[u8]) -> Option<Self> {
        if text.is_empty() || text.contains(&0) {
            return None;
        }
        Some(Self(Zeroizing::new([text, b"\0"].concat().into())))
    }

    /// As libpam takes it.
    pub fn as_c_str(&self) -> &CStr {
        CStr::from_bytes_with_nul(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password([redacted])")
    }
}

/// A password and a code that were typed together, apart.
pub struct Split {
    /// The password; `None` where none was typed: then the code must not be looked at.
    pub password: Option<Password>,
    /// The code; an empty one where there is none at the end.
    pub code: Answer,
}

/// Codes of several lengths fit the end of what was typed, so that nothing tells where the password ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ambiguous;

/// Splits a code off the end: as many digits as one of the account's codes has, or a recovery code in the form it is shown in. A space
/// between password and code belongs to neither.
pub fn split(typed: &Answer, digits: &[Digits]) -> Result<Split, Ambiguous> {
    let typed = typed.as_bytes();
    let (password, code) = typed.split_at(typed.len() - code_length(typed, digits)?);
    let password = if code.is_empty() { password } else { password.strip_suffix(b" ").unwrap_or(password) };
    let code = Answer::copy(code).unwrap_or_else(Answer::empty);
    Ok(match Password::new(password) {
        Some(password) => Split { password: Some(password), code },
        // FreeIPA once let people in by a code behind an empty password (CVE-2014-7828).
        None => Split { password: None, code: Answer::empty() },
    })
}

/// At most the length of what was typed; 0 where no code is at the end.
fn code_length(typed: &[u8], digits: &[Digits]) -> Result<usize, Ambiguous> {
    if typed.last_chunk::<RECOVERY_CODE_BYTES>().is_some_and(is_recovery_code) {
        return Ok(RECOVERY_CODE_BYTES);
    }
    let at_end = typed.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let set_apart = typed.split_at(typed.len() - at_end).0.ends_with(b" ");
    let lengths = digits.iter().map(|digits| usize::from(digits.get()));
    let mut fitting = lengths.clone().filter(|length| *length <= at_end);
    match (fitting.next(), fitting.next()) {
        (None, _) => Ok(0),
        (Some(length), None) => Ok(length),
        _ if set_apart => lengths.clone().find(|length| *length == at_end).ok_or(Ambiguous),
        _ => Err(Ambiguous),
    }
}

fn is_recovery_code(tail: &[u8; RECOVERY_CODE_BYTES]) -> bool {
    let hyphens_in_place = tail.iter().enumerate().all(|(place, byte)| (*byte == b'-') == (place % 5 == 4));
    hyphens_in_place && str::from_utf8(tail).is_ok_and(|text| RecoveryCode::parse(text).is_ok())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn try_split(typed: &[u8], digits: &[u32]) -> Result<Split, Ambiguous> {
        let digits: Vec<_> = digits.iter().map(|digits| Digits::new(*digits).unwrap()).collect();
        split(&Answer::copy(typed).unwrap(), &digits)
    }

    fn parts(typed: &[u8], digits: &[u32]) -> (Option<Vec<u8>>, String) {
        let split = try_split(typed, digits).unwrap();
        (split.password.map(|password| password.as_c_str().to_bytes().into()), split.code.code().into())
    }

    fn pair(password: &[u8], code: &str) -> (Option<Vec<u8>>, String) {
        (Some(password.into()), code.into())
    }

    #[test]
    fn a_code_is_split_off_the_end() {
        assert_eq!(parts(b"secret123456", &[6]), pair(b"secret", "123456"));
        assert_eq!(parts(b"secret99123456", &[6]), pair(b"secret99", "123456"));
        assert_eq!(parts(b"p\xffw123456", &[6]), pair(b"p\xffw", "123456"));
    }

    #[test]
    fn a_space_before_the_code_belongs_to_neither() {
        assert_eq!(parts(b"secret 123456", &[6]), pair(b"secret", "123456"));
        assert_eq!(parts(b"secret  123456", &[6]), pair(b"secret ", "123456"));
        assert_eq!(parts(b"secret a2cd-efgh-ijkl-mn5p", &[6]), pair(b"secret", "a2cd-efgh-ijkl-mn5p"));
        assert_eq!(parts(b"secret 99123456", &[6]), pair(b"secret 99", "123456"));
        assert_eq!(parts(b"secret ", &[6]), pair(b"secret ", ""));
        assert_eq!(parts(b" 123456", &[6]), (None, String::new()));
    }

    #[test]
    fn of_several_lengths_the_one_that_fits_is_taken() {
        for digits in [[6, 8], [8, 6]] {
            assert_eq!(parts(b"secret123456", &digits), pair(b"secret", "123456"));
            assert_eq!(parts(b"secret1234567", &digits), pair(b"secret1", "234567"));
            assert_eq!(parts(b"secret12345", &digits), pair(b"secret12345", ""));
        }
    }

    #[test]
    fn where_several_lengths_fit_nothing_is_guessed_and_a_space_decides() {
        for digits in [[6, 8], [8, 6]] {
            for typed in
                ["secret12345678", "secret99123456", "secret999123456", "secret 999123456", "12345678"]
            {
                assert_eq!(try_split(typed.as_bytes(), &digits).err(), Some(Ambiguous), "{typed}");
            }
            assert_eq!(parts(b"secret 12345678", &digits), pair(b"secret", "12345678"));
            assert_eq!(parts(b"secret99 123456", &digits), pair(b"secret99", "123456"));
        }
    }

    #[test]
    fn without_a_code_all_is_the_password() {
        for typed in ["secret", "secret12345", "123456secret", "secret-a2cd-efgh-ijkl-mn5", "se١٢٣٤٥٦"]
        {
            assert_eq!(parts(typed.as_bytes(), &[6]), pair(typed.as_bytes(), ""), "{typed}");
        }
    }

    #[test]
    fn a_recovery_code_is_split_off() {
        let code = "a2cd-efgh-ijkl-mn5p";
        assert_eq!(parts(format!("secret{code}").as_bytes(), &[6]), pair(b"secret", code));
        assert_eq!(parts(b"secretA2CD-EFGH-IJKL-MN5P", &[6]), pair(b"secret", "A2CD-EFGH-IJKL-MN5P"));
        assert_eq!(parts(b"secreta2cdefghijklmn5p", &[6]), pair(b"secreta2cdefghijklmn5p", ""));
        assert_eq!(parts(b"secretabcd-efgh-ijkl-mn!p", &[6]), pair(b"secretabcd-efgh-ijkl-mn!p", ""));
    }

    #[test]
    fn a_code_without_a_password_is_no_code() {
        for typed in [b"123456".as_slice(), b"", b"a2cd-efgh-ijkl-mn5p"] {
            assert_eq!(parts(typed, &[6]), (None, String::new()));
        }
    }

    #[test]
    fn a_password_prints_nothing() {
        assert_eq!(format!("{:?}", Password::new(b"secret")), "Some(Password([redacted]))");
    }
}
