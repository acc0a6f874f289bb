//! Replaces properties whose names match a pattern by additional properties of any name.
//!
//! `{patternProperties: {'^x-': {type: string}}, additionalProperties: false}` → `{additionalProperties: {type: string}}`
//!
//! If properties of other names can have other values, the additional properties are any JSON.

use serde_json::Value;

use super::Log;
use super::schemas::each;
use crate::diagnostics::catalogue::KEYWORD_DROPPED;

pub(super) fn run(document: &mut Value, log: &mut Log) {
    each(document, |schema, place| {
        if !schema.get("patternProperties").is_some_and(Value::is_object) {
            return;
        }
        let Some(Value::Object(patterns)) = schema.shift_remove("patternProperties") else { return };
        let from = place.join("patternProperties");
        log.report(&KEYWORD_DROPPED, from.clone(), "the type does not enforce the patterns of property names");
        let others = schema.get("additionalProperties").or_else(|| schema.get("unevaluatedProperties"));
        let others = others.filter(|others| **others != false).cloned();
        let is_open = schema.get("additionalProperties").is_none() && schema.get("unevaluatedProperties").is_none();
        let mut all = patterns.values().chain(&others);
        let first = all.next().cloned();
        let is_common = !is_open && all.all(|other| Some(other) == first.as_ref());
        if let Some((name, _)) = patterns.iter().next().filter(|_| is_common) {
            log.moved(from.join(name), place.join("additionalProperties"));
        }
        schema.insert("additionalProperties".to_owned(), first.filter(|_| is_common).unwrap_or(Value::Bool(true)));
        schema.shift_remove("unevaluatedProperties");
        schema.entry("type").or_insert_with(|| Value::from("object"));
    });
}
