//! Base32 (RFC 4648 §6) of secrets: no branch and no index depends on what is encoded.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem;
use zeroize::Zeroizing;

/// Bits of a character.
const BITS: u32 = 5;

/// Decodes base32 as people and files write it: in any case, with or without padding, with spaces and hyphens between. `None` for
/// anything else, and where the last character has bits that no byte takes: something is missing then.
pub(crate) fn decode_base32(text: &str) -> Option<Box<[u8]>> {
    let written = trimmed(text).iter().filter(|byte| !matches!(byte, b' ' | b'-'));
    // As long as it will be: what grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(written.clone().count() * 5 / 8));
    let (mut bits, mut length, mut stray) = (0, 0, 0);
    for letter in written {
        let value = value_of(letter.to_ascii_uppercase());
        stray |= value >> BITS;
        bits = (bits << BITS) | value;
        length += BITS;
        if length >= u8::BITS {
            length -= u8::BITS;
            bytes.push(low_byte(bits >> length));
        }
    }
    let is_whole = length < BITS && bits & !(u32::MAX << length) == 0;
    (stray == 0 && is_whole).then(|| mem::take(&mut *bytes).into_boxed_slice())
}

/// Without padding and spaces at the end.
fn trimmed(text: &str) -> &[u8] {
    let mut bytes = text.as_bytes();
    while let [rest @ .., b'=' | b' '] = bytes {
        bytes = rest;
    }
    bytes
}

/// Encodes base32 in capitals, without padding.
pub(crate) fn encode_base32(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity((bytes.len() * 8).div_ceil(5)));
    let (mut bits, mut length) = (0, 0);
    for byte in bytes {
        bits = (bits << u8::BITS) | u32::from(*byte);
        length += u8::BITS;
        while length >= BITS {
            length -= BITS;
            text.push(letter_of(bits >> length));
        }
    }
    if length > 0 {
        text.push(letter_of(bits << (BITS - length)));
    }
    text
}

/// 0 to 31 for A to Z and 2 to 7, something above for all else.
fn value_of(letter: u8) -> u32 {
    let letter = u32::from(letter);
    // All ones where the letter lies in the range, else zero: the difference below zero has the sign bit.
    let within = |first: u8, last: u8| {
        let outside = letter.wrapping_sub(first.into()) | u32::from(last).wrapping_sub(letter);
        (outside >> 31).wrapping_sub(1)
    };
    let (capital, digit) = (within(b'A', b'Z'), within(b'2', b'7'));
    (capital & letter.wrapping_sub(b'A'.into()))
        | (digit & (letter.wrapping_sub(b'2'.into()).wrapping_add(26)))
        | (!(capital | digit) & 32)
}

/// The letter of the low 5 bits.
fn letter_of(bits: u32) -> char {
    let value = bits & 31;
    // 26 to 31 are digits: from the place after Z back to 2.
    let is_digit = 25_u32.wrapping_sub(value) >> 31;
    let back = is_digit * u32::from(b'A' + 26 - b'2');
    char::from(low_byte(u32::from(b'A') + value - back))
}

#[expect(clippy::cast_possible_truncation, reason = "the high bits are meant to go")]
const fn low_byte(bits: u32) -> u8 {
    bits as u8
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE32_NOPAD;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_encoded_is_what_another_implementation_gives_and_is_decoded(bytes: Vec<u8>) {
            let text = encode_base32(&bytes);
            prop_assert_eq!(text.as_str(), BASE32_NOPAD.encode(&bytes));
            prop_assert_eq!(decode_base32(&text).map(Vec::from), Some(bytes));
        }

        #[test]
        fn what_is_decoded_is_what_another_implementation_gives(text in "[A-Z2-7]{0,20}") {
            let decoded = decode_base32(&text).map(Vec::from);
            prop_assert_eq!(decoded, BASE32_NOPAD.decode(text.as_bytes()).ok());
        }
    }

    #[test]
    fn of_all_bytes_only_the_alphabet_is_taken() {
        for byte in 0..=u8::MAX {
            let value = BASE32_NOPAD.specification().symbols.bytes().position(|symbol| symbol == byte);
            let expected = value.and_then(|value| u32::try_from(value).ok());
            assert_eq!(Some(value_of(byte)).filter(|value| *value < 32), expected, "{byte}");
        }
    }
}
