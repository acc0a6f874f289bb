//! Traverses all schemas of a document. Shared by the rewrites, and independent of any of them.

use serde_json::{Map, Value};

use crate::document::{Pointer, holds_free_names};

/// A schema that is an object.
pub(super) type Schema = Map<String, Value>;

/// Keywords whose value is a schema.
const ONE: [&str; 12] = [
    "items",
    "additionalProperties",
    "additionalItems",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "unevaluatedProperties",
    "unevaluatedItems",
    "contentSchema",
];
/// Keywords whose value is an array of schemas.
const LISTS: [&str; 5] = ["allOf", "oneOf", "anyOf", "prefixItems", "items"];
/// Keywords whose value is an object of schemas, with arbitrary keys.
const MAPS: [&str; 5] = ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"];

/// Keys of a description whose values are objects with arbitrary keys.
pub(super) const NAMED: [&str; 13] = [
    "paths",
    "additionalOperations",
    "pathItems",
    "parameters",
    "responses",
    "headers",
    "requestBodies",
    "callbacks",
    "links",
    "content",
    "encoding",
    "variables",
    "securitySchemes",
];

/// Applies `change` to every schema that is an object, inner schemas first.
pub(super) fn each(document: &mut Value, mut change: impl FnMut(&mut Schema, &Pointer)) {
    each_slot(document, &mut |slot, place| {
        if let Value::Object(schema) = slot {
            change(schema, place);
        }
    });
}

/// Applies `change` to every value where a schema is expected, inner values first.
pub(super) fn each_slot(document: &mut Value, change: &mut dyn FnMut(&mut Value, &Pointer)) {
    let Value::Object(root) = document else { return };
    let root_place = Pointer::root();
    for (key, part) in root {
        let place = root_place.join(key);
        match key.as_str() {
            "paths" => named(part, false, &place, change),
            "components" => components(part, &place, change),
            "x-speakeasy-globals" => described(part, &place, change),
            "$defs" | "definitions" => schema_map(part, &place, change),
            _ => {}
        }
    }
}

fn components(components: &mut Value, place: &Pointer, change: &mut dyn FnMut(&mut Value, &Pointer)) {
    for (key, part) in entries(components) {
        let place = place.join(key);
        match key.as_str() {
            "schemas" => schema_map(part, &place, change),
            "examples" => {}
            _ => named(part, true, &place, change),
        }
    }
}

/// Looks for schemas in a part of the description that is not a schema itself.
fn described(part: &mut Value, place: &Pointer, change: &mut dyn FnMut(&mut Value, &Pointer)) {
    if let Value::Array(items) = part {
        for (index, item) in items.iter_mut().enumerate() {
            described(item, &place.join(index), change);
        }
        return;
    }
    for (key, part) in entries(part) {
        let place = place.join(key);
        match key.as_str() {
            "schema" => schema(part, &place, change),
            "example" | "examples" => {}
            key if key.starts_with("x-") => {}
            key if part.is_object() && NAMED.contains(&key) => named(part, holds_free_names(key), &place, change),
            _ => described(part, &place, change),
        }
    }
}

/// Looks for schemas in the members of an object with arbitrary keys. `are_free` is whether one that starts with `x-` is a name too.
fn named(part: &mut Value, are_free: bool, place: &Pointer, change: &mut dyn FnMut(&mut Value, &Pointer)) {
    for (name, part) in entries(part).filter(|(name, _)| are_free || !name.starts_with("x-")) {
        described(part, &place.join(name), change);
    }
}

fn schema_map(map: &mut Value, place: &Pointer, change: &mut dyn FnMut(&mut Value, &Pointer)) {
    for (name, part) in entries(map) {
        schema(part, &place.join(name), change);
    }
}

fn schema(slot: &mut Value, place: &Pointer, change: &mut dyn FnMut(&mut Value, &Pointer)) {
    for (key, part) in entries(slot) {
        let is_schema = part.is_object() || part.is_boolean();
        let below = place.join(key);
        if ONE.contains(&key.as_str()) && is_schema {
            schema(part, &below, change);
        } else if MAPS.contains(&key.as_str()) {
            schema_map(part, &below, change);
        } else if LISTS.contains(&key.as_str()) {
            for (index, part) in part.as_array_mut().into_iter().flatten().enumerate() {
                schema(part, &below.join(index), change);
            }
        }
    }
    change(slot, place);
}

fn entries(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flatten()
}
