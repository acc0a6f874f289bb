//! Reads the extension `x-nullable`, which many generators of Swagger 2.0 write, and files in schemas.
//!
//! `{type: string, x-nullable: true}` → `{type: string, nullable: true}`
//! `{type: file}` → `{type: string, format: binary}`

use serde_json::{Value, json};

use super::media_types::file_as_bytes;
use crate::rewrite::Log;
use crate::rewrite::dialect::schemas::each_slot;

pub(super) fn run(document: &mut Value, _: &mut Log) {
    each_slot(document, &mut |schema, _| {
        file_as_bytes(schema);
        let Value::Object(schema) = schema else { return };
        let Some(nullable) = schema.shift_remove("x-nullable") else { return };
        // A reference has no other keywords.
        if let Some(reference) = schema.shift_remove("$ref") {
            schema.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
        }
        schema.insert("nullable".to_owned(), nullable);
    });
}
