use alloc::boxed::Box;
use alloc::vec;
use data_encoding::BASE32_NOPAD;
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
    let mut bytes = vec![0; BASE32_NOPAD.decode_len(length).ok()?].into_boxed_slice();
    if BASE32_NOPAD.decode_mut(letters, &mut bytes).is_err() {
        bytes.zeroize();
        return None;
    }
    Some(bytes)
}
