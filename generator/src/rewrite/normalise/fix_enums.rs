//! Makes the values of a string enum distinct strings, and replaces a `null` among them by `nullable`. Drops an
//! enum without values. Gives an enum of numbers or of booleans its type.
//!
//! `{type: string, enum: [a, a, 1, null]}` → `{type: string, nullable: true, enum: [a, '1']}`

use std::borrow::Cow;

use serde_json::Value;

use super::Log;
use crate::document::{Document, Node};
use crate::openapi::schema_nodes;

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, _: &mut Log) {
    for schema in schema_nodes(document) {
        let Some(values) = schema.get("enum").and_then(|values| values.value().as_array()) else { continue };
        let is_string = schema.text("type") == Some("string")
            || (schema.get("type").is_none()
                && values.iter().any(Value::is_string)
                && values.iter().all(is_text_or_null));
        if !is_string {
            if let Some(ty) = only_type(&schema, values)
                && let Some(Value::Object(object)) = value.to_mut().pointer_mut(schema.pointer().as_str())
            {
                object.insert("type".to_owned(), ty.into());
            }
            continue;
        }
        let mut texts: Vec<Value> = Vec::with_capacity(values.len());
        for value in values.iter().filter(|value| !value.is_null()) {
            let text = Value::String(value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        if texts == *values && !texts.is_empty() && schema.get("type").is_some() {
            continue;
        }
        let Some(Value::Object(object)) = value.to_mut().pointer_mut(schema.pointer().as_str()) else { continue };
        if texts.len() < values.len() && values.contains(&Value::Null) {
            object.insert("nullable".to_owned(), Value::Bool(true));
        }
        object.insert("type".to_owned(), Value::String("string".to_owned()));
        if texts.is_empty() {
            object.shift_remove("enum");
        } else {
            object.insert("enum".to_owned(), Value::Array(texts));
        }
    }
}

/// Returns the type of all values of an enum without a type, if they are numbers or booleans.
fn only_type(schema: &Node<'_>, values: &[Value]) -> Option<&'static str> {
    let is_typed = ["type", "allOf", "oneOf", "anyOf"].iter().any(|key| schema.get(key).is_some());
    let all = |is: fn(&Value) -> bool| !values.is_empty() && values.iter().all(is);
    if is_typed {
        None
    } else if all(Value::is_boolean) {
        Some("boolean")
    } else if all(|value| value.is_i64() || value.is_u64()) {
        Some("integer")
    } else if all(Value::is_number) {
        Some("number")
    } else {
        None
    }
}

fn is_text_or_null(value: &Value) -> bool {
    value.is_string() || value.is_null()
}
