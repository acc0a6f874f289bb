//! Moves keywords beside a reference to a schema around it, because 3.0 ignores keywords beside a reference.
//!
//! `{$ref: '#/components/schemas/Pet', description: Mine}` → `{allOf: [{$ref: …}], description: Mine}`
//! `{$ref: '#/components/schemas/Pet', properties: …}` → `{allOf: [{$ref: …}, {properties: …}]}`

use serde_json::{Map, Value, json};

use super::Log;
use super::schemas::{Schema, each};
use crate::diagnostics::catalogue::KEYWORD_DROPPED;
use crate::document::Pointer;
use crate::openapi::describes_use;

/// Keywords that add to a type. Keywords that only narrow it are left to the service.
const TYPING: [&str; 9] =
    ["properties", "required", "additionalProperties", "items", "allOf", "oneOf", "anyOf", "not", "discriminator"];

pub(super) fn run(document: &mut Value, log: &mut Log) {
    each(document, |schema, place| {
        if schema.len() < 2 || !schema.get("$ref").is_some_and(Value::is_string) {
            return;
        }
        if schema.contains_key("enum") {
            let message = "the type of the reference accepts values that this enum would reject";
            log.report(&KEYWORD_DROPPED, place.join("enum"), message);
        }
        go_around(schema, place, log);
    });
}

fn go_around(schema: &mut Schema, place: &Pointer, log: &mut Log) {
    let below = place.join("allOf");
    let mut words = Map::new();
    let mut typing = Map::new();
    let mut reference = Value::Null;
    for (keyword, value) in std::mem::take(schema) {
        if keyword == "$ref" {
            reference = value;
        } else if TYPING.contains(&keyword.as_str()) {
            log.moved(place.join(&keyword), below.join(1).join(&keyword));
            typing.insert(keyword, value);
        } else if describes_use(&keyword) {
            words.insert(keyword, value);
        }
    }
    log.moved(place.join("$ref"), below.join(0).join("$ref"));
    if words.is_empty() && typing.is_empty() {
        schema.insert("$ref".to_owned(), reference);
        return;
    }
    let mut parts = vec![json!({ "$ref": reference })];
    if !typing.is_empty() {
        parts.push(Value::Object(typing));
    }
    schema.insert("allOf".to_owned(), Value::Array(parts));
    schema.append(&mut words);
}
