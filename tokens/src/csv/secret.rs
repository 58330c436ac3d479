use data_encoding::HEXLOWER_PERMISSIVE;
use keyfob_core::{InvalidSecret, Secret};

use super::{header::Column, row::Row};
use crate::{RejectReason, decode::decode};
use SecretEncoding::{Base32, Hex};

/// How a table writes secrets (RFC 4648): in any case, spaces and hyphens between groups meaning nothing.
#[derive(Clone, Copy)]
pub(crate) enum SecretEncoding {
    Hex,
    /// Padded or not.
    Base32,
}

/// The row's secret, as its column says or as it can be read.
pub(crate) fn read(row: &Row<'_>, either: Option<SecretEncoding>) -> Result<Secret, RejectReason> {
    if let Some(text) = row.get(Column::SecretHex) {
        return Hex.secret(text);
    }
    if let Some(text) = row.get(Column::SecretBase32) {
        return Base32.secret(text);
    }
    let text = row.get(Column::Secret).ok_or(RejectReason::MissingSecret)?;
    match (Hex.fits(text), Base32.fits(text)) {
        (true, false) => Hex.secret(text),
        (false, true) => Base32.secret(text),
        (true, true) => either.ok_or(RejectReason::AmbiguousSecret)?.secret(text),
        (false, false) => Err(RejectReason::MalformedSecret("hexadecimal or base32")),
    }
}

/// How a secret is read that can be read both ways: as those are that can be read in one way only. `None` where those are of both
/// kinds; hexadecimal where there are none.
pub(crate) fn encoding_of_either<'a>(rows: impl Iterator<Item = Row<'a>>) -> Option<SecretEncoding> {
    let (mut hex, mut base32) = (false, false);
    for row in rows {
        let Some(text) = row.get(Column::Secret) else { continue };
        match (Hex.fits(text), Base32.fits(text)) {
            (true, false) => hex = true,
            (false, true) => base32 = true,
            _ => {}
        }
    }
    match (hex, base32) {
        (true, true) => None,
        (false, true) => Some(Base32),
        (_, false) => Some(Hex),
    }
}

impl SecretEncoding {
    fn secret(self, text: &str) -> Result<Secret, RejectReason> {
        match self {
            Hex => {
                let is_ignored = |c: char| c.is_ascii_whitespace() || c == '-';
                let bytes = decode(text, &HEXLOWER_PERMISSIVE, is_ignored);
                let bytes = bytes.ok_or(RejectReason::MalformedSecret("hexadecimal"))?;
                Ok(Secret::new(Box::from(bytes.as_slice()))?)
            }
            Base32 => Secret::from_base32(text).map_err(|error| match error {
                InvalidSecret::NotBase32 => RejectReason::MalformedSecret("base32"),
                InvalidSecret::Length(error) => RejectReason::SecretLength(error),
            }),
        }
    }

    /// Whether the text is one of this encoding, of whatever length.
    fn fits(self, text: &str) -> bool {
        !matches!(self.secret(text), Err(RejectReason::MalformedSecret(_)))
    }
}
