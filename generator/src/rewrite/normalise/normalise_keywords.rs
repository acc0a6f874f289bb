//! Gives every schema a type, and drops keywords that belong to other types.
//!
//! `{properties: {a: {items: {type: string}}}}` → `{type: object, properties: {a: {type: array, items: {type: string}}}}`
//!
//! `{type: string, properties: {…}}` → `{type: string}`
//!
//! `{type: object, required: [a, b], properties: {a: …}}` → `{type: object, required: [a, b], properties: {a: …, b: {}}}`
//!
//! `{type: integer, minimum: 0, maximum: 18446744073709551615}` → the same with `format: uint64`
//!
//! `anyOf` becomes `oneOf`, because a value is read as one member. `not` is dropped, because it only narrows values.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::Log;
use crate::diagnostics::catalogue::{STRAY_KEYWORD, UNDESCRIBED_PROPERTY};
use crate::document::Document;
use crate::openapi::schema_nodes;

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    for schema in schema_nodes(document) {
        let Some(Value::Object(object)) = value.to_mut().pointer_mut(schema.pointer().as_str()) else { continue };
        object.shift_remove("not");
        if let Some(members) = object.shift_remove("anyOf") {
            object.entry("oneOf").or_insert(members);
        }
        if let Some(ty) = object.get("type").is_none().then(|| inferred(object)).flatten() {
            object.insert("type".to_owned(), json!(ty));
        }
        let ty = object.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        for key in unrelated(&ty).iter().filter(|key| object.contains_key(**key)).copied().collect::<Vec<_>>() {
            object.shift_remove(key);
            let message = format!("the schema has type `{ty}`, so its `{key}` has no effect");
            log.report(&STRAY_KEYWORD, schema.pointer().join(key), message);
        }
        for name in normalise_fields(object) {
            let message = format!("`{name}` is required, but `properties` does not describe it");
            log.report(&UNDESCRIBED_PROPERTY, schema.pointer().join("required"), message);
        }
        if ty == "integer" {
            normalise_format(object);
        }
        if ty == "array" {
            object.entry("items").or_insert_with(|| json!({}));
        }
    }
}

/// Sets the format `uint64` where it is needed, and drops `int`. Integers without a format have 64 bits.
fn normalise_format(schema: &mut Map<String, Value>) {
    let format = schema.get("format").and_then(Value::as_str);
    if format == Some("uint") || needs_all_bits(schema) {
        schema.insert("format".to_owned(), json!("uint64"));
    } else if format == Some("int") {
        schema.shift_remove("format");
    }
}

/// Whether an integer is unsigned and may exceed the maximum of a signed 64-bit integer.
fn needs_all_bits(schema: &Map<String, Value>) -> bool {
    let is_positive = schema.get("minimum").and_then(Value::as_f64).is_some_and(|least| least >= 0.0);
    let is_beyond = |most: &Value| match most.as_u64() {
        Some(whole) => i64::try_from(whole).is_err(),
        None => most.as_f64().is_some_and(|most| most > 2_f64.powi(63)),
    };
    is_positive && schema.get("maximum").is_some_and(is_beyond)
}

/// Adds a property for each required name, and turns an object without properties into a map. Returns the added
/// properties.
fn normalise_fields(schema: &mut Map<String, Value>) -> Vec<String> {
    let mut required: Vec<String> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|name| Some(name.as_str()?.to_owned()))
        .collect();
    let Some(Value::Object(properties)) = schema.get_mut("properties") else { return Vec::new() };
    if properties.is_empty() {
        schema.shift_remove("properties");
        return Vec::new();
    }
    required.retain(|name| !properties.contains_key(name));
    for name in &required {
        properties.insert(name.clone(), json!({}));
    }
    required
}

/// Returns the only type that the keywords of a schema without a type allow.
fn inferred(schema: &Map<String, Value>) -> Option<&'static str> {
    let has = |key: &str| schema.contains_key(key);
    if ["$ref", "oneOf", "allOf"].into_iter().any(has) {
        return None;
    }
    let has_fields =
        has("properties") || has("required") || schema.get("additionalProperties").is_some_and(Value::is_object);
    if has_fields {
        Some("object")
    } else if has("items") {
        Some("array")
    } else {
        None
    }
}

/// Returns keywords that do not apply to values of the type.
fn unrelated(ty: &str) -> &'static [&'static str] {
    match ty {
        "string" | "integer" | "number" | "boolean" => &["properties", "required", "additionalProperties", "items"],
        "array" => &["properties", "required", "additionalProperties", "enum"],
        "object" => &["items", "enum"],
        _ => &[],
    }
}
