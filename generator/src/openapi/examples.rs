//! Examples of parameters and bodies.

use serde_json::Value;

use crate::document::Node;

/// Returns the example of a parameter or of a media type: its own, that of its inline schema, or the first of several.
pub(crate) fn example<'a>(node: &Node<'a>) -> Option<&'a Value> {
    let own = node.get("example").or_else(|| node.at(&["schema", "example"]));
    let first = || node.get("examples")?.entries().next()?.1.get("value");
    own.or_else(first).map(|node| node.value())
}
