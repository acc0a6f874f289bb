//! Schemas as progenitor is to see them: the shape of the data, without what would make the types refuse data.
//!
//! A client that checks lengths, patterns or ranges itself could not read a reply the day the service relaxes a rule; the
//! service checks requests anyway. So constraints go, and so do formats of strings, which would become types that fail.

use serde_json::{Map, Value, json};

use crate::document::{Document, Node};
use crate::ir::{Api, Kind, TypeDef};

/// All component schemas.
pub(super) fn reduced_schemas(document: &Document, api: &Api) -> Map<String, Value> {
    let schemas = document.root().at(&["components", "schemas"]);
    let is_wanted = |name: &str| api.types.iter().any(|definition| definition.name == name);
    let schemas = schemas.iter().flat_map(Node::entries).filter(|(name, _)| is_wanted(name));
    let mut reduced: Map<_, _> =
        schemas.map(|(name, schema)| (name.to_owned(), reduce_schema(schema.value()))).collect();
    for definition in &api.types {
        if let Some(schema) = reduced.get_mut(&definition.name) {
            close(schema, definition);
        }
    }
    for (member, tag) in tags_to_drop(api) {
        if let Some(schema) = reduced.get_mut(member) {
            drop_property(schema, tag);
        }
    }
    reduced
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

/// One schema and all schemas in it.
pub(super) fn reduce_schema(schema: &Value) -> Value {
    let Value::Object(object) = schema else {
        return schema.clone();
    };
    if let Some(reference) = object.get("$ref") {
        return json!({ "$ref": reference });
    }
    let mut reduced = Map::new();
    for (key, value) in object {
        if DROPPED.contains(&key.as_str()) || key.starts_with("x-") || is_string_format(object, key) {
            continue;
        }
        reduced.insert(key.clone(), reduce_keyword(key, value));
    }
    plain_reference(&reduced).unwrap_or(Value::Object(reduced))
}

fn is_string_format(schema: &Map<String, Value>, key: &str) -> bool {
    let is_number = matches!(schema.get("type").and_then(Value::as_str), Some("integer" | "number"));
    key == "format" && !is_number
}

fn reduce_keyword(key: &str, value: &Value) -> Value {
    match (key, value) {
        ("properties", Value::Object(properties)) => {
            Value::Object(properties.iter().map(|(name, schema)| (name.clone(), reduce_schema(schema))).collect())
        }
        ("items" | "additionalProperties" | "not", schema) => reduce_schema(schema),
        ("oneOf" | "anyOf" | "allOf", Value::Array(parts)) => Value::Array(parts.iter().map(reduce_schema).collect()),
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
