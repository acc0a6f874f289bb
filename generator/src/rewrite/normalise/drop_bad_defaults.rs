//! Drops a default that is not a value of its schema, because no type could have it.
//!
//! `{type: boolean, default: 'yes'}` → `{type: boolean}`

use std::borrow::Cow;

use serde_json::Value;

use super::Log;
use crate::document::Document;
use crate::openapi::bad_defaults;

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, _: &mut Log) {
    for schema in bad_defaults(document) {
        if let Some(Value::Object(object)) = value.to_mut().pointer_mut(schema.pointer().as_str()) {
            object.shift_remove("default");
        }
    }
}
