//! PSKC (RFC 6030) in plain text, and the drafts before it where vendors still write them: other namespaces, `Device` for
//! `KeyPackage`, `Usage` for `AlgorithmParameters` and `Policy`, `<Data Name="SECRET"><Value>` for `<Secret><PlainValue>`.
//!
//! No DTD is read, hence no entity. Encrypted values and MACs are refused by name; a signature is not verified.
//! The dates of a policy are not checked, since vendors write their warranty there and nothing here knows the time.

mod data;
mod element;
mod key;
mod limits;
mod policy;

use roxmltree::{Document, Error, Node, ParsingOptions};

use crate::{Excerpt, Place, ReadError, RejectReason, records::Records};
use element::{attribute, children, named};
use key::Key;

/// What a container says about all of its keys.
#[derive(Clone, Copy)]
pub(crate) struct Container<'a, 'input> {
    root: Node<'a, 'input>,
    /// Its values are encrypted as a whole (`EncryptionMethod` of the drafts).
    encrypted: bool,
    /// It names a MAC, which each secret must then carry.
    has_mac: bool,
}

pub(crate) fn read(text: &str, records: &mut Records) -> Result<(), ReadError> {
    limits::check(text)?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: limits::MAX_NODES, entity_resolver: None };
    let document = Document::parse_with_options(text, options).map_err(|error| explain(&error))?;
    let root = document.root_element();
    check_root(root)?;
    let container = Container::of(root);
    // In the container's namespace (RFC 6030 §7) or in XML Signature's.
    records.unverified_signature = named(root, &["Signature"]).next().is_some();
    let mut lines = LineNumbers::of(text);
    for package in named(root, &["KeyPackage", "Device"]) {
        read_package(package, container, &mut lines, records);
    }
    Ok(())
}

fn check_root(root: Node<'_, '_>) -> Result<(), ReadError> {
    const NAMESPACES: [&str; 2] =
        ["urn:ietf:params:xml:ns:keyprov:pskc", "urn:ietf:params:xml:ns:keyprov:container"];
    let name = root.tag_name();
    let is_ours = |namespace: &str| {
        NAMESPACES
            .iter()
            .filter_map(|ours| namespace.strip_prefix(ours))
            .any(|version| matches!(version, "" | ":1.0" | ":1.1"))
    };
    if name.name() != "KeyContainer" || !name.namespace().is_some_and(is_ours) {
        return Err(ReadError::NotPskc(Excerpt::of_name(name.name())));
    }
    match attribute(root, &["Version", "version"]) {
        Some(version) if version != "1" && !version.starts_with("1.") => {
            Err(ReadError::UnsupportedVersion(Excerpt::of_name(version)))
        }
        _ => Ok(()),
    }
}

impl<'a, 'input> Container<'a, 'input> {
    fn of(root: Node<'a, 'input>) -> Self {
        let is_cipher =
            |method| attribute(method, &["Algorithm", "algorithm"]).is_none_or(|name| name != "NONE");
        Self {
            root,
            encrypted: children(root, &["EncryptionMethod"]).any(is_cipher),
            has_mac: children(root, &["MACMethod", "MACAlgorithm", "DigestMethod"]).next().is_some(),
        }
    }
}

/// RFC 6030 has one key in a package, the drafts any number.
fn read_package<'a, 'input>(
    package: Node<'a, 'input>,
    container: Container<'a, 'input>,
    lines: &mut LineNumbers<'_>,
    records: &mut Records,
) {
    let mut keys = named(package, &["Key"]).peekable();
    if keys.peek().is_none() {
        let place = Place::KeyPackage { id: None, line: lines.at(package.range().start) };
        records.reject(place, None, RejectReason::MissingKey);
    }
    for node in keys {
        let place = Place::KeyPackage { id: key::short_id(node), line: lines.at(node.range().start) };
        let key = Key::find(node, package, container);
        let serial = key.as_ref().ok().and_then(|key| key.serial().ok());
        match key.and_then(Key::device) {
            Ok(device) => records.accept(place, device),
            Err(reason) => records.reject(place, serial.map(|serial| serial.as_str().into()), reason),
        }
    }
}

/// Counts lines once over the whole text, since positions are asked for in order.
struct LineNumbers<'a> {
    rest: &'a str,
    offset: usize,
    line: u32,
}

impl<'a> LineNumbers<'a> {
    const fn of(text: &'a str) -> Self {
        Self { rest: text, offset: 0, line: 1 }
    }

    /// The line, from 1, of a position in bytes that is not before the last one asked for.
    fn at(&mut self, position: usize) -> u32 {
        if let Some((passed, rest)) = self.rest.split_at_checked(position.saturating_sub(self.offset)) {
            let breaks = passed.bytes().filter(|byte| *byte == b'\n').count();
            self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
            self.rest = rest;
            self.offset = position;
        }
        self.line
    }
}

/// Tells where, never what: a mistyped entity could be a secret.
fn explain(error: &Error) -> ReadError {
    match error {
        Error::DtdDetected => ReadError::DocumentType,
        Error::NodesLimitReached | Error::AttributesLimitReached | Error::NamespacesLimitReached => {
            ReadError::ExcessiveXml
        }
        Error::UnclosedRootNode | Error::NoRootNode | Error::UnexpectedEndOfStream => ReadError::TruncatedXml,
        other => ReadError::MalformedXml { line: other.pos().row, column: other.pos().col },
    }
}
