//! Strips schemas to the shape of the data, so that no type refuses data.
//!
//! A client that checks lengths, patterns or ranges itself could not read a response the day the service relaxes a rule, and
//! the service checks requests anyway. So constraints go, and so do formats of strings, which would become types that fail.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::defaults::settle_defaults;
use crate::ir::{Api, Kind, TypeDef};

/// The schemas of all named types.
pub(super) fn stripped_schemas(api: &Api) -> Map<String, Value> {
    let schemas = api.types.iter();
    let mut stripped: Map<_, _> =
        schemas.map(|definition| (definition.name.clone(), strip_schema(&definition.schema))).collect();
    let mut intersected = BTreeSet::new();
    stripped.values().for_each(|schema| find_intersected(schema, &mut intersected));
    for definition in &api.types {
        if let Some(schema) = stripped.get_mut(&definition.name) {
            if !intersected.contains(&definition.name) {
                close(schema, definition);
            }
            require(schema, definition);
            drop_other_defaults(schema, definition);
            number_values(schema, definition);
        }
    }
    for (member, tag) in tags_to_drop(api) {
        if let Some(schema) = stripped.get_mut(member) {
            drop_property(schema, tag);
        }
    }
    for schema in stripped.values_mut() {
        // A default belongs to the place where a value may be left out; a type has none.
        if let Value::Object(schema) = schema {
            schema.shift_remove("default");
        }
        settle_defaults(schema, api);
    }
    stripped
}

/// The names of types that stand in an intersection with others: closed, they would exclude what the others add.
fn find_intersected(schema: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(object) => {
            let parts = object.get("allOf").and_then(Value::as_array).filter(|parts| parts.len() > 1);
            let references =
                parts.into_iter().flatten().filter_map(|part| part.get("$ref")?.as_str()?.rsplit('/').next());
            names.extend(references.map(str::to_owned));
            object.values().for_each(|part| find_intersected(part, names));
        }
        Value::Array(items) => items.iter().for_each(|item| find_intersected(item, names)),
        _ => {}
    }
}

/// The name that progenitor is given for a value of a string enum: it fails on values that look alike in Rust, and a pass
/// writes the enum again anyway.
pub(crate) fn placeholder_name(index: usize) -> String {
    format!("V{index}")
}

fn number_values(schema: &mut Value, definition: &TypeDef) {
    if let (Value::Object(object), Kind::Enum { values, .. }) = (schema, &definition.kind) {
        let names: Vec<_> = (0..values.len()).map(placeholder_name).collect();
        object.insert("enum".to_owned(), json!(names));
    }
}

/// Keywords that only narrow what is allowed, or only explain.
const DROPPED: [&str; 22] = [
    "title",
    "example",
    "examples",
    "externalDocs",
    "xml",
    "deprecated",
    "readOnly",
    "writeOnly",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "discriminator",
];

/// The schema of a parameter: neither a path nor a query can say `null`.
pub(super) fn strip_argument(schema: &Value) -> Value {
    let mut stripped = strip_schema(schema);
    if let Value::Object(schema) = &mut stripped {
        schema.shift_remove("nullable");
        if let Some(Value::Object(items)) = schema.get_mut("items") {
            items.shift_remove("nullable");
        }
    }
    stripped
}

/// One schema and all schemas in it.
pub(super) fn strip_schema(schema: &Value) -> Value {
    let Value::Object(object) = schema else {
        return json!({});
    };
    if let Some(reference) = object.get("$ref") {
        return json!({ "$ref": reference });
    }
    let mut stripped = Map::new();
    for (key, value) in object {
        let is_dropped = DROPPED.contains(&key.as_str()) || key.starts_with("x-");
        if is_dropped || is_string_format(object, key) || is_enum_of_others(object, key) {
            continue;
        }
        stripped.insert(key.clone(), strip_keyword(key, value));
    }
    plain_reference(&stripped).unwrap_or(Value::Object(stripped))
}

fn is_string_format(schema: &Map<String, Value>, key: &str) -> bool {
    let is_number = matches!(schema.get("type").and_then(Value::as_str), Some("integer" | "number"));
    key == "format" && !is_number
}

/// An enum of numbers or booleans is a number or boolean: progenitor has no names for its values.
fn is_enum_of_others(schema: &Map<String, Value>, key: &str) -> bool {
    key == "enum" && schema.get("type").and_then(Value::as_str) != Some("string")
}

fn strip_keyword(key: &str, value: &Value) -> Value {
    match (key, value) {
        ("properties", Value::Object(properties)) => {
            Value::Object(properties.iter().map(|(name, schema)| (name.clone(), strip_schema(schema))).collect())
        }
        ("items" | "additionalProperties" | "not", schema) => strip_schema(schema),
        ("oneOf" | "anyOf" | "allOf", Value::Array(parts)) => Value::Array(parts.iter().map(strip_schema).collect()),
        _ => value.clone(),
    }
}

/// An `allOf` of one reference, with words beside it, is that reference to a type.
fn plain_reference(schema: &Map<String, Value>) -> Option<Value> {
    let [only] = schema.get("allOf")?.as_array()?.as_slice() else {
        return None;
    };
    let is_more = schema.keys().any(|key| !matches!(key.as_str(), "allOf" | "description"));
    (only.get("$ref").is_some() && !is_more).then(|| only.clone())
}

/// Progenitor makes a map of an object without properties, and a struct with `deny_unknown_fields` of one that is closed;
/// a pass turns that into what each type needs.
fn close(schema: &mut Value, definition: &TypeDef) {
    if let (Value::Object(object), Kind::Struct { .. }) = (schema, &definition.kind) {
        let stated = object.get("additionalProperties");
        if stated.is_none_or(Value::is_boolean) {
            object.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
    }
}

/// What is required is decided already: a field that only one direction has is not.
fn require(schema: &mut Value, definition: &TypeDef) {
    if let (Value::Object(object), Kind::Struct { fields }) = (schema, &definition.kind) {
        let required = object.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        let is_optional =
            |name: &Value| fields.iter().any(|field| name.as_str() == Some(&field.name) && !field.required);
        let kept: Vec<Value> = required.into_iter().filter(|name| !is_optional(name)).collect();
        object.insert("required".to_owned(), Value::Array(kept));
    }
}

/// A field without a default in the API is one that is left out.
fn drop_other_defaults(schema: &mut Value, definition: &TypeDef) {
    let (Some(Value::Object(properties)), Kind::Struct { fields }) = (schema.get_mut("properties"), &definition.kind)
    else {
        return;
    };
    for field in fields.iter().filter(|field| field.default.is_none()) {
        if let Some(Value::Object(property)) = properties.get_mut(&field.name) {
            property.shift_remove("default");
        }
    }
}

/// The tag of a union is written and read by the union, so its members need not carry it too.
fn tags_to_drop(api: &Api) -> Vec<(&str, &str)> {
    let unions = api.types.iter().filter_map(|definition| match &definition.kind {
        Kind::Union { tag, members, .. } => Some((tag, members)),
        _ => None,
    });
    let members = unions.flat_map(|(tag, members)| members.iter().map(move |member| (member, tag)));
    members
        .filter(|(member, _)| !member.keeps_tag)
        .map(|(member, tag)| (member.type_name.as_str(), tag.as_str()))
        .collect()
}

fn drop_property(schema: &mut Value, property: &str) {
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.shift_remove(property);
    }
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| name.as_str() != Some(property));
    }
}
