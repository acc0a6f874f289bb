//! Names the target of a reference that leads inside another part of the document.
//!
//! `$ref: '#/components/schemas/User/properties/address'` → `$ref: '#/components/schemas/UserAddress'`, which becomes a
//! named schema that the property refers to as well.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Log;
use crate::document::{Document, Pointer, holds_names, is_data};
use crate::naming::{pascal, unique};

const SCHEMAS: &str = "/components/schemas/";

pub(super) fn run(_: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    let mut targets = BTreeSet::new();
    collect(value, &mut targets);
    targets.retain(|target| value.pointer(target).is_some_and(Value::is_object));
    if targets.is_empty() {
        return;
    }
    let schemas = value.pointer("/components/schemas").and_then(Value::as_object);
    let mut taken: BTreeSet<String> = schemas.into_iter().flatten().map(|(name, _)| pascal(name)).collect();
    let names: BTreeMap<String, String> =
        targets.iter().map(|target| (target.clone(), unique(name(target), &mut taken))).collect();
    let value = value.to_mut();
    rename(value, &names);
    // Nested targets are moved first, so that the target around them contains the reference to them.
    for (target, name) in names.iter().rev() {
        let Some(slot) = value.pointer_mut(target) else { continue };
        let schema = std::mem::replace(slot, json!({ "$ref": format!("#{SCHEMAS}{name}") }));
        let place = Pointer::root().join("components").join("schemas").join(name);
        log.copied(Pointer::at(target), place);
        let components = value.as_object_mut().map(|root| root.entry("components").or_insert_with(|| json!({})));
        let schemas = components
            .and_then(Value::as_object_mut)
            .map(|components| components.entry("schemas").or_insert_with(|| json!({})));
        if let Some(schemas) = schemas.and_then(Value::as_object_mut) {
            schemas.insert(name.clone(), schema);
        }
    }
}

/// Returns `UserAddress` for `/components/schemas/User/properties/address`.
fn name(target: &str) -> String {
    let words = target.split('/').map(|word| word.replace("~1", " ").replace("~0", " "));
    let noise = ["components", "schemas", "properties", "paths", "content", "schema", "responses"];
    let words: Vec<_> = words.filter(|word| !noise.contains(&word.as_str())).collect();
    pascal(&words.join(" "))
}

fn is_deep(pointer: &str) -> bool {
    let depth = pointer.matches('/').count();
    (pointer.starts_with(SCHEMAS) && depth > 3)
        || ["/paths/", "/components/responses/", "/components/requestBodies/", "/components/parameters/"]
            .iter()
            .any(|root| pointer.starts_with(root) && (pointer.contains("/schema/") || pointer.ends_with("/schema")))
}

fn collect(value: &Value, targets: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            let reference = object.get("$ref").and_then(Value::as_str).and_then(Pointer::from_reference);
            targets.extend(reference.map(|target| target.as_str().to_owned()).filter(|target| is_deep(target)));
            for (key, part) in object {
                match (key.as_str(), part) {
                    (key, Value::Object(parts)) if holds_names(key) => {
                        parts.values().for_each(|part| collect(part, targets));
                    }
                    (key, _) if is_data(key) => {}
                    (_, part) => collect(part, targets),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, targets)),
        _ => {}
    }
}

fn rename(value: &mut Value, names: &BTreeMap<String, String>) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get_mut("$ref")
                && let Some(name) = Pointer::from_reference(reference).and_then(|target| names.get(target.as_str()))
            {
                *reference = format!("#{SCHEMAS}{name}");
            }
            for (key, part) in object {
                match (key.as_str(), part) {
                    (key, Value::Object(parts)) if holds_names(key) => {
                        parts.values_mut().for_each(|part| rename(part, names));
                    }
                    (key, _) if is_data(key) => {}
                    (_, part) => rename(part, names),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        _ => {}
    }
}
