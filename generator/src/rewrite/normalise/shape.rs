//! The shape of a schema: the keywords that determine the type of its values. Other keywords annotate or narrow the
//! schema.

use serde_json::{Map, Value};

use crate::document::Node;

/// Keywords that determine the type of a value.
const SHAPE: [&str; 10] =
    ["$ref", "type", "properties", "required", "additionalProperties", "items", "enum", "oneOf", "anyOf", "allOf"];

pub(super) fn is_shape(key: &str) -> bool {
    SHAPE.contains(&key)
}

/// Whether a schema determines the type of its values.
pub(super) fn gives_shape(schema: &Map<String, Value>) -> bool {
    schema.iter().any(|(key, value)| is_shape(key) && !(key == "additionalProperties" && value.is_boolean()))
}

/// Whether `null` is the only value of the schema.
pub(super) fn is_null(schema: &Value) -> bool {
    let Value::Object(schema) = schema else { return false };
    let has_only_null = schema.get("enum").and_then(Value::as_array).is_some_and(|values| values == &[Value::Null]);
    let is_nullable = schema.get("nullable") == Some(&Value::Bool(true));
    schema.get("type").is_some_and(|ty| ty == "null") || has_only_null || (is_nullable && !gives_shape(schema))
}

/// Returns a schema and the parts of its `allOf`, at any depth, each once.
pub(super) fn with_parts<'a>(schema: &Node<'a>) -> Vec<Node<'a>> {
    fn add<'a>(schema: &Node<'a>, parts: &mut Vec<Node<'a>>) {
        if parts.iter().any(|known| known.pointer() == schema.pointer()) {
            return;
        }
        parts.push(schema.clone());
        for part in schema.get("allOf").iter().flat_map(Node::items).filter_map(|part| part.resolve()) {
            add(&part, parts);
        }
    }
    let mut parts = Vec::new();
    add(schema, &mut parts);
    parts
}

/// Whether two schemas have values of the same type. References are not followed.
pub(super) fn is_same(a: &Value, b: &Value) -> bool {
    shape(a) == shape(b)
}

fn shape(schema: &Value) -> Option<Map<String, Value>> {
    let schema = schema.as_object()?;
    let is_number = matches!(schema.get("type").and_then(Value::as_str), Some("integer" | "number"));
    let decides = |key: &str| is_shape(key) || key == "nullable" || (key == "format" && is_number);
    Some(schema.iter().filter(|(key, _)| decides(key)).map(|(key, value)| (key.clone(), value.clone())).collect())
}
