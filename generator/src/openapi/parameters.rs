//! Parameters: their identity and their schemas.

use super::RUST_TYPE;
use super::media::is_json;
use crate::document::Node;

/// Returns the schema of a parameter, and whether it is the schema of JSON content.
pub(crate) fn parameter_schema<'a>(parameter: &Node<'a>) -> Option<(Node<'a>, bool)> {
    if let Some(schema) = parameter.get("schema") {
        return Some((schema, false));
    }
    let (name, media) = parameter.get("content")?.entries().next()?;
    Some((media.get("schema")?, is_json(name)))
}

/// Whether a schema is known to be of a string, a number or a boolean.
pub(crate) fn is_plain(schema: &Node<'_>) -> bool {
    let is_compound = ["oneOf", "anyOf", "allOf", "not"].iter().any(|key| schema.get(key).is_some());
    let is_known = matches!(schema.text("type"), Some("string" | "integer" | "number" | "boolean"));
    is_known && !is_compound && schema.get(RUST_TYPE).is_none()
}

/// Whether two parameters are the same. Name and location identify a parameter.
pub(crate) fn same_parameter(a: &Node<'_>, b: &Node<'_>) -> bool {
    a.text("name") == b.text("name") && a.text("in") == b.text("in")
}

pub(super) fn parameters_of<'a>(node: &Node<'a>) -> Vec<Node<'a>> {
    let list = node.get("parameters");
    list.iter().flat_map(Node::items).filter_map(|parameter| parameter.resolve()).collect()
}
