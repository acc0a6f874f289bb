//! A schema that another document has is any value here.
//!
//! `schema: {$ref: 'other.yaml#/User'}` → `schema: {}`

use serde_json::{Value, json};

use super::Log;
use crate::document::{Document, Pointer};

pub(super) fn run(document: &Document, _: &mut Log) -> Value {
    let mut value = document.value().clone();
    drop_external(&mut value);
    value
}

fn drop_external(value: &mut Value) {
    match value {
        Value::Object(object) => {
            let reference = object.get("$ref").and_then(Value::as_str);
            if reference.is_some_and(|reference| Pointer::from_reference(reference).is_none()) {
                *value = json!({});
                return;
            }
            for (key, child) in object {
                match (key.as_str(), child) {
                    ("properties", Value::Object(properties)) => properties.values_mut().for_each(drop_external),
                    ("example" | "examples" | "default" | "enum", _) => {}
                    (_, child) => drop_external(child),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(drop_external),
        _ => {}
    }
}
