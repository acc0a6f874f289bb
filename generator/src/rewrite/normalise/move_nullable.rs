//! Moves `nullable` from a named schema to the references to it, because a named type itself is never null.
//!
//! `Color: {type: string, nullable: true, enum: […]}`, `color: {$ref: '#/components/schemas/Color'}` →
//! `Color: {type: string, enum: […]}`, `color: {nullable: true, allOf: [{$ref: '#/components/schemas/Color'}]}`

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::Log;
use crate::document::{Document, Node, holds_names, is_data};
use crate::openapi::union_members;

const SCHEMAS: &str = "#/components/schemas/";

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, _: &mut Log) {
    let schemas = document.root().at(&["components", "schemas"]);
    let nullable = schemas.iter().flat_map(Node::entries).filter(|(_, schema)| schema.is_true("nullable"));
    let names: BTreeSet<String> = nullable.map(|(name, _)| name.to_owned()).collect();
    if names.is_empty() {
        return;
    }
    let names = with_their_unions(schemas.as_ref(), names);
    let value = value.to_mut();
    if let Some(Value::Object(schemas)) = value.pointer_mut("/components/schemas") {
        for (_, schema) in schemas.iter_mut().filter(|(name, _)| names.contains(*name)) {
            if let Value::Object(schema) = schema {
                schema.shift_remove("nullable");
            }
        }
    }
    mark_references(value, &names, false);
}

/// Adds the unions that have a nullable member, because they are nullable themselves.
fn with_their_unions(schemas: Option<&Node<'_>>, mut names: BTreeSet<String>) -> BTreeSet<String> {
    let unions: Vec<_> = schemas
        .into_iter()
        .flat_map(Node::entries)
        .filter_map(|(name, schema)| Some((name, union_members(&schema)?)))
        .collect();
    loop {
        let known = names.len();
        for (name, members) in &unions {
            if members
                .items()
                .any(|member| member.value().get("$ref").is_some_and(|reference| is_one_of(reference, &names)))
            {
                names.insert((*name).to_owned());
            }
        }
        if names.len() == known {
            return names;
        }
    }
}

/// Marks references to nullable schemas. `are_names` is whether the keys are property names, which may equal keywords.
fn mark_references(value: &mut Value, names: &BTreeSet<String>, are_names: bool) {
    match value {
        Value::Object(object) => {
            if object.get("$ref").is_some_and(|reference| is_one_of(reference, names)) {
                let reference = std::mem::take(value);
                *value = json!({ "nullable": true, "allOf": [reference] });
                return;
            }
            if annotated(object).is_some_and(|reference| is_one_of(reference, names)) {
                // An explicit `nullable: false` is the author's statement that this use is never null.
                object.entry("nullable").or_insert(Value::Bool(true));
                return;
            }
            for (key, child) in object.iter_mut() {
                match (key.as_str(), child) {
                    ("oneOf" | "anyOf" | "allOf", Value::Array(parts)) if !are_names => mark_parts(parts, names),
                    (key, child) if are_names || !is_data(key) => {
                        mark_references(child, names, !are_names && holds_names(key));
                    }
                    _ => {}
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mark_references(item, names, false)),
        _ => {}
    }
}

/// Marks the references in members of a union and in parts of an intersection. These are types themselves, not uses of a type.
fn mark_parts(parts: &mut [Value], names: &BTreeSet<String>) {
    for part in parts {
        let is_reference = part.as_object().is_some_and(|part| part.contains_key("$ref") || annotated(part).is_some());
        if !is_reference {
            mark_references(part, names, false);
        }
    }
}

/// Returns the reference of a schema that only annotates it.
fn annotated(schema: &Map<String, Value>) -> Option<&Value> {
    match schema.get("allOf")?.as_array()?.as_slice() {
        [only] => only.get("$ref"),
        _ => None,
    }
}

fn is_one_of(reference: &Value, names: &BTreeSet<String>) -> bool {
    let name = reference.as_str().and_then(|reference| reference.strip_prefix(SCHEMAS));
    name.is_some_and(|name| names.contains(name))
}
