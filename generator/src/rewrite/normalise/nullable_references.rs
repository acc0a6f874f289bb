//! Keeps `nullable` beside a reference. OpenAPI 3.0 ignores keywords beside a reference ("Reference Object"), but authors who write
//! `nullable` there mean that the value can be null.
//!
//! `{$ref: '#/components/schemas/Color', nullable: true}` → `{nullable: true, allOf: [{$ref: '#/components/schemas/Color'}]}`
//!
//! `{oneOf: [{$ref: '#/components/schemas/Color', nullable: true}, …]}` → `{nullable: true, oneOf: [{$ref: …}, …]}`

use std::borrow::Cow;

use serde_json::{Value, json};

use super::Log;
use crate::document::{Document, Pointer};
use crate::openapi::{describes_use, schema_nodes};

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    for schema in schema_nodes(document) {
        let Some(reference) = schema.text("$ref").filter(|_| schema.is_true("nullable")) else { continue };
        let place = schema.pointer();
        // Only members of lists have an index. A schema or a property may have the name of a keyword.
        let is_member = place.last().is_some_and(|key| key.parse::<usize>().is_ok());
        let list = place.parent().filter(|_| is_member);
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
                object.retain(|key, _| describes_use(key));
                object.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
                log.moved(place.join("$ref"), place.join("allOf").join(0).join("$ref"));
            }
        }
    }
}
