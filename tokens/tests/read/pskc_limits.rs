//! XML made to exhaust memory or time. Without the limits these take minutes or gigabytes.

use keyfob_tokens::{Format, ReadError, read};
use std::fmt::Write;

fn refusal(xml: &str) -> ReadError {
    read(xml.as_bytes(), Some(Format::Pskc)).unwrap_err()
}

#[test]
fn elements_nested_a_million_deep_overflow_no_stack() {
    assert_eq!(refusal(&"<a>".repeat(1_000_000)), ReadError::TruncatedXml);
    let nested = "<a>".repeat(1_000_000) + &"</a>".repeat(1_000_000);
    assert!(matches!(refusal(&nested), ReadError::NotPskc(_)));
}

#[test]
fn too_many_elements_are_refused() {
    assert_eq!(refusal(&format!("<a>{}</a>", "<b/>".repeat(4_000_000))), ReadError::ExcessiveXml);
}

#[test]
fn too_many_attributes_in_one_element_are_refused() {
    let mut xml = String::from("<a");
    for number in 0..200_000 {
        write!(xml, " a{number}='>'").unwrap();
    }
    assert_eq!(refusal(&(xml + "/>")), ReadError::ExcessiveXml);
}

#[test]
fn too_many_attributes_in_all_are_refused() {
    let element = "<b a='' b='' c='' d=''/>".repeat(500_001);
    assert_eq!(refusal(&format!("<a>{element}</a>")), ReadError::ExcessiveXml);
}

#[test]
fn too_many_namespace_prefixes_are_refused() {
    let mut xml = String::new();
    for number in 0..60_000 {
        write!(xml, "<a xmlns:n{number}='urn:{number}'>").unwrap();
    }
    assert_eq!(refusal(&xml), ReadError::ExcessiveXml);
}
