//! Replaces a tuple by an array: of the schema that all elements share, or else of any JSON.
//!
//! `{prefixItems: [{type: number}, {type: number}], items: false}` → `{items: {type: number}}`

use serde_json::{Map, Value};

use super::Log;
use super::schemas::{Schema, each};
use crate::diagnostics::catalogue::KEYWORD_DROPPED;

pub(super) fn run(document: &mut Value, log: &mut Log) {
    each(document, |schema, place| {
        if let Some((keyword, parts)) = take_parts(schema) {
            let rest = rest(schema, keyword, parts.len());
            let item = common(&parts, rest.as_ref());
            if item.is_none() {
                let message = "the elements of the tuple have different schemas, so it is typed as a list of any JSON";
                log.report(&KEYWORD_DROPPED, place.join(keyword), message);
            } else {
                log.moved(place.join(keyword).join(0), place.join("items"));
            }
            schema.insert("items".to_owned(), item.unwrap_or_else(|| Value::Object(Map::new())));
        }
        schema.shift_remove("additionalItems");
        schema.shift_remove("unevaluatedItems");
        if schema.get("type").and_then(Value::as_str) == Some("array") {
            // 3.0 requires `items` for arrays.
            schema.entry("items").or_insert_with(|| Value::Object(Map::new()));
        }
    });
}

/// Removes and returns the element schemas, also if they are written as in drafts before 2020.
fn take_parts(schema: &mut Schema) -> Option<(&'static str, Vec<Value>)> {
    ["prefixItems", "items"].into_iter().find_map(|keyword| {
        schema.get(keyword)?.as_array()?;
        match schema.shift_remove(keyword)? {
            Value::Array(parts) => Some((keyword, parts)),
            _ => None,
        }
    })
}

/// Returns the schema of further elements after the tuple. `None` if there can be none.
fn rest(schema: &Schema, keyword: &str, parts: usize) -> Option<Value> {
    let is_full = schema.get("maxItems").and_then(Value::as_u64).is_some_and(|most| most <= parts as u64);
    let stated = if keyword == "items" { schema.get("additionalItems") } else { schema.get("items") };
    let stated = stated.or_else(|| schema.get("unevaluatedItems"));
    match stated {
        _ if is_full => None,
        Some(Value::Bool(false)) => None,
        Some(Value::Object(rest)) => Some(Value::Object(rest.clone())),
        _ => Some(Value::Object(Map::new())),
    }
}

fn common(parts: &[Value], rest: Option<&Value>) -> Option<Value> {
    let mut all = parts.iter().chain(rest);
    let first = all.next()?;
    all.all(|part| part == first).then(|| first.clone())
}
