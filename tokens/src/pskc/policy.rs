//! What a key may be used for (RFC 6030 §5). A policy that isn't understood as a whole forbids the key.

use roxmltree::Node;

use super::element::{attribute, child_text, children, name_in, only_child, text};
use crate::{Excerpt, RejectReason};

/// The registered uses (RFC 6030 §12.6).
const KEY_USAGES: [&str; 11] = [
    "OTP",
    "CR",
    "Encrypt",
    "Integrity",
    "Verify",
    "Unlock",
    "Decrypt",
    "KeyWrap",
    "Unwrap",
    "Derive",
    "Generate",
];

/// Whether the key may be used for one-time codes, and without more than we do.
pub(crate) fn check(key: Node<'_, '_>) -> Result<(), RejectReason> {
    check_draft(key)?;
    let Some(policy) = only_child(key, &["Policy"])? else { return Ok(()) };
    let mut usages = Vec::new();
    for part in policy.children().filter(Node::is_element) {
        match name_in(part, policy) {
            Some("StartDate" | "ExpiryDate") => {}
            Some("KeyUsage") => usages.push(text(part, "KeyUsage")?),
            Some("PINPolicy") => return Err(RejectReason::PinPolicy),
            Some("NumberOfTransactions") => return Err(RejectReason::NumberOfTransactions),
            _ => return Err(RejectReason::UnknownPolicy(Excerpt::of_name(part.tag_name().name()))),
        }
    }
    check_usages(&usages)
}

/// When the key may be used no more, as the file has it.
pub(crate) fn expiry_date<'a>(key: Node<'a, '_>) -> Result<Option<&'a str>, RejectReason> {
    only_child(key, &["Policy"])?.map_or(Ok(None), |policy| child_text(policy, &["ExpiryDate"]))
}

/// Without any, every use is allowed.
fn check_usages(usages: &[&str]) -> Result<(), RejectReason> {
    if let Some(unknown) = usages.iter().find(|usage| !KEY_USAGES.contains(usage)) {
        return Err(RejectReason::UnknownPolicy(Excerpt::of_name(unknown)));
    }
    if usages.is_empty() || usages.contains(&"OTP") { Ok(()) } else { Err(RejectReason::KeyUsage) }
}

/// The drafts have `<Usage OTP="true">` and `PINPolicy` right in the key.
fn check_draft(key: Node<'_, '_>) -> Result<(), RejectReason> {
    if children(key, &["PINPolicy"]).next().is_some() {
        return Err(RejectReason::PinPolicy);
    }
    match only_child(key, &["Usage"])? {
        Some(usage) if usage.attributes().len() > 0 => match attribute(usage, &["OTP"]) {
            Some("true" | "1") => Ok(()),
            _ => Err(RejectReason::KeyUsage),
        },
        _ => Ok(()),
    }
}
