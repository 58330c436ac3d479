use std::{fmt, str::FromStr};
use thiserror::Error;

/// A layout of seed files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Portable Symmetric Key Container (RFC 6030), in plain text.
    Pskc,
    /// A table with a header line.
    Csv,
    /// One `otpauth://` URI a line.
    Otpauth,
}

/// A name that is no [`Format`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("unknown seed file format: pskc, csv and otpauth are known")]
pub struct UnknownFormat;

impl Format {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Pskc, Self::Csv, Self::Otpauth];

    /// `pskc`, `csv` or `otpauth`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pskc => "pskc",
            Self::Csv => "csv",
            Self::Otpauth => "otpauth",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        Self::ALL.into_iter().find(|format| format.name() == text).ok_or(UnknownFormat)
    }
}
