//! Replaces the examples of a schema by the first of them.
//!
//! `{type: string, examples: [dog, cat]}` → `{type: string, example: dog}`

use serde_json::Value;

use super::Log;
use super::schemas::each;

pub(super) fn run(document: &mut Value, log: &mut Log) {
    each(document, |schema, place| {
        if !schema.get("examples").is_some_and(Value::is_array) {
            return;
        }
        let Some(Value::Array(examples)) = schema.shift_remove("examples") else { return };
        if let Some(first) = examples.into_iter().next().filter(|_| !schema.contains_key("example")) {
            log.moved(place.join("examples").join(0), place.join("example"));
            schema.insert("example".to_owned(), first);
        }
    });
}
