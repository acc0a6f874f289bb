//! Merges parts that do not determine the type of a schema into the schema that contains them.
//!
//! `{allOf: [{$ref: User}, {nullable: true}]}` → `{nullable: true, allOf: [{$ref: User}]}`
//!
//! `{allOf: [{type: string}, {description: A name.}]}` → `{type: string, description: A name.}`
//!
//! `{oneOf: [{$ref: User}, {enum: [null]}]}` → `{nullable: true, allOf: [{$ref: User}]}`

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::Log;
use super::shape::{gives_shape, is_null, is_same, is_shape};
use crate::document::{Document, Node};
use crate::openapi::schema_nodes;

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, _: &mut Log) {
    // Nested schemas come first, so that the parts of a schema are already merged when it is looked at.
    for schema in schema_nodes(document).iter().filter(|schema| has_parts(schema)) {
        let Some(Value::Object(object)) = value.to_mut().pointer_mut(schema.pointer().as_str()) else { continue };
        fold_null(object);
        fold_union(object, "oneOf");
        fold_union(object, "anyOf");
        fold_intersection(object);
    }
}

fn has_parts(schema: &Node<'_>) -> bool {
    ["oneOf", "anyOf", "allOf"].iter().any(|key| schema.get(key).is_some()) || schema.text("type") == Some("null")
}

/// Replaces the type `null`, outside of a union, by any nullable value.
fn fold_null(schema: &mut Map<String, Value>) {
    if schema.get("type").is_some_and(|ty| ty == "null") {
        schema.shift_remove("type");
        schema.insert("nullable".to_owned(), Value::Bool(true));
    }
}

/// Removes `null` and members of the same shape as an earlier one from a union. A union of one member becomes that
/// member.
fn fold_union(schema: &mut Map<String, Value>, key: &str) {
    let Some(Value::Array(members)) = schema.get(key) else { return };
    let mut kept: Vec<Value> = Vec::with_capacity(members.len());
    for member in members.iter().filter(|member| !is_null(member)) {
        match kept.iter_mut().find(|earlier| is_same(earlier, member)) {
            Some(Value::Object(earlier)) => keep_common(earlier, member),
            _ => kept.push(member.clone()),
        }
    }
    if members.iter().any(is_null) {
        schema.insert("nullable".to_owned(), Value::Bool(true));
    }
    if let Some(values) = common_enum(&kept) {
        schema.shift_remove(key);
        schema.insert("type".to_owned(), Value::from("string"));
        schema.insert("enum".to_owned(), Value::Array(values));
    } else if kept.len() > 1 {
        // `number` goes last: as the first member that matches, it would accept integers too.
        kept.sort_by_key(|member| member.get("type").is_some_and(|ty| ty == "number"));
        schema.insert(key.to_owned(), Value::Array(kept));
    } else {
        schema.shift_remove(key);
        let parts = schema.entry("allOf").or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(parts) = parts {
            parts.append(&mut kept);
        }
    }
}

/// Returns the values of all members, if all members are string enums.
fn common_enum(members: &[Value]) -> Option<Vec<Value>> {
    let values = |member: &Value| {
        let is_text = member.get("type").is_some_and(|ty| ty == "string");
        member.get("enum").and_then(Value::as_array).filter(|_| is_text).cloned()
    };
    let all: Vec<_> = members.iter().map(values).collect::<Option<_>>()?;
    (all.len() > 1).then(|| all.into_iter().flatten().collect())
}

/// Keeps only what both members say, because the rest need not hold for values of the other one.
fn keep_common(earlier: &mut Map<String, Value>, member: &Value) {
    earlier.retain(|key, value| is_shape(key) || key == "nullable" || member.get(key) == Some(value));
}

fn fold_intersection(schema: &mut Map<String, Value>) {
    let Some(Value::Array(parts)) = schema.shift_remove("allOf") else { return };
    let is_plain = |part: &Value| part.as_object().is_some_and(|part| !gives_shape(part));
    let (plain, mut shaped): (Vec<_>, Vec<_>) = parts.into_iter().partition(is_plain);
    for part in plain {
        take(schema, part);
    }
    if let [only] = shaped.as_mut_slice()
        && schema.keys().all(|key| !is_shape(key) || key == "type")
    {
        let is_reference = only.get("$ref").is_some();
        if is_reference {
            schema.shift_remove("type");
        } else if schema.get("type").is_none_or(|ty| only.get("type").is_none_or(|other| ty == other)) {
            return take(schema, std::mem::take(only));
        }
    }
    if !shaped.is_empty() {
        schema.insert("allOf".to_owned(), Value::Array(shaped));
    }
}

/// Adds the keywords of a part that the schema does not have.
fn take(schema: &mut Map<String, Value>, part: Value) {
    if let Value::Object(part) = part {
        for (key, value) in part {
            schema.entry(key).or_insert(value);
        }
    }
}
