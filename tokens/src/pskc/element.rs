//! Elements by name in their parent's namespace, whatever its prefix.

use roxmltree::Node;

use crate::RejectReason;

/// The child elements with one of the names, in whatever namespace.
pub(crate) fn named<'a, 'input: 'a>(
    parent: Node<'a, 'input>,
    names: &'static [&'static str],
) -> impl Iterator<Item = Node<'a, 'input>> {
    parent.children().filter(move |child| child.is_element() && names.contains(&child.tag_name().name()))
}

/// The child elements with one of the names.
pub(crate) fn children<'a, 'input: 'a>(
    parent: Node<'a, 'input>,
    names: &'static [&'static str],
) -> impl Iterator<Item = Node<'a, 'input>> {
    named(parent, names).filter(move |child| name_in(*child, parent).is_some())
}

/// The child element with one of the names, which mean the same.
pub(crate) fn only_child<'a, 'input: 'a>(
    parent: Node<'a, 'input>,
    names: &'static [&'static str],
) -> Result<Option<Node<'a, 'input>>, RejectReason> {
    at_most_one(children(parent, names), names)
}

pub(crate) fn at_most_one<'a, 'input: 'a>(
    mut nodes: impl Iterator<Item = Node<'a, 'input>>,
    names: &'static [&'static str],
) -> Result<Option<Node<'a, 'input>>, RejectReason> {
    match (nodes.next(), nodes.next()) {
        (node, None) => Ok(node),
        (_, Some(_)) => Err(RejectReason::RepeatedElement(names.first().copied().unwrap_or_default())),
    }
}

/// The text of the child element with one of the names.
pub(crate) fn child_text<'a>(
    parent: Node<'a, '_>,
    names: &'static [&'static str],
) -> Result<Option<&'a str>, RejectReason> {
    let child = only_child(parent, names)?;
    child.map(|child| text(child, names.first().copied().unwrap_or_default())).transpose()
}

/// An element's name, if it is in the namespace of its parent.
pub(crate) fn name_in<'a>(child: Node<'a, '_>, parent: Node<'_, '_>) -> Option<&'a str> {
    let name = child.tag_name();
    (child.is_element() && name.namespace() == parent.tag_name().namespace()).then(|| name.name())
}

/// The value of the first of the attributes that is there.
pub(crate) fn attribute<'a>(node: Node<'a, '_>, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| node.attribute(*name)).map(str::trim)
}

/// An element's whole text without the white space around it. A comment inside is refused, since it would cut the text in two.
pub(crate) fn text<'a>(node: Node<'a, '_>, name: &'static str) -> Result<&'a str, RejectReason> {
    let mut contents = node.children();
    match (contents.next(), contents.next()) {
        (None, _) => Ok(""),
        (Some(content), None) if content.is_text() => Ok(content.text().unwrap_or_default().trim()),
        _ => Err(RejectReason::UnexpectedContent(name)),
    }
}
