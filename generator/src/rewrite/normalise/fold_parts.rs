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
use crate::document::{Document, Node, Pointer};
use crate::openapi::{BINARY_OR_STRING, schema_nodes};

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    // Nested schemas come first, so that the parts of a schema are already merged when it is looked at.
    for node in schema_nodes(document).iter().filter(|schema| has_parts(schema)) {
        let place = node.pointer();
        let Some(Value::Object(schema)) = value.to_mut().pointer_mut(place.as_str()) else { continue };
        fold_null(schema);
        fold_union(schema, "oneOf", place, log);
        fold_union(schema, "anyOf", place, log);
        fold_intersection(schema, place, log);
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
fn fold_union(schema: &mut Map<String, Value>, key: &str, place: &Pointer, log: &mut Log) {
    let Some(Value::Array(members)) = schema.get(key) else { return };
    let mut kept: Vec<(usize, Value)> = Vec::with_capacity(members.len());
    for (index, member) in members.iter().enumerate().filter(|(_, member)| !is_null(member)) {
        match kept.iter_mut().find(|(_, earlier)| is_same(earlier, member)) {
            Some((_, Value::Object(earlier))) => keep_common(earlier, member),
            _ => kept.push((index, member.clone())),
        }
    }
    // A union accepts null if one of its members does.
    if members.iter().any(|member| is_null(member) || is_nullable(member)) {
        schema.insert("nullable".to_owned(), Value::Bool(true));
        for (_, member) in &mut kept {
            if let Value::Object(member) = member {
                member.shift_remove("nullable");
            }
        }
    }
    let list = place.join(key);
    if let Some(values) = common_enum(&kept) {
        schema.shift_remove(key);
        schema.insert("type".to_owned(), Value::from("string"));
        schema.insert("enum".to_owned(), Value::Array(values));
        log.kept(&list, Vec::new());
    } else if kept.len() > 1 {
        // `number` goes last: a string is parsed as the first member that accepts it, and `number` accepts integers too.
        kept.sort_by_key(|(_, member)| member.get("type").is_some_and(|ty| ty == "number"));
        let (indices, kept) = kept.into_iter().unzip();
        schema.insert(key.to_owned(), Value::Array(kept));
        log.kept(&list, indices);
    } else {
        schema.shift_remove(key);
        let parts = schema.entry("allOf").or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(parts) = parts {
            for (index, only) in kept {
                log.moved(list.join(index), place.join("allOf").join(parts.len()));
                parts.push(only);
            }
        }
    }
}

/// Whether a member that is not a reference accepts null besides other values.
fn is_nullable(member: &Value) -> bool {
    member.get("$ref").is_none() && member.get("nullable") == Some(&Value::Bool(true))
}

/// Returns the values of all members, if all members are string enums.
fn common_enum(members: &[(usize, Value)]) -> Option<Vec<Value>> {
    let values = |member: &Value| {
        let is_text = member.get("type").is_some_and(|ty| ty == "string");
        member.get("enum").and_then(Value::as_array).filter(|_| is_text).cloned()
    };
    let all: Vec<_> = members.iter().map(|(_, member)| values(member)).collect::<Option<_>>()?;
    (all.len() > 1).then(|| all.into_iter().flatten().collect())
}

/// Keeps only what both members say, because the rest need not hold for values of the other one. A part of a multipart body
/// that is bytes or a string differs from one that is a string.
fn keep_common(earlier: &mut Map<String, Value>, member: &Value) {
    let is_binary = |format: Option<&Value>| format.is_some_and(|format| format == "binary");
    let is_marked = earlier.contains_key(BINARY_OR_STRING) || member.get(BINARY_OR_STRING).is_some();
    let is_either = is_marked || is_binary(earlier.get("format")) != is_binary(member.get("format"));
    earlier.retain(|key, value| is_shape(key) || key == "nullable" || member.get(key) == Some(value));
    if is_either {
        earlier.insert(BINARY_OR_STRING.to_owned(), true.into());
    }
}

fn fold_intersection(schema: &mut Map<String, Value>, place: &Pointer, log: &mut Log) {
    let Some(Value::Array(parts)) = schema.shift_remove("allOf") else { return };
    let list = place.join("allOf");
    let is_plain = |part: &Value| part.as_object().is_some_and(|part| !gives_shape(part));
    let (plain, mut shaped): (Vec<_>, Vec<_>) = parts.into_iter().enumerate().partition(|(_, part)| is_plain(part));
    for (index, part) in plain {
        take(schema, part, &list.join(index), place, log);
    }
    if let [(index, only)] = shaped.as_mut_slice()
        && schema.keys().all(|key| !is_shape(key) || key == "type")
    {
        let is_reference = only.get("$ref").is_some();
        if is_reference {
            schema.shift_remove("type");
        } else if schema.get("type").is_none_or(|ty| only.get("type").is_none_or(|other| ty == other)) {
            return take(schema, std::mem::take(only), &list.join(*index), place, log);
        }
    }
    let (indices, shaped): (Vec<_>, Vec<_>) = shaped.into_iter().unzip();
    log.kept(&list, indices);
    if !shaped.is_empty() {
        schema.insert("allOf".to_owned(), Value::Array(shaped));
    }
}

/// Adds the keywords of a part that the schema does not have.
fn take(schema: &mut Map<String, Value>, part: Value, from: &Pointer, place: &Pointer, log: &mut Log) {
    if let Value::Object(part) = part {
        for (key, value) in part {
            if !schema.contains_key(&key) {
                log.moved(from.join(&key), place.join(&key));
                schema.insert(key, value);
            }
        }
    }
}
