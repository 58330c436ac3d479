//! XML as the AWS query protocol has it: a field is an element, a list has `<member>`s, a map has `<entry><key/><value/></entry>`s.

use std::fmt::Display;

use serde::ser::{Impossible, SerializeMap, SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};
use thiserror::Error;

/// A value that this XML has no form for: a defect.
#[derive(Debug, Error)]
#[error("an answer can't be written as XML, which is a defect: {0}")]
pub struct XmlError(String);

/// What stands between the tags of an element that has this value.
///
/// # Errors
/// [`XmlError`] for types that no answer has: bytes, fractions, tuples, enums with fields.
pub fn to_xml(value: &impl Serialize) -> Result<String, XmlError> {
    let mut writer = Writer(String::with_capacity(1024));
    value.serialize(&mut writer)?;
    Ok(writer.0)
}

/// A text between tags. Characters that XML has not become `\u{…}`.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.extend(c.escape_unicode()),
            c => escaped.push(c),
        }
    }
    escaped
}

struct Writer(String);

impl Writer {
    fn element(&mut self, name: &str, value: &(impl Serialize + ?Sized)) -> Result<(), XmlError> {
        self.0.extend(["<", name, ">"]);
        value.serialize(&mut *self)?;
        self.0.extend(["</", name, ">"]);
        Ok(())
    }

    fn text(&mut self, value: impl Display) {
        self.0.push_str(&escape(&value.to_string()));
    }
}

impl serde::ser::Error for XmlError {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

fn unsupported<T>(what: &str) -> Result<T, XmlError> {
    Err(XmlError(format!("{what} is not supported")))
}

/// Values that are written as text.
macro_rules! texts {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Result<(), XmlError> { self.text(value); Ok(()) })*
    };
}

impl Serializer for &mut Writer {
    type Ok = ();
    type Error = XmlError;
    type SerializeSeq = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeTuple = Impossible<(), XmlError>;
    type SerializeTupleStruct = Impossible<(), XmlError>;
    type SerializeTupleVariant = Impossible<(), XmlError>;
    type SerializeStructVariant = Impossible<(), XmlError>;

    texts!(serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_char: char, serialize_str: &str);

    fn serialize_none(self) -> Result<(), XmlError> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), XmlError> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), XmlError> {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), XmlError> {
        self.text(variant);
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, XmlError> {
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, XmlError> {
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, XmlError> {
        Ok(self)
    }

    fn serialize_unit(self) -> Result<(), XmlError> {
        unsupported("a unit")
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<(), XmlError> {
        unsupported(name)
    }

    fn serialize_f32(self, _: f32) -> Result<(), XmlError> {
        unsupported("a fraction")
    }

    fn serialize_f64(self, _: f64) -> Result<(), XmlError> {
        unsupported("a fraction")
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), XmlError> {
        unsupported("a text of bytes")
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), XmlError> {
        unsupported(name)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, XmlError> {
        unsupported("a tuple")
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, XmlError> {
        unsupported(name)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, XmlError> {
        unsupported(name)
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, XmlError> {
        unsupported(name)
    }
}

impl SerializeStruct for &mut Writer {
    type Ok = ();
    type Error = XmlError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), XmlError> {
        self.element(name, value)
    }

    fn end(self) -> Result<(), XmlError> {
        Ok(())
    }
}

impl SerializeSeq for &mut Writer {
    type Ok = ();
    type Error = XmlError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), XmlError> {
        self.element("member", value)
    }

    fn end(self) -> Result<(), XmlError> {
        Ok(())
    }
}

impl SerializeMap for &mut Writer {
    type Ok = ();
    type Error = XmlError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), XmlError> {
        self.0.push_str("<entry>");
        self.element("key", key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), XmlError> {
        self.element("value", value)?;
        self.0.push_str("</entry>");
        Ok(())
    }

    fn end(self) -> Result<(), XmlError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Page {
        names: Vec<&'static str>,
        is_truncated: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        marker: Option<&'static str>,
        summary_map: BTreeMap<&'static str, u64>,
    }

    #[test]
    fn lists_have_members_and_maps_have_entries() -> Result<(), XmlError> {
        let page = Page {
            names: vec!["a", "<b>"],
            is_truncated: false,
            marker: None,
            summary_map: [("Users", 2)].into(),
        };
        assert_eq!(
            to_xml(&page)?,
            "<Names><member>a</member><member>&lt;b&gt;</member></Names><IsTruncated>false</IsTruncated>\
             <SummaryMap><entry><key>Users</key><value>2</value></entry></SummaryMap>"
        );
        Ok(())
    }

    #[test]
    fn what_would_end_an_element_is_escaped() {
        assert_eq!(escape("a&b<c>d\"e'f"), "a&amp;b&lt;c&gt;d&quot;e&#39;f");
        assert_eq!(escape("a\\b\0c\u{ffff}"), "a\\b\\u{0}c\\u{ffff}");
    }

    #[test]
    fn what_no_answer_has_is_an_error() {
        assert!(to_xml(&1.5).is_err());
        assert!(to_xml(&("a", "b")).is_err());
    }
}
