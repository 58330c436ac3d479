use data_encoding::Encoding;
use zeroize::Zeroizing;

/// The bytes that the text stands for (RFC 4648), in a buffer that never grows and is wiped.
pub(crate) fn decode(
    text: &str,
    encoding: &Encoding,
    is_ignored: fn(char) -> bool,
) -> Option<Zeroizing<Vec<u8>>> {
    let mut symbols = Zeroizing::new(String::with_capacity(text.len()));
    symbols.extend(text.chars().filter(|c| !is_ignored(*c)));
    let mut bytes = Zeroizing::new(vec![0; encoding.decode_len(symbols.len()).ok()?]);
    let length = encoding.decode_mut(symbols.as_bytes(), &mut bytes).ok()?;
    bytes.truncate(length);
    Some(bytes)
}
