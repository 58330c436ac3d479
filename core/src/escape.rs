use alloc::string::String;

/// Makes text from outside harmless in a log or on a terminal: control and bidirectional characters and the backslash become
/// `\u{…}`, all else stays.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) || c == '\\' {
            escaped.extend(c.escape_unicode());
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// Control characters, and the invisible ones that reorder, join or hide text (Unicode `Bidi_Control`, line and paragraph
/// separators, zero-width characters, the byte-order mark).
pub(crate) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
