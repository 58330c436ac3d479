use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use keyfob_tokens::{Format, MAX_BYTES, SeedFile};
use zeroize::Zeroizing;

use crate::exit::{Failure, say};

/// Most bytes that are read: one over what the reader takes, so that it sees that the file is too large.
const LIMIT: usize = MAX_BYTES + 1;

/// Reads the name of a format, for `--format`.
pub fn format_parser() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name)).try_map(|name| name.parse::<Format>())
}

/// Reads a seed file, or standard input for `-`. The content is wiped.
pub fn read(path: &Path, format: Option<Format>) -> Result<SeedFile, Failure> {
    let content = content(path).map_err(|source| Failure::UnreadableFile { path: path.into(), source })?;
    keyfob_tokens::read(&content, format).map_err(|source| Failure::SeedFile { path: path.into(), source })
}

fn content(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    if path == Path::new("-") {
        return read_wiping(io::stdin().lock(), 0, LIMIT);
    }
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() && metadata.permissions().mode() & 0o044 != 0 {
        say(&format!(
            "{} can be read by others, and holds secrets: remove it once it is imported",
            path.display()
        ));
    }
    read_wiping(file, metadata.len(), LIMIT)
}

/// Reads everything, or the first `limit` bytes. A buffer that becomes too small is wiped and replaced, since
/// a growing vector leaves its content behind.
fn read_wiping(mut source: impl Read, expected: u64, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    // One more, in which the end shows.
    let expected = usize::try_from(expected).unwrap_or(limit).saturating_add(1);
    let mut buffer = Zeroizing::new(vec![0; expected.max(4096).min(limit)]);
    let mut filled = 0;
    loop {
        match source.read(buffer.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(bytes) => filled += bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if filled == buffer.len() && filled < limit {
            buffer = enlarged(&buffer, limit);
        }
    }
    buffer.truncate(filled);
    Ok(buffer)
}

fn enlarged(buffer: &[u8], limit: usize) -> Zeroizing<Vec<u8>> {
    let size = buffer.len().saturating_mul(2).min(limit);
    let mut larger = Zeroizing::new(Vec::with_capacity(size));
    larger.extend_from_slice(buffer);
    larger.resize(size, 0);
    larger
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_read_whatever_size_was_expected() -> io::Result<()> {
        let content: Vec<u8> = (0..10_000u32).map(|number| number.to_le_bytes()[0]).collect();
        for expected in [0, 5, 9_999, 10_000, u64::MAX] {
            assert_eq!(*read_wiping(&*content, expected, 20_000)?, content);
        }
        assert!(read_wiping(&*Vec::new(), 0, 20_000)?.is_empty());
        Ok(())
    }

    #[test]
    fn an_endless_file_is_read_to_the_limit() -> io::Result<()> {
        for expected in [0, u64::MAX] {
            assert_eq!(read_wiping(io::repeat(b'x'), expected, 10_001)?.len(), 10_001);
        }
        Ok(())
    }
}
