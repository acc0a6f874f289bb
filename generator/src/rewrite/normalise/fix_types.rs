//! Drops a type that OpenAPI does not define.
//!
//! `{type: struct, properties: …}` → `{properties: …}`

use std::borrow::Cow;

use serde_json::Value;

use super::Log;
use crate::document::Document;
use crate::openapi::{is_known_type, schema_nodes};

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, _: &mut Log) {
    for schema in schema_nodes(document) {
        if schema.get("type").is_some_and(|ty| !is_known_type(&ty))
            && let Some(Value::Object(object)) = value.to_mut().pointer_mut(schema.pointer().as_str())
        {
            object.shift_remove("type");
        }
    }
}
