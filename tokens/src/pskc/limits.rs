//! The XML reader's time grows with the square of the attributes of one element and its memory with the product of elements and
//! namespaces, so that a small file could exhaust both. These limits are far above any PSKC file.

use std::collections::BTreeSet;

use crate::ReadError;

/// Most elements, texts and comments together: some 300 MB of memory.
pub(crate) const MAX_NODES: u32 = 4_000_000;
/// Most attributes: no more than there are equals signs.
const MAX_EQUALS_SIGNS: usize = 2_000_000;
/// Most bytes of an element's tag and of the text after it.
const MAX_TAG_AND_TEXT: usize = 8 * 1024;
/// Most different namespace prefixes.
const MAX_PREFIXES: usize = 32;

pub(crate) fn check(text: &str) -> Result<(), ReadError> {
    let too_long = text.split('<').any(|part| part.len() > MAX_TAG_AND_TEXT);
    let too_many_attributes = text.bytes().filter(|byte| *byte == b'=').count() > MAX_EQUALS_SIGNS;
    if too_long || too_many_attributes || has_too_many_prefixes(text) {
        Err(ReadError::ExcessiveXml)
    } else {
        Ok(())
    }
}

fn has_too_many_prefixes(text: &str) -> bool {
    let mut prefixes = BTreeSet::new();
    text.split("xmlns:").skip(1).any(|declaration| {
        let prefix = declaration.split(['=', ' ', '\t', '\r', '\n']).next();
        prefixes.insert(prefix) && prefixes.len() > MAX_PREFIXES
    })
}
