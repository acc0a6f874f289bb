//! Strips constraints from schemas, so that generated types accept all values of the right shape.
//!
//! A client that checked lengths, patterns or ranges could not read responses once the service relaxes a rule, and the
//! service checks requests anyway. Formats that are scalars get one name each; other formats of strings are removed, since
//! they would become types that can fail to parse.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::defaults::{placeholder_name, settle_defaults};
use crate::ir::{Api, Kind, ScalarType, TypeDef};

/// Returns the stripped schemas of all named types.
pub(super) fn stripped_schemas(api: &Api) -> Map<String, Value> {
    let schemas = api.types.iter();
    let mut stripped: Map<_, _> =
        schemas.map(|definition| (definition.name.clone(), strip_definition(definition))).collect();
    let mut intersected = BTreeSet::new();
    stripped.values().for_each(|schema| find_intersected(schema, &mut intersected));
    for definition in &api.types {
        if let Some(schema) = stripped.get_mut(&definition.name) {
            if !intersected.contains(&definition.name) {
                close(schema, definition);
            }
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
        // A default applies where a value may be omitted. A type has no such location.
        if let Value::Object(schema) = schema {
            schema.shift_remove("default");
        }
        settle_defaults(schema, api);
    }
    stripped
}

/// A type of another crate has any schema, for which progenitor generates a wrapper. A pass replaces that.
fn strip_definition(definition: &TypeDef) -> Value {
    if definition.rust_type.is_some() { json!({}) } else { strip_schema(&definition.schema) }
}

/// Collects the types in intersections with others. If they were closed, they would reject the properties of the
/// others.
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

fn number_values(schema: &mut Value, definition: &TypeDef) {
    if let (Value::Object(object), Kind::Enum { values, .. }) = (schema, &definition.kind) {
        let names: Vec<_> = (0..values.len()).map(placeholder_name).collect();
        object.insert("enum".to_owned(), json!(names));
    }
}

/// Keywords that only constrain or annotate values.
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

/// Strips the schema of a parameter, including `nullable`: neither a path nor a query can express `null`.
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

/// Strips a schema and all schemas in it.
pub(super) fn strip_schema(schema: &Value) -> Value {
    let Value::Object(object) = schema else {
        return json!({});
    };
    if let Some(reference) = object.get("$ref") {
        return json!({ "$ref": reference });
    }
    let mut stripped = Map::new();
    let scalar = ScalarType::of(schema);
    for (key, value) in object {
        let is_dropped = DROPPED.contains(&key.as_str()) || key.starts_with("x-");
        // The conversions of progenitor do not know which schemas are not scalars in spite of their format.
        let is_scalar_format = key == "format" && ScalarType::of_format(schema).is_some();
        if is_dropped || is_scalar_format || is_string_format(object, key) || is_enum_of_others(object, key) {
            continue;
        }
        stripped.insert(key.clone(), strip_keyword(key, value));
    }
    if let Some(scalar) = scalar {
        stripped.insert("format".to_owned(), scalar.format().into());
    }
    plain_reference(&stripped).unwrap_or(Value::Object(stripped))
}

fn is_string_format(schema: &Map<String, Value>, key: &str) -> bool {
    let is_number = matches!(schema.get("type").and_then(Value::as_str), Some("integer" | "number"));
    key == "format" && !is_number
}

/// Whether the keyword is an `enum` of numbers or booleans, which is dropped: progenitor has no names for such values.
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

/// Returns the reference of an annotated reference: an `allOf` of one reference.
fn plain_reference(schema: &Map<String, Value>) -> Option<Value> {
    let [only] = schema.get("allOf")?.as_array()?.as_slice() else {
        return None;
    };
    let is_more = schema.keys().any(|key| !matches!(key.as_str(), "allOf" | "description"));
    (only.get("$ref").is_some() && !is_more).then(|| only.clone())
}

/// Closes an object with `additionalProperties: false`.
///
/// Progenitor turns a closed object into a struct with `deny_unknown_fields`, and an object without properties into a
/// map. A pass changes that into what each type needs.
fn close(schema: &mut Value, definition: &TypeDef) {
    if let (Value::Object(object), Kind::Struct { .. }) = (schema, &definition.kind) {
        let stated = object.get("additionalProperties");
        if stated.is_none_or(Value::is_boolean) {
            object.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
    }
}

/// Drops the defaults of fields that have no default in the IR. Such fields are omitted if they are not set.
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

/// Returns the types and tags of union members whose tag the union writes and reads, so the members need no field for
/// it.
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
