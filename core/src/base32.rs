use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use base32ct::{Base32UpperUnpadded, Encoding};
use zeroize::{Zeroize, Zeroizing};

/// Decodes base32 (RFC 4648 §6) as people and files write it: in any case, with or without padding, with spaces and hyphens
/// between. `None` for anything else, and where the last character has bits that no byte takes: something is missing then.
pub(crate) fn decode_base32(text: &str) -> Option<Box<[u8]>> {
    let mut letters = Zeroizing::new(vec![0; text.len()]);
    let mut length = 0;
    let written = text.trim_end_matches(['=', ' ']).bytes().filter(|byte| !matches!(byte, b' ' | b'-'));
    for (letter, byte) in letters.iter_mut().zip(written) {
        *letter = byte.to_ascii_uppercase();
        length += 1;
    }
    let letters = letters.get(..length)?;
    let mut bytes = vec![0; length * 5 / 8].into_boxed_slice();
    let is_decoded = Base32UpperUnpadded::decode(letters, &mut bytes).is_ok();
    if !is_decoded || encode_base32(&bytes).as_bytes() != letters {
        bytes.zeroize();
        return None;
    }
    Some(bytes)
}

/// Encodes base32 (RFC 4648 §6) in capitals, without padding.
pub(crate) fn encode_base32(bytes: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(Base32UpperUnpadded::encode_string(bytes))
}
