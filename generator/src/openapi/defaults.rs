//! Checks whether a default is a value of its schema.

use serde_json::Value;

use super::schema_nodes;
use crate::document::{Document, Node};

/// Returns the schemas whose default does not match them.
pub(crate) fn bad_defaults(document: &Document) -> Vec<Node<'_>> {
    let has_bad_default =
        |schema: &Node<'_>| schema.get("default").is_some_and(|default| !fits(default.value(), schema, 0));
    schema_nodes(document).into_iter().filter(has_bad_default).collect()
}

/// How deeply a value is compared with its schema. Anything deeper is assumed to match.
const DEPTH: usize = 16;

fn fits(value: &Value, schema: &Node<'_>, depth: usize) -> bool {
    let Some(schema) = schema.resolve().filter(|_| depth < DEPTH) else { return true };
    if value.is_null() {
        return schema.is_true("nullable");
    }
    let has_type = match schema.text("type") {
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => whole_number(value).is_some_and(|number| is_in_format(&number, schema.text("format"))),
        Some("number") => value.is_number(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => true,
    };
    let is_value = |known: &Value| {
        known == value || whole_number(known).zip(whole_number(value)).is_some_and(|(known, value)| known == value)
    };
    let in_enum = schema.get("enum").is_none_or(|values| values.items().any(|known| is_value(known.value())));
    let all = |part: &Node<'_>| fits(value, part, depth + 1);
    let any_of = |key: &str| schema.get(key).is_none_or(|parts| parts.items().any(|part| all(&part)));
    let items = schema.get("items");
    let items_fit = value
        .as_array()
        .into_iter()
        .flatten()
        .all(|item| items.as_ref().is_none_or(|schema| fits(item, schema, depth + 1)));
    has_type
        && in_enum
        && items_fit
        && schema.get("allOf").iter().flat_map(Node::items).all(|part| all(&part))
        && any_of("oneOf")
        && any_of("anyOf")
        && properties_fit(value, &schema, depth)
}

/// Returns a number without a fraction as an integer: `1.0` is the same value as `1` in JSON Schema.
pub(crate) fn whole_number(value: &Value) -> Option<Value> {
    if value.is_i64() || value.is_u64() {
        return Some(value.clone());
    }
    // The text of a number has no exponent.
    let text = value.as_f64().filter(|number| number.fract() == 0.0)?.to_string();
    text.parse::<i64>().map(Value::from).or_else(|_| text.parse::<u64>().map(Value::from)).ok()
}

fn is_in_format(value: &Value, format: Option<&str>) -> bool {
    match format {
        Some("int32") => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        Some(format) if format.starts_with('u') => value.is_u64(),
        _ => true,
    }
}

fn properties_fit(value: &Value, schema: &Node<'_>, depth: usize) -> bool {
    let Some(entries) = value.as_object() else { return true };
    let properties = schema.get("properties");
    let required = schema.get("required");
    let has_required = required
        .iter()
        .flat_map(Node::items)
        .all(|name| name.value().as_str().is_none_or(|name| entries.contains_key(name)));
    let known = |name: &str| properties.as_ref().and_then(|properties| properties.get(name));
    has_required && entries.iter().all(|(name, value)| known(name).is_none_or(|schema| fits(value, &schema, depth + 1)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_without_a_fraction_are_integers() {
        for (number, expected) in [
            (json!(3), Some(json!(3))),
            (json!(3.0), Some(json!(3))),
            (json!(-0.0), Some(json!(0))),
            (json!(1e19), Some(json!(10_000_000_000_000_000_000_u64))),
            (json!(0.5), None),
            (json!(1e300), None),
            (json!("3"), None),
        ] {
            assert_eq!(whole_number(&number), expected, "{number}");
        }
    }
}
