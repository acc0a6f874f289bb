//! Keeps `nullable` beside a reference. OpenAPI 3.0 ignores keywords beside a reference ("Reference Object"), but services of
//! documents that have it there do send null.
//!
//! `{$ref: '#/components/schemas/Color', nullable: true}` → `{nullable: true, allOf: [{$ref: '#/components/schemas/Color'}]}`
//!
//! `{oneOf: [{$ref: '#/components/schemas/Color', nullable: true}, …]}` → `{nullable: true, oneOf: [{$ref: …}, …]}`

use std::borrow::Cow;

use serde_json::{Value, json};

use super::Log;
use crate::document::{Document, Pointer};
use crate::openapi::schema_nodes;

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    for schema in schema_nodes(document) {
        let Some(reference) = schema.text("$ref").filter(|_| schema.is_true("nullable")) else { continue };
        let place = schema.pointer();
        let list = place.parent();
        match list.as_ref().and_then(Pointer::last).as_deref() {
            // A part of an intersection cannot be null on its own.
            Some("allOf") => {}
            Some("oneOf" | "anyOf") => {
                let union = list.and_then(|list| list.parent()).unwrap_or_default();
                if let Some(Value::Object(union)) = value.to_mut().pointer_mut(union.as_str()) {
                    union.insert("nullable".to_owned(), Value::Bool(true));
                }
                if let Some(member) = value.to_mut().pointer_mut(place.as_str()) {
                    *member = json!({ "$ref": reference });
                }
            }
            _ => {
                let Some(Value::Object(object)) = value.to_mut().pointer_mut(place.as_str()) else { continue };
                object.retain(|key, _| key == "nullable" || key == "description");
                object.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
                log.moved(place.join("$ref"), place.join("allOf").join(0).join("$ref"));
            }
        }
    }
}
