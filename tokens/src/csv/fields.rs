use std::borrow::Cow;

use crate::RejectReason;

/// The fields of one line (RFC 4180), borrowed from it, so that no copy of a secret is made. Stops at the first malformed one.
pub(crate) struct Fields<'a> {
    rest: Option<&'a str>,
    delimiter: char,
}

impl<'a> Fields<'a> {
    pub(crate) const fn of(line: &'a str, delimiter: char) -> Self {
        Self { rest: Some(line), delimiter }
    }

    fn plain(&mut self, text: &'a str) -> Cow<'a, str> {
        let (field, rest) = match text.split_once(self.delimiter) {
            Some((field, rest)) => (field, Some(rest)),
            None => (text, None),
        };
        self.rest = rest;
        Cow::Borrowed(field)
    }

    /// A field from after its opening quote: up to the closing one, a doubled quote standing for one.
    fn quoted(&mut self, text: &'a str) -> Option<Cow<'a, str>> {
        let closing = closing_quote(text)?;
        let (field, after) = text.split_at_checked(closing)?;
        let after = after.strip_prefix('"')?.trim_start_matches(' ');
        self.rest = if after.is_empty() { None } else { Some(after.strip_prefix(self.delimiter)?) };
        Some(if field.contains('"') { Cow::Owned(field.replace("\"\"", "\"")) } else { Cow::Borrowed(field) })
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Cow<'a, str>, RejectReason>;

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.rest.take()?;
        Some(match text.trim_start_matches(' ').strip_prefix('"') {
            Some(quoted) => self.quoted(quoted).ok_or(RejectReason::MalformedQuoting),
            None => Ok(self.plain(text)),
        })
    }
}

/// Where the first quote stands that isn't doubled.
fn closing_quote(text: &str) -> Option<usize> {
    let mut quotes = text.match_indices('"').map(|(at, _)| at).peekable();
    loop {
        let quote = quotes.next()?;
        if quotes.next_if_eq(&(quote + 1)).is_none() {
            return Some(quote);
        }
    }
}
