//! Writes values of integer schemas as integers. A number without a fraction is an integer (JSON Schema 2020-12 Validation,
//! section 6.1.1).
//!
//! `{type: integer, enum: [1.0, 2e0], default: 1.0}` → `{type: integer, enum: [1, 2], default: 1}`

use std::borrow::Cow;

use serde_json::Value;

use super::Log;
use crate::document::{Document, Node};
use crate::openapi::{schema_nodes, whole_number};

/// How deep a value is converted.
const DEPTH: usize = 16;

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, _: &mut Log) {
    for schema in schema_nodes(document) {
        let values: Vec<_> = schema.get("enum").iter().flat_map(Node::items).chain(schema.get("default")).collect();
        for node in values {
            let mut converted = node.value().clone();
            convert(&mut converted, &schema, 0);
            if converted == *node.value() {
                continue;
            }
            if let Some(slot) = value.to_mut().pointer_mut(node.pointer().as_str()) {
                *slot = converted;
            }
        }
    }
}

fn convert(value: &mut Value, schema: &Node<'_>, depth: usize) {
    let Some(schema) = schema.resolve().filter(|_| depth < DEPTH) else { return };
    match value {
        Value::Number(_) if schema.text("type") == Some("integer") => {
            if let Some(whole) = whole_number(value) {
                *value = whole;
            }
        }
        Value::Array(values) => {
            let items = schema.get("items");
            values.iter_mut().zip(items.iter().cycle()).for_each(|(value, items)| convert(value, items, depth + 1));
        }
        Value::Object(entries) => {
            let properties = schema.get("properties");
            for (name, value) in entries {
                if let Some(property) = properties.as_ref().and_then(|properties| properties.get(name)) {
                    convert(value, &property, depth + 1);
                }
            }
        }
        _ => {}
    }
    schema.get("allOf").iter().flat_map(Node::items).for_each(|part| convert(value, &part, depth + 1));
}
