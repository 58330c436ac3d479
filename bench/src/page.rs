//! docs/benchmarks.md and its plots.

use std::{fmt::Display, fs, path::PathBuf};

use keyfob_tests::{Result, build};

const END: &str = "<!-- to here -->";

/// Puts a text between the first mark `begin` and the next second one.
///
/// # Errors
/// The page has lost its marks, or can't be written.
pub fn write(begin: &str, text: &str) -> Result<()> {
    let page = build::checkout().join("docs/benchmarks.md");
    let old = fs::read_to_string(&page)?;
    Ok(fs::write(page, replaced(&old, begin, text)?)?)
}

fn replaced(page: &str, begin: &str, text: &str) -> Result<String> {
    let (before, rest) = page.split_once(begin).ok_or("docs/benchmarks.md has lost its first mark")?;
    let (_, after) = rest.split_once(END).ok_or("docs/benchmarks.md has lost its second mark")?;
    Ok(format!("{before}{begin}\n\n{text}\n{END}{after}"))
}

/// Where a plot stands.
#[must_use]
pub fn plot(file: &str) -> PathBuf {
    build::checkout().join("docs/benchmarks").join(file)
}

/// As a list.
#[must_use]
pub fn list(items: &[impl Display]) -> String {
    items.iter().fold(String::new(), |list, item| list + &format!("- {item}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_section_is_written_and_the_other_stays() -> Result<()> {
        let page = format!("a <1> old {END} b <2> kept {END} c");
        assert_eq!(replaced(&page, "<1>", "new")?, format!("a <1>\n\nnew\n{END} b <2> kept {END} c"));
        assert!(replaced(&page, "<3>", "new").is_err());
        Ok(())
    }
}
