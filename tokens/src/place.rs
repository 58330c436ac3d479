use keyfob_core::escape;
use std::fmt;

/// Where in a seed file a record stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A line, counted from 1.
    Line(u64),
    /// A key in a PSKC file.
    KeyPackage {
        /// The key's Id (RFC 6030 §4.1).
        id: Option<String>,
        /// The line where it begins, counted from 1.
        line: u32,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::KeyPackage { id: Some(id), line } => write!(f, "key package {} (line {line})", escape(id)),
            Self::KeyPackage { id: None, line } => write!(f, "key package without Id (line {line})"),
        }
    }
}
