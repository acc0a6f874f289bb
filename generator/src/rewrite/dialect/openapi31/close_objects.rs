//! Replaces `unevaluatedProperties` by `additionalProperties` in schemas that no other schema adds properties to.
//!
//! `{properties: {id: …}, unevaluatedProperties: false}` → `{properties: {id: …}, additionalProperties: false}`
//!
//! Beside `allOf` and the like, 3.0 has no equivalent; the object then allows any further properties.

use serde_json::Value;

use super::Log;
use super::schemas::each;
use crate::diagnostics::catalogue::KEYWORD_DROPPED;

/// Keywords that can describe properties in another schema.
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
