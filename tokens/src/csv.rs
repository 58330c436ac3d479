//! A table with a header line: `serial` and `secret`, and optionally `type`, `algorithm`, `digits`, `period`, `counter`,
//! `manufacturer` and `model`, in any order and under their usual other names, separated by comma, semicolon or tab.
//!
//! - Without a type a device is HOTP where a counter is given and TOTP where none is; with a counter and a period it is refused.
//! - What isn't given is SHA-1, 6 digits, 30 s.
//! - A secret is hexadecimal or base32: as its column says (`secret hex`, `secret base32`), or else as it can be read. Where it
//!   can be read both ways (one hexadecimal secret of 20 bytes in 100,000 has only the characters A to F and 2 to 7), the table's
//!   other secrets decide; where those are of both kinds, it is refused; where there are none, it is hexadecimal, since base32
//!   looks so once in 10^13.
//! - A record is one line: a quoted field doesn't go on to the next, so that an unclosed quote can't swallow other records.

mod fields;
mod header;
mod row;
mod secret;

use header::Header;
use row::Row;

use crate::{Place, ReadError, RejectReason, lines::lines, records::Records};

/// Whether the line names the columns that a table must have.
pub(crate) fn is_header(line: &str) -> bool {
    !matches!(Header::parse(line), Err(ReadError::NoHeader))
}

pub(crate) fn read(text: &str, records: &mut Records) -> Result<(), ReadError> {
    let (_, first) = lines(text).next().ok_or(ReadError::Empty)?;
    let header = Header::parse(first)?;
    let either = secret::encoding_of_either(rows(text, &header).filter_map(|(_, row)| row.ok()));
    for (number, row) in rows(text, &header) {
        let serial = row.as_ref().ok().and_then(Row::serial_to_show);
        match row.and_then(|row| row.device(either)) {
            Ok(device) => records.accept(Place::Line(number), device),
            Err(reason) => records.reject(Place::Line(number), serial, reason),
        }
    }
    Ok(())
}

/// The lines after the header, without those that have only empty fields.
fn rows<'a>(
    text: &'a str,
    header: &'a Header,
) -> impl Iterator<Item = (u64, Result<Row<'a>, RejectReason>)> + use<'a> {
    let says_something =
        |line: &str| line.contains(|c: char| c != header.delimiter && c != '"' && !c.is_whitespace());
    lines(text)
        .skip(1)
        .filter(move |(_, line)| says_something(line))
        .map(|(number, line)| (number, Row::parse(line, header)))
}
