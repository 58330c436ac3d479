use keyfob_core::escape;
use std::fmt;

/// A piece of a seed file that an error quotes, made harmless for logs and terminals. A text too long to be what was expected is
/// not quoted: in a table with shifted columns it could be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt(String);

impl Excerpt {
    /// From a table's cell: shorter than any secret, the shortest of which has 16 bytes and so 24 characters of base64.
    const MAX_CELL: usize = 20;
    /// From where no secret can stand, such as an XML name.
    const MAX_NAME: usize = 80;

    pub(crate) fn of_cell(text: &str) -> Self {
        Self::up_to(Self::MAX_CELL, text)
    }

    /// Quotes what can't be a secret, such as a column's name: up to 80 characters.
    #[must_use]
    pub fn of_name(text: &str) -> Self {
        Self::up_to(Self::MAX_NAME, text)
    }

    fn up_to(limit: usize, text: &str) -> Self {
        let length = text.chars().count();
        Self(if length <= limit { format!("'{}'", escape(text)) } else { format!("of {length} characters") })
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
