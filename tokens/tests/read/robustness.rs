//! Whatever the content, `read` answers; and what it accepts, it accepts whole.

use keyfob_core::Secret;
use keyfob_tokens::{Format, MAX_BYTES, read};
use proptest::{collection::vec, prelude::*, sample::Index, sample::select};
use std::collections::BTreeSet;

use crate::{content, secrecy::all_files};

const FORMATS: [Option<Format>; 4] = [None, Some(Format::Pskc), Some(Format::Csv), Some(Format::Otpauth)];

/// What holds for every file that is read.
fn check(content: &[u8]) {
    assert!(content.len() <= MAX_BYTES);
    for format in FORMATS {
        let Ok(file) = read(content, format) else { continue };
        assert!(!file.devices.is_empty() || !file.rejects.is_empty());
        let serials: BTreeSet<_> = file.devices.iter().map(|entry| &entry.device.serial).collect();
        assert_eq!(serials.len(), file.devices.len(), "no serial number twice");
        let shortest = file.devices.iter().map(|entry| entry.device.secret.expose().len()).min();
        assert!(shortest.is_none_or(|bytes| bytes >= Secret::MIN_BYTES));
    }
}

/// What XML, tables and URIs are made of.
const PIECES: &[&str] = &[
    "<",
    ">",
    "\"",
    "&#65;",
    "<!--",
    "]]>",
    "<![CDATA[",
    "</Key>",
    "<Key>",
    ",",
    ";",
    "\n",
    "\u{feff}",
    "0",
    "-",
    "=",
    "é",
];

/// A change to a file.
#[derive(Clone, Debug)]
enum Change {
    Replace(Index, u8),
    Remove(Index, usize),
    Repeat(Index, usize),
    Insert(Index, &'static str),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        (any::<Index>(), 1..200_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        (any::<Index>(), 1..400_usize).prop_map(|(at, length)| Change::Repeat(at, length)),
        (any::<Index>(), select(PIECES)).prop_map(|(at, piece)| Change::Insert(at, piece)),
    ]
}

fn apply(content: &mut Vec<u8>, change: &Change) {
    if content.is_empty() {
        return;
    }
    let (Change::Replace(at, _) | Change::Remove(at, _) | Change::Repeat(at, _) | Change::Insert(at, _)) =
        change;
    let at = at.index(content.len());
    match change {
        Change::Replace(_, byte) => content[at] = *byte,
        Change::Remove(_, length) => drop(content.drain(at..(at + length).min(content.len()))),
        Change::Repeat(_, length) => {
            let piece = content[at..(at + length).min(content.len())].to_vec();
            content.splice(at..at, piece);
        }
        Change::Insert(_, piece) => drop(content.splice(at..at, piece.bytes())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn any_bytes_are_answered(content in vec(any::<u8>(), 0..400)) {
        check(&content);
    }

    #[test]
    fn any_text_is_answered(content in "\\PC{0,200}") {
        check(content.as_bytes());
    }

    #[test]
    fn changed_files_are_answered((_, mut content) in select(all_files()), changes in vec(change(), 1..6)) {
        for change in &changes {
            apply(&mut content, change);
        }
        check(&content);
    }
}

#[test]
fn a_pskc_file_that_is_cut_off_is_never_half_read() {
    for name in ["feitian-c200.xml", "dialect-container-1.0.xml", "rfc6030-figure-10.xml"] {
        let whole = content(name);
        let last = whole.iter().rposition(|byte| *byte == b'>').unwrap();
        for length in 0..last {
            assert!(read(&whole[..length], None).is_err(), "{name} cut off after {length} bytes");
        }
    }
}

#[test]
fn a_table_that_is_cut_off_within_a_line_refuses_that_line() {
    let whole = content("every-column.csv");
    let last_record = whole.iter().rposition(|byte| *byte == b'H').unwrap();
    for length in last_record..whole.len() - 3 {
        let file = read(&whole[..length], None).unwrap();
        assert!(file.devices.iter().all(|entry| entry.device.serial.as_str() != "HOTP-2"), "{length} bytes");
    }
}
