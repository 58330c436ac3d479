use crate::{Format, ReadError, csv, lines::lines, otpauth};

/// Which format the content is in.
pub(crate) fn detect(text: &str) -> Result<Format, ReadError> {
    if text.trim_start().starts_with('<') {
        return Ok(Format::Pskc);
    }
    let first = |skip: fn(&str) -> bool| lines(text).map(|(_, line)| line).find(|line| !skip(line));
    if first(otpauth::is_comment).is_some_and(otpauth::is_uri) {
        return Ok(Format::Otpauth);
    }
    if first(|_| false).is_some_and(csv::is_header) {
        return Ok(Format::Csv);
    }
    Err(ReadError::NotRecognised)
}
