//! What is said of properties that nothing else spoke of becomes `additionalProperties`, where nothing else could speak.
//!
//! `{properties: {id: …}, unevaluatedProperties: false}` → `{properties: {id: …}, additionalProperties: false}`
//!
//! Beside `allOf` and the like, 3.0 has no such word; the object is then an open one.

use serde_json::Value;

use super::Log;
use super::schemas::each;
use crate::diagnostics::catalogue::KEYWORD_DROPPED;

/// Keywords that can speak of properties in another schema.
const APPLICATORS: [&str; 8] = ["$ref", "allOf", "oneOf", "anyOf", "if", "then", "else", "dependentSchemas"];

pub(super) fn run(document: &mut Value, log: &mut Log) {
    each(document, |schema, place| {
        let Some(rest) = schema.shift_remove("unevaluatedProperties") else { return };
        let is_alone = APPLICATORS.iter().all(|keyword| !schema.contains_key(*keyword));
        let keyword = place.join("unevaluatedProperties");
        if is_alone && !schema.contains_key("additionalProperties") {
            log.moved(keyword, place.join("additionalProperties"));
            schema.insert("additionalProperties".to_owned(), rest);
        } else if rest.is_object() {
            log.report(&KEYWORD_DROPPED, keyword, "properties that no part describes are typed as any JSON");
        }
    });
}
