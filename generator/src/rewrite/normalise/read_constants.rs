//! Reads `const`, which OpenAPI 3.0 does not have but its documents use, as an enum of one value.
//!
//! `{const: dog}` → `{type: string, enum: [dog]}`

use std::borrow::Cow;

use serde_json::{Value, json};

use super::Log;
use crate::document::Document;
use crate::openapi::schema_nodes;

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    for schema in schema_nodes(document) {
        let Some(constant) = schema.get("const") else { continue };
        let Some(Value::Object(object)) = value.to_mut().pointer_mut(schema.pointer().as_str()) else { continue };
        object.shift_remove("const");
        let ty = match constant.value() {
            Value::String(_) => "string",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::Null | Value::Array(_) | Value::Object(_) => continue,
        };
        log.moved(constant.pointer().clone(), schema.pointer().join("enum").join(0));
        object.insert("enum".to_owned(), json!([constant.value()]));
        object.entry("type").or_insert_with(|| ty.into());
    }
}
