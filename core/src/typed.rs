use alloc::string::String;
use zeroize::Zeroizing;

/// What a person typed or pasted, in the characters that are meant: full-width forms as ASCII, every hyphen and dash as `-`, and
/// without what `is_left_out` names. It may be a code, so it wipes itself.
pub(crate) fn as_meant(text: &str, is_left_out: fn(char) -> bool) -> Zeroizing<String> {
    // No form is longer than what it stands for: a text that grows leaves copies behind.
    let mut meant = Zeroizing::new(String::with_capacity(text.len()));
    for c in text.chars().map(ascii_form).filter(|c| !is_left_out(*c)) {
        meant.push(c);
    }
    meant
}

/// Unicode's full-width forms, hyphens, dashes and minus; anything else stays as it is.
fn ascii_form(c: char) -> char {
    const FULL_WIDTH_TO_ASCII: u32 = 0xfee0;
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - FULL_WIDTH_TO_ASCII).unwrap_or(c),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => '-',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_forms_and_dashes_become_ascii() {
        let nothing = |_: char| false;
        assert_eq!(*as_meant("０９ａＺ！～", nothing), "09aZ!~");
        assert_eq!(*as_meant("1‐2‑3‒4–5—6−7－8", nothing), "1-2-3-4-5-6-7-8");
        assert_eq!(*as_meant("٣²é", nothing), "٣²é");
    }

    #[test]
    fn what_is_left_out_is_judged_by_its_meaning() {
        assert_eq!(*as_meant("１２３\u{3000}–４", |c| c == '-' || c.is_whitespace()), "1234");
    }
}
