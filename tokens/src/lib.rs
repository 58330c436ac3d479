//! Seed files of one-time-code tokens, read into the types of keyfob-core: PSKC (RFC 6030) in plain text, CSV with a header, and
//! `otpauth://` lines.
//!
//! A file is read whole or refused whole ([`ReadError`]); in a file that is read, every record is either a device or a named
//! reject ([`RejectReason`]). Nothing here knows a file, a network or a clock, so that it runs in a browser too. The content is
//! the caller's: whoever loaded the file wipes it.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod csv;
mod decode;
mod detect;
mod error;
mod excerpt;
mod format;
mod lines;
mod otpauth;
mod place;
mod pskc;
mod records;
mod reject;
mod values;

pub use error::ReadError;
pub use excerpt::Excerpt;
pub use format::{Format, UnknownFormat};
pub use place::Place;
use records::Records;
pub use records::{Entry, Reject, SeedFile};
pub use reject::RejectReason;

/// The largest seed file that is read: 64 MiB, some 70,000 tokens in a PSKC file with indentation.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Most records of a file that can't be used: with more it is another file than was meant.
pub const MAX_REJECTS: usize = 10_000;

/// Reads a seed file; without a format the content decides which it is.
///
/// # Errors
/// [`ReadError`] where the file as a whole can't be read. A record that can't be used is no error: it stands among the rejects.
pub fn read(content: &[u8], format: Option<Format>) -> Result<SeedFile, ReadError> {
    read_at_most(content, format, usize::MAX)
}

/// The same, of a file with so many devices at most: for whoever has to bound its memory, some 400 bytes a device.
///
/// # Errors
/// As [`read`], and [`ReadError::TooManyDevices`].
pub fn read_at_most(
    content: &[u8],
    format: Option<Format>,
    max_devices: usize,
) -> Result<SeedFile, ReadError> {
    let text = text_of(content)?;
    let format = format.map_or_else(|| detect::detect(text), Ok)?;
    let mut records = Records::new(max_devices);
    match format {
        Format::Pskc => pskc::read(text, &mut records)?,
        Format::Csv => csv::read(text, &mut records)?,
        Format::Otpauth => otpauth::read(text, &mut records),
    }
    records.into_seed_file(format)
}

/// The content as text, without a byte-order mark.
fn text_of(content: &[u8]) -> Result<&str, ReadError> {
    if content.len() > MAX_BYTES {
        return Err(ReadError::TooLarge);
    }
    let text = str::from_utf8(content).map_err(|error| ReadError::NotUtf8 { offset: error.valid_up_to() })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() { Err(ReadError::Empty) } else { Ok(text) }
}
