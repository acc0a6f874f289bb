//! Lets a merge patch (`application/merge-patch+json`, RFC 7396) remove optional properties, by sending `null` for them.
//!
//! `User: {required: [id], properties: {id: {type: string}, name: {type: string, default: a}}}` →
//! `User: {required: [id], properties: {id: {type: string}, name: {type: string, nullable: true}}}`
//!
//! This includes objects in properties, and the values of maps. A default is dropped, because a property that is absent
//! from a patch does not change. A schema that is also used elsewhere stays as it is, and the patch gets a copy of it,
//! `UserPatch`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::Log;
use crate::cycles::target;
use crate::document::{Document, Pointer};
use crate::naming::unique;
use crate::openapi::media::essence;
use crate::openapi::{body_media, operations};

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    let Some(Value::Object(schemas)) = document.value().pointer("/components/schemas") else { return };
    let bodies: Vec<Pointer> = operations(document)
        .iter()
        .filter_map(|site| {
            let (name, media) = body_media(&site.node.at(&["requestBody", "content"])?)?;
            let schema = media.get("schema").filter(|_| essence(name) == "application/merge-patch+json")?;
            Some(schema.pointer().clone())
        })
        .collect();
    let roots = bodies.iter().filter_map(|place| used(document.value().pointer(place.as_str())?));
    let patches = without_unchanged(schemas, &objects(schemas, roots));
    if patches.is_empty() {
        return;
    }
    let elsewhere = used_elsewhere(document.value(), schemas, &bodies, &patches);
    let mut taken: BTreeSet<String> = schemas.keys().cloned().collect();
    let names: BTreeMap<&str, String> = patches
        .iter()
        .map(|name| {
            let is_shared = elsewhere.contains(*name);
            (*name, if is_shared { unique(format!("{name}Patch"), &mut taken) } else { (*name).to_owned() })
        })
        .collect();
    let changed: Vec<(&str, &String, Value)> = names
        .iter()
        .filter_map(|(name, new)| {
            let schema = schemas.get(*name)?;
            let mut changed = schema.clone();
            allow_null(&mut changed, &names);
            (changed != *schema || *name != new).then_some((*name, new, changed))
        })
        .collect();
    if changed.is_empty() {
        return;
    }
    let value = value.to_mut();
    for place in &bodies {
        if let Some(schema) = value.pointer_mut(place.as_str()) {
            rename(schema, &names);
        }
    }
    let Some(Value::Object(all)) = value.pointer_mut("/components/schemas") else { return };
    for (name, new, schema) in changed {
        if name != new {
            let place = Pointer::root().join("components").join("schemas");
            log.copied(place.join(name), place.join(new));
        }
        all.insert(new.clone(), schema);
    }
}

/// Returns the name of the schema that a reference leads to, also if annotations are beside the reference.
fn used(schema: &Value) -> Option<&str> {
    target(schema).or_else(|| match schema.get("allOf")?.as_array()?.as_slice() {
        [only] => target(only),
        _ => None,
    })
}

/// Returns the names of these schemas and of those in their properties, as far as they are plain objects.
fn objects<'a>(schemas: &'a Map<String, Value>, roots: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<_> = roots.collect();
    while let Some(name) = open.pop() {
        let Some(schema) = schemas.get(name).filter(|schema| is_plain_object(schema)) else { continue };
        if found.insert(name) {
            open.extend(below(schema).filter_map(used));
        }
    }
    found
}

/// Leaves out the objects in which nothing can become nullable, neither in them nor in the objects in their properties.
fn without_unchanged<'a>(schemas: &'a Map<String, Value>, found: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    let is_changed = |name: &&str| {
        schemas.get(*name).is_some_and(|schema| {
            let mut changed = schema.clone();
            allow_null(&mut changed, &BTreeMap::new());
            changed != *schema
        })
    };
    let mut kept: BTreeSet<&str> = found.iter().copied().filter(is_changed).collect();
    loop {
        let leads = |name: &&str| {
            schemas.get(*name).into_iter().flat_map(below).filter_map(used).any(|below| kept.contains(below))
        };
        let more: Vec<&str> = found.iter().copied().filter(|name| !kept.contains(name)).filter(leads).collect();
        if more.is_empty() {
            return kept;
        }
        kept.extend(more);
    }
}

