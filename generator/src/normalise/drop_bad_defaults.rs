//! A default that is no value of its schema goes: no type could have it.
//!
//! `{type: boolean, default: 'yes'}` → `{type: boolean}`

use serde_json::Value;

use super::Log;
use crate::document::Document;
use crate::walk::bad_defaults;

pub(super) fn run(document: &Document, _: &mut Log) -> Value {
    let mut value = document.value().clone();
    for schema in bad_defaults(document) {
        if let Some(Value::Object(object)) = value.pointer_mut(schema.pointer().as_str()) {
            object.shift_remove("default");
        }
    }
    value
}
