//! Replaces references to other documents, which are not read, and references without a target: a schema becomes any
//! value and a response becomes bytes. A parameter is left out.
//!
//! `schema: {$ref: 'other.yaml#/User'}` → `schema: {}`, also for a reference to something other than a schema
//!
//! `responses: {'200': {$ref: 'other.yaml#/Ok'}}` → `responses: {'200': {description: '', content: {'*/*': {}}}}`

use std::borrow::Cow;

use serde_json::{Value, json};

use super::Log;
use crate::document::{Document, Pointer, holds_names, is_data};
use crate::openapi::{is_unresolved, operations, refers_to_no_schema, schema_nodes};

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    let wrong_targets: Vec<_> = schema_nodes(document)
        .into_iter()
        .filter(|schema| refers_to_no_schema(schema) || is_unresolved(schema))
        .collect();
    if wrong_targets.is_empty() && !leads_elsewhere(document.value()) {
        return;
    }
    let value = value.to_mut();
    for operation in operations(document) {
        for place in [operation.item.pointer(), operation.node.pointer()] {
            let place = place.join("parameters");
            if let Some(Value::Array(list)) = value.pointer_mut(place.as_str())
                && list.iter().any(is_external)
            {
                let kept = list.iter().enumerate().filter(|(_, parameter)| !is_external(parameter));
                log.kept(&place, kept.map(|(index, _)| index).collect());
                list.retain(|parameter| !is_external(parameter));
            }
        }
        if let Some(Value::Object(responses)) = value.pointer_mut(operation.node.pointer().join("responses").as_str()) {
            for response in responses.values_mut().filter(|response| is_external(response)) {
                *response = json!({ "description": "", "content": { "*/*": {} } });
            }
        }
    }
    for schema in wrong_targets {
        if let Some(slot) = value.pointer_mut(schema.pointer().as_str()) {
            *slot = json!({});
        }
    }
    drop_schemas(value);
}

fn is_external(value: &Value) -> bool {
    let reference = value.get("$ref").and_then(Value::as_str);
    reference.is_some_and(|reference| Pointer::from_reference(reference).is_none())
}

/// Whether a value contains a reference to another document, at any depth.
fn leads_elsewhere(value: &Value) -> bool {
    is_external(value)
        || match value {
            Value::Object(object) => object.values().any(leads_elsewhere),
            Value::Array(items) => items.iter().any(leads_elsewhere),
            _ => false,
        }
}

fn drop_schemas(value: &mut Value) {
    if is_external(value) {
        *value = json!({});
        return;
    }
    match value {
        Value::Object(object) => {
            for (key, child) in object {
                match (key.as_str(), child) {
                    (key, Value::Object(parts)) if holds_names(key) => parts.values_mut().for_each(drop_schemas),
                    (key, _) if is_data(key) => {}
                    (_, child) => drop_schemas(child),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(drop_schemas),
        _ => {}
    }
}