/// Returns the schemas of the properties of an object, and of its other values.
fn below(schema: &Value) -> impl Iterator<Item = &Value> {
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties.map(|(_, property)| property).chain(schema.get("additionalProperties"))
}

fn is_plain_object(schema: &Value) -> bool {
    let is_compound = ["$ref", "allOf", "oneOf", "anyOf"].iter().any(|key| schema.get(key).is_some());
    schema.get("properties").is_some() && !is_compound
}

/// Returns the names of schemas that something else than these bodies and patches leads to.
fn used_elsewhere<'a>(
    document: &'a Value,
    schemas: &'a Map<String, Value>,
    bodies: &[Pointer],
    patches: &BTreeSet<&str>,
) -> BTreeSet<&'a str> {
    let ignored: Vec<&Value> = bodies.iter().filter_map(|place| document.pointer(place.as_str())).collect();
    let mut names = Vec::new();
    for (key, part) in document.as_object().into_iter().flatten() {
        if key != "components" {
            references(part, &ignored, &mut names);
        }
    }
    for (key, part) in document.get("components").and_then(Value::as_object).into_iter().flatten() {
        if key != "schemas" {
            references(part, &ignored, &mut names);
        }
    }
    // Members of a union and parts of an intersection are read in other places than a patch.
    for part in patches.iter().filter_map(|name| schemas.get(*name)).flat_map(below) {
        if used(part).is_none_or(|name| !patches.contains(name)) {
            references(part, &ignored, &mut names);
        }
    }
    let mut found = BTreeSet::new();
    while let Some(name) = names.pop() {
        if found.insert(name)
            && let Some(schema) = schemas.get(name)
        {
            references(schema, &ignored, &mut names);
        }
    }
    found
}

/// Collects the names of the schemas that a value refers to.
fn references<'a>(value: &'a Value, ignored: &[&Value], names: &mut Vec<&'a str>) {
    if ignored.iter().any(|ignored| std::ptr::eq(*ignored, value)) {
        return;
    }
    match value {
        Value::Object(object) => {
            names.extend(target(value));
            for child in object.values() {
                references(child, ignored, names);
            }
        }
        Value::Array(items) => {
            for item in items {
                references(item, ignored, names);
            }
        }
        _ => {}
    }
}

/// Makes the optional properties of an object nullable, and the values of a map.
fn allow_null(schema: &mut Value, names: &BTreeMap<&str, String>) {
    let required: Vec<String> = schema
        .get("required")
        .and_then(Value::as_array)
        .map_or_else(Vec::new, |names| names.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        for (name, property) in properties {
            rename(property, names);
            if !required.contains(name) {
                make_nullable(property, names);
            }
        }
    }
    if let Some(values @ Value::Object(_)) = schema.get_mut("additionalProperties") {
        rename(values, names);
        make_nullable(values, names);
    }
}

fn make_nullable(schema: &mut Value, names: &BTreeMap<&str, String>) {
    if schema.get("$ref").is_some() {
        let reference = std::mem::take(schema);
        *schema = json!({ "nullable": true, "allOf": [reference] });
        return;
    }
    let Some(object) = schema.as_object_mut() else { return };
    let is_any = !["type", "allOf", "oneOf", "anyOf", "enum"].iter().any(|key| object.contains_key(*key));
    if is_any || object.get("readOnly") == Some(&Value::Bool(true)) {
        // Any value includes `null`, and clients do not send what is read-only.
        return;
    }
    object.shift_remove("default");
    object.insert("nullable".to_owned(), Value::Bool(true));
    if let Some(values @ Value::Object(_)) = object.get_mut("additionalProperties") {
        rename(values, names);
        make_nullable(values, names);
    }
}

/// Lets a reference lead to the copy of a schema, if it has one.
fn rename(schema: &mut Value, names: &BTreeMap<&str, String>) {
    let Some(new) = used(schema).and_then(|name| names.get(name)).cloned() else { return };
    let reference =
        if schema.get("$ref").is_some() { schema.get_mut("$ref") } else { schema.pointer_mut("/allOf/0/$ref") };
    if let Some(reference) = reference {
        *reference = Value::from(format!("#/components/schemas/{new}"));
    }
}
