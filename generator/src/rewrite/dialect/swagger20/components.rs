//! Moves the shared parts of a document to `components`, and points references at them.
//!
//! `definitions: {User: …}` → `components: {schemas: {User: …}}`
//! `$ref: '#/definitions/User'` → `$ref: '#/components/schemas/User'`

use serde_json::Value;

use super::Object;
use crate::document::{Pointer, is_data};
use crate::rewrite::Log;

/// The places of shared parts in Swagger 2.0, and in the `components` of OpenAPI 3.0.
const MOVED: [(&str, &str); 4] = [
    ("definitions", "schemas"),
    ("parameters", "parameters"),
    ("responses", "responses"),
    ("securityDefinitions", "securitySchemes"),
];

/// Keys whose values are objects with arbitrary keys.
const NAMED: [&str; 9] = [
    "properties",
    "responses",
    "definitions",
    "parameters",
    "schemas",
    "paths",
    "headers",
    "securitySchemes",
    "content",
];

pub(super) fn run(document: &mut Value, log: &mut Log) {
    let Value::Object(root) = document else { return };
    let mut components = Object::new();
    for (from, to) in MOVED {
        if let Some(part) = root.shift_remove(from) {
            log.moved(Pointer::root().join(from), Pointer::root().join("components").join(to));
            components.insert(to.to_owned(), part);
        }
    }
    if !components.is_empty() {
        root.insert("components".to_owned(), Value::Object(components));
    }
    redirect(document, false);
}

/// Points all references below a value at the new places. `has_names` states whether the keys of the value are names.
fn redirect(value: &mut Value, has_names: bool) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| redirect(item, false)),
        Value::Object(object) => {
            for (key, part) in object {
                if has_names {
                    redirect(part, false);
                } else if let ("$ref", Value::String(target)) = (key.as_str(), &mut *part) {
                    if let Some(moved) = moved(target) {
                        *target = moved;
                    }
                } else if !is_data(key) && !key.starts_with("x-") {
                    redirect(part, NAMED.contains(&key.as_str()));
                }
            }
        }
        _ => {}
    }
}

fn moved(target: &str) -> Option<String> {
    MOVED.iter().find_map(|(from, to)| {
        let rest = target.strip_prefix("#/")?.strip_prefix(from)?.strip_prefix('/')?;
        Some(format!("#/components/{to}/{rest}"))
    })
}
