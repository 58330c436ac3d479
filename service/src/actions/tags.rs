use serde::Serialize;

use super::Call;
use super::page::page;
use crate::answer::Outcome;
use crate::error::Failure;
use crate::parameter;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListMfaDeviceTags {
    tags: Vec<Tag>,
    is_truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    marker: Option<String>,
}

/// A tag of a device.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    key: String,
    value: String,
}

impl From<(String, String)> for Tag {
    fn from((key, value): (String, String)) -> Self {
        Self { key, value }
    }
}

/// Puts tags on a device.
pub fn tag(call: &Call) -> Result<Outcome, Failure> {
    let serial = parameter::serial_number(call.query)?;
    let tags = parameter::required_tags(call.query)?;
    call.acts.tag_device(&serial, &tags, call.caller)?;
    Ok(Outcome::NOTHING)
}

/// Takes tags from a device.
pub fn untag(call: &Call) -> Result<Outcome, Failure> {
    let serial = parameter::serial_number(call.query)?;
    let keys = parameter::tag_keys(call.query)?;
    call.acts.untag_device(&serial, &keys, call.caller)?;
    Ok(Outcome::NOTHING)
}

/// Lists the tags of a device.
pub fn list(call: &Call) -> Result<Outcome, Failure> {
    let paging = parameter::paging(call.query)?;
    let device = call.acts.device(&parameter::serial_number(call.query)?)?;
    let tags = device.tags.into_iter().map(Tag::from).collect();
    let page = page(tags, |tag: &Tag| tag.key.as_str(), &paging);
    call.result(&ListMfaDeviceTags {
        tags: page.items,
        is_truncated: page.marker.is_some(),
        marker: page.marker,
    })
}
