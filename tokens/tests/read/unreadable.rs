//! Files that can't be read at all.

use keyfob_tokens::{Excerpt, Format, MAX_BYTES, MAX_REJECTS, ReadError, ReadError::*, read, read_at_most};

use crate::{content, seed_file};

fn refusal(name: &str) -> ReadError {
    read(&content(&format!("unreadable/{name}")), None).map(|_| name.to_owned()).unwrap_err()
}

#[test]
fn external_entities_and_entity_bombs_are_refused() {
    for name in ["xxe.xml", "xxe-parameter-entity.xml", "entity-bomb.xml", "empty-doctype.xml"] {
        assert_eq!(refusal(name), DocumentType, "{name}");
    }
}

#[test]
fn an_entity_without_a_declaration_is_refused_and_not_quoted() {
    assert_eq!(refusal("entity-without-dtd.xml"), MalformedXml { line: 8, column: 29 });
    assert!(!refusal("entity-without-dtd.xml").to_string().contains("MTIz"));
}

#[test]
fn broken_xml_tells_where() {
    assert_eq!(refusal("malformed.xml"), MalformedXml { line: 8, column: 70 });
    assert_eq!(refusal("truncated.xml"), TruncatedXml);
}

#[test]
fn other_xml_is_refused_by_name() {
    assert_eq!(refusal("safenet.xml"), NotPskc(Excerpt::of_name("Tokens")));
    for name in ["no-namespace.xml", "foreign-namespace.xml"] {
        assert_eq!(refusal(name), NotPskc(Excerpt::of_name("KeyContainer")), "{name}");
    }
    assert_eq!(refusal("version-2.xml"), UnsupportedVersion(Excerpt::of_name("2.0")));
}

#[test]
fn files_without_tokens_are_refused() {
    for name in ["no-packages.xml", "header-only.csv"] {
        assert_eq!(refusal(name), NoRecords, "{name}");
    }
    assert_eq!(read(&content("unreadable/comments-only.txt"), Some(Format::Otpauth)).unwrap_err(), NoRecords);
    assert_eq!(refusal("white-space-only.txt"), Empty);
    assert_eq!(read(b"", None).unwrap_err(), Empty);
}

#[test]
fn other_encodings_are_refused() {
    assert_eq!(refusal("utf-16.xml"), NotUtf8 { offset: 0 });
    assert_eq!(read(b"serial,secret\nS\xe9,00\n", None).unwrap_err(), NotUtf8 { offset: 15 });
}

#[test]
fn a_byte_order_mark_changes_nothing() {
    for name in ["smallest.xml", "entra.csv", "tokens.otpauth"] {
        let marked = [b"\xef\xbb\xbf".as_slice(), &content(name)].concat();
        assert_eq!(read(&marked, None).unwrap().devices.len(), seed_file(name).devices.len(), "{name}");
    }
}

#[test]
fn what_is_no_seed_file_is_not_recognised() {
    assert_eq!(refusal("prose.txt"), NotRecognised);
    assert_eq!(refusal("comments-only.txt"), NotRecognised);
}

#[test]
fn a_table_without_header_is_refused_without_quoting_its_first_record() {
    assert_eq!(refusal("no-header.csv"), NotRecognised);
    assert_eq!(read(&content("unreadable/no-header.csv"), Some(Format::Csv)).unwrap_err(), NoHeader);
}

#[test]
fn unknown_and_repeated_columns_are_refused() {
    assert_eq!(refusal("unknown-column.csv"), UnknownColumn(Excerpt::of_name("time drift")));
    assert_eq!(refusal("repeated-column.csv"), RepeatedColumn("secret"));
}

#[test]
fn the_size_is_capped() {
    let mut content = content("tokens.otpauth");
    content.push(b'#');
    content.resize(MAX_BYTES, b'#');
    assert!(read(&content, None).is_ok());
    content.push(b'#');
    assert_eq!(read(&content, None).unwrap_err(), TooLarge);
}

#[test]
fn records_that_can_not_be_used_are_told_up_to_a_number_and_devices_as_many_as_are_wanted() {
    let table = |rows: &str| format!("serial,secret hex\n{rows}").into_bytes();
    let rejects = table(&"a\n".repeat(MAX_REJECTS));
    assert_eq!(read(&rejects, None).unwrap().rejects.len(), MAX_REJECTS);
    let uris = "otpauth://a\n".repeat(MAX_REJECTS + 1).into_bytes();
    for too_many in [[&rejects[..], b"a\n"].concat(), uris] {
        assert_eq!(read(&too_many, None).unwrap_err(), TooManyRejects);
    }
    let row = |number: usize| format!("S{number},3132333435363738393031323334353637383930\n");
    let devices = table(&(0..3).map(row).collect::<String>());
    assert_eq!(read_at_most(&devices, None, 3).unwrap().devices.len(), 3);
    assert_eq!(read_at_most(&devices, None, 2).unwrap_err(), TooManyDevices(2));
}

#[test]
fn a_format_that_is_named_is_not_guessed() {
    let refused = read(&content("smallest.xml"), Some(Format::Csv)).unwrap_err();
    assert_eq!(refused, NoHeader);
    for format in Format::ALL {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    assert!("xml".parse::<Format>().is_err());
}
