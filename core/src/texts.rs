//! Texts of several parts, without `format!`: its machinery would be a tenth of a page's module.

use alloc::string::String;
use core::fmt;

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

/// Writes a sentence with a number in it.
pub(crate) fn write_around(
    f: &mut fmt::Formatter<'_>,
    before: &str,
    number: u64,
    after: &str,
) -> fmt::Result {
    f.write_str(before)?;
    f.write_str(&decimal(number, 1))?;
    f.write_str(after)
}

#[cfg(test)]
mod tests {
    use super::*;

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
