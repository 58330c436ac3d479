//! No error, reject or debug output shows a secret.

use keyfob_tokens::{Format, read};
use std::path::Path;

/// Every test file with its path.
pub(crate) fn all_files() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    let mut files = Vec::new();
    for folder in [root.clone(), root.join("refused"), root.join("unreadable")] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                files.push((path.display().to_string(), std::fs::read(&path).unwrap()));
            }
        }
    }
    files
}

/// All that reading the content shows, as error, for people and for developers.
fn shown(content: &[u8], format: Option<Format>) -> String {
    match read(content, format) {
        Err(error) => format!("{error} {error:?}"),
        Ok(file) => {
            let told = file
                .rejects
                .iter()
                .map(|reject| format!("{} {:?} {}", reject.place, reject.serial, reject.reason));
            format!("{file:?} {}", told.collect::<Vec<_>>().join(" "))
        }
    }
}

/// The words long enough to be a secret of 16 bytes in any encoding.
fn long_words(content: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(content);
    let is_separator = |c: char| !c.is_ascii_alphanumeric() && !"+/=".contains(c);
    text.split(is_separator).filter(|word| word.len() >= 22).map(str::to_owned).collect()
}

#[test]
fn nothing_shown_contains_a_secret() {
    let mut words = 0;
    for (path, content) in all_files() {
        for format in [None, Some(Format::Pskc), Some(Format::Csv), Some(Format::Otpauth)] {
            let shown = shown(&content, format);
            for word in long_words(&content) {
                assert!(!shown.contains(&word), "{path} shows {word}: {shown}");
                words += 1;
            }
        }
    }
    assert!(words > 500, "{words} words were looked for");
}
