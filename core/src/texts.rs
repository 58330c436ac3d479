//! Texts of several parts, without `format!`: its machinery would be a tenth of a page's module.

use alloc::borrow::Cow;
use alloc::string::String;

/// What an error says: `Display` writes the same. A page's module takes it from here, without `Formatter` and what belongs to it.
pub trait Message {
    /// The sentence, without a full stop.
    fn message(&self) -> Cow<'static, str>;
}

/// No number of 64 bits has more digits.
const MOST_DIGITS: usize = 20;

/// The digits of a number, with zeros in front of it up to `least` digits.
pub(crate) fn decimal(number: u64, least: usize) -> String {
    let (mut digits, mut length, mut rest) = ([b'0'; MOST_DIGITS], 0, number);
    for digit in digits.iter_mut().rev() {
        if rest == 0 && length >= least {
            break;
        }
        *digit += u8::try_from(rest % 10).unwrap_or_default();
        rest /= 10;
        length += 1;
    }
    let mut text = String::with_capacity(length);
    for digit in digits.into_iter().skip(MOST_DIGITS - length) {
        text.push(char::from(digit));
    }
    text
}

/// One text of several. Allocated at once: a text that grows leaves copies of what it holds behind.
pub(crate) fn joined(parts: &[&str]) -> String {
    let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
    text.extend(parts.iter().copied());
    text
}

/// A sentence with a number in it.
pub(crate) fn around(before: &str, number: u64, after: &str) -> Cow<'static, str> {
    joined(&[before, &decimal(number, 1), after]).into()
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use core::fmt::Display;

    use super::*;
    use crate::{
        InvalidSecret, InvalidSerialNumber, LimitExceeded, MalformedCode, Mistake, OtpauthError,
        SecretLengthError, UnknownAlgorithm, UnsupportedDigits,
    };

    fn assert_says(error: &(impl Display + Message), text: &str) {
        assert_eq!((error.message().as_ref(), error.to_string().as_str()), (text, text));
    }

    #[test]
    fn an_error_says_the_same_by_message_and_display_and_what_the_one_inside_it_says() {
        assert_says(&Mistake::SerialNumber(InvalidSerialNumber::Empty), "the serial number is empty");
        assert_says(&Mistake::Code(MalformedCode::WrongLength), "a code has 6 to 10 digits");
        let short = InvalidSecret::Length(SecretLengthError::TooShort(3));
        assert_says(
            &OtpauthError::Secret(short),
            "the secret has 3 bytes: at least 16 (128 bits) are required",
        );
        let digits = OtpauthError::Digits(UnsupportedDigits(11));
        assert_says(&digits, "codes of 11 digits are not supported: 6 to 10 are");
        let algorithm = OtpauthError::Algorithm(UnknownAlgorithm);
        assert_says(&algorithm, "unknown algorithm: SHA1, SHA256 and SHA512 are supported");
        assert_says(&OtpauthError::Repeated("secret"), "secret= stands twice");
        assert_says(&LimitExceeded { name: "steps", least: 0, most: 10 }, "steps must be 0 to 10");
    }

    #[test]
    fn a_number_has_its_digits_and_the_zeros_that_are_asked_for() {
        for (number, least, text) in [
            (0, 1, "0"),
            (0, 6, "000000"),
            (26_920, 6, "026920"),
            (1_234_567, 6, "1234567"),
            (u64::MAX, 1, "18446744073709551615"),
        ] {
            assert_eq!(decimal(number, least), text);
        }
    }
}
