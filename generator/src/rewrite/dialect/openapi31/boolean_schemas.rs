//! Replaces a schema that is `true` or `false` by a 3.0 equivalent, or drops it if no value can be valid.
//!
//! `{properties: {any: true, never: false}, items: true}` → `{properties: {any: {}}, items: {}}`

use serde_json::{Map, Value};

use super::Log;
use super::schemas::{Schema, each, each_slot};
use crate::diagnostics::catalogue::NEEDS_MODERN;
use crate::document::Pointer;

pub(super) fn run(document: &mut Value, log: &mut Log) {
    each(document, |schema, place| drop_impossible(schema, place, log));
    each_slot(document, &mut |slot, place| match slot {
        Value::Bool(true) if is_schema_only(place) => *slot = Value::Object(Map::new()),
        Value::Bool(false) if is_schema_only(place) => {
            log.report(
                &NEEDS_MODERN,
                place.clone(),
                "no value satisfies the schema `false`, so no type can represent it",
            );
        }
        _ => {}
    });
}

/// Whether only a schema is allowed here. 3.0 allows booleans for `additionalProperties` and the like.
fn is_schema_only(place: &Pointer) -> bool {
    let is_about_rest = ["/additionalProperties", "/unevaluatedProperties", "/unevaluatedItems", "/additionalItems"]
        .iter()
        .any(|end| place.as_str().ends_with(end));
    !is_about_rest || place.parent().is_some_and(|parent| parent.holds_properties())
}

fn drop_impossible(schema: &mut Schema, place: &Pointer, log: &mut Log) {
    let required: Vec<String> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(text).collect();
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.retain(|name, property| *property != false || required.contains(name));
    }
    if let Some(Value::Object(patterns)) = schema.get_mut("patternProperties") {
        patterns.retain(|_, property| *property != false);
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(Value::Array(branches)) = schema.get_mut(key).filter(|branches| has_false(branches)) {
            // Later branches move up.
            let kept = branches.iter().enumerate().filter(|(_, branch)| **branch != false);
            let kept: Vec<usize> = kept.map(|(index, _)| index).collect();
            log.kept(&place.join(key), kept);
            branches.retain(|branch| *branch != false);
        }
    }
    // An array with `items: false` is still an array, so only the constraint is dropped.
    for key in ["items", "contains", "propertyNames", "if", "then", "else", "contentSchema"] {
        if schema.get(key) == Some(&Value::Bool(false)) {
            schema.insert(key.to_owned(), Value::Object(Map::new()));
        }
    }
    // `not: false` allows every value. `not: true` allows none, and becomes a schema `false`, which `run` reports.
    if schema.get("not") == Some(&Value::Bool(false)) {
        schema.shift_remove("not");
    }
    if schema.get("not") == Some(&Value::Bool(true)) {
        schema.insert("not".to_owned(), Value::Bool(false));
    }
}

fn has_false(branches: &Value) -> bool {
    branches.as_array().is_some_and(|branches| branches.iter().any(|branch| *branch == false) && branches.len() > 1)
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
