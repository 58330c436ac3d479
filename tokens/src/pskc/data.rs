//! The values of a key: `<Data><Secret><PlainValue>` (RFC 6030 §4.1), or `<Data Name="SECRET"><Value>` of the drafts.

use data_encoding::BASE64;
use keyfob_core::Secret;
use roxmltree::Node;
use zeroize::Zeroizing;

use super::{
    Container,
    element::{at_most_one, attribute, child_text, children, name_in, only_child},
};
use crate::{RejectReason, decode::decode, values};

/// A value's names: as an element, and as the attribute Name of the drafts.
pub(crate) type ValueName = &'static [&'static str; 2];

const SECRET: ValueName = &["Secret", "SECRET"];
pub(crate) const COUNTER: ValueName = &["Counter", "COUNTER"];
pub(crate) const TIME: ValueName = &["Time", "TIME"];
pub(crate) const TIME_INTERVAL: ValueName = &["TimeInterval", "TIME_INTERVAL"];
pub(crate) const TIME_DRIFT: ValueName = &["TimeDrift", "TIME_DRIFT"];

/// The values of one key.
#[derive(Clone, Copy)]
pub(crate) struct Data<'a, 'input> {
    pub(crate) key: Node<'a, 'input>,
    pub(crate) container: Container<'a, 'input>,
}

impl<'a, 'input> Data<'a, 'input> {
    /// In base64.
    pub(crate) fn secret(self) -> Result<Secret, RejectReason> {
        let text = self.plain(SECRET)?.ok_or_else(|| self.why_no_secret())?;
        if self.container.has_mac {
            return Err(RejectReason::MissingMac);
        }
        let bytes = base64(text).ok_or(RejectReason::MalformedSecret("base64"))?;
        Ok(Secret::new(Box::from(bytes.as_slice()))?)
    }

    /// In decimal digits, or in base64 as 4 or 8 bytes with the highest first.
    pub(crate) fn unsigned(self, name: ValueName) -> Result<Option<u64>, RejectReason> {
        let number = |text| {
            values::decimal(text).or_else(|| big_endian(text)).ok_or(RejectReason::MalformedNumber(name[0]))
        };
        self.plain(name)?.map(number).transpose()
    }

    /// In decimal digits.
    pub(crate) fn signed(self, name: ValueName) -> Result<Option<i64>, RejectReason> {
        let number = |text: &str| text.parse().map_err(|_| RejectReason::MalformedNumber(name[0]));
        self.plain(name)?.map(number).transpose()
    }

    /// The value's text, if it is in plain text and without a MAC that would have to be checked.
    fn plain(self, name: ValueName) -> Result<Option<&'a str>, RejectReason> {
        let Some(value) = at_most_one(self.named(name), name)? else { return Ok(None) };
        if self.container.encrypted || only_child(value, &["EncryptedValue"])?.is_some() {
            return Err(RejectReason::Encrypted(name[0]));
        }
        if only_child(value, &["ValueMAC", "ValueDigest"])?.is_some() {
            return Err(RejectReason::UncheckedMac(name[0]));
        }
        child_text(value, &["PlainValue", "Value"])
    }

    fn named(self, name: ValueName) -> impl Iterator<Item = Node<'a, 'input>> {
        let [element, attribute_value] = *name;
        children(self.key, &["Data"]).flat_map(move |data| {
            let itself =
                attribute(data, &["Name"]).is_some_and(|given| given == attribute_value).then_some(data);
            let inside = data.children().filter(move |child| name_in(*child, data) == Some(element));
            itself.into_iter().chain(inside)
        })
    }

    fn why_no_secret(self) -> RejectReason {
        let is_derived = children(self.key, &["KeyReference", "KeyProfileId"]).next().is_some();
        if is_derived { RejectReason::DerivedSecret } else { RejectReason::MissingSecret }
    }
}

/// Padded; white space in it means nothing.
fn base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    decode(text, &BASE64, |c| c.is_ascii_whitespace())
}

/// Refuses digits in base64, which some writers mean as decimal: eight of them would be taken for a counter above 2^61.
fn big_endian(text: &str) -> Option<u64> {
    let bytes = base64(text)?;
    if bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    match bytes.len() {
        4 => bytes.as_slice().try_into().ok().map(u32::from_be_bytes).map(u64::from),
        8 => bytes.as_slice().try_into().ok().map(u64::from_be_bytes),
        _ => None,
    }
}
