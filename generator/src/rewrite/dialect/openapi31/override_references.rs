//! Replaces a reference to a parameter, body, response or header that overrides its description by a copy with the
//! override.
//!
//! `{$ref: '#/components/parameters/page', description: Counts from one}` → `{name: page, in: query, description: …}`

use serde_json::{Map, Value};

use super::Log;
use crate::document::Pointer;

/// The sections of `components` that such a reference can lead to.
const SECTIONS: [&str; 4] = ["parameters", "requestBodies", "responses", "headers"];
/// Keywords that may override those of the target (OpenAPI 3.1, "Reference Object").
const WORDS: [&str; 2] = ["summary", "description"];

pub(super) fn run(document: &mut Value, log: &mut Log) {
    let Some(components) = document.get("components").cloned() else { return };
    if let Some(paths) = document.get_mut("paths") {
        walk(paths, &Pointer::root().join("paths"), &components, log);
    }
}

fn walk(value: &mut Value, place: &Pointer, components: &Value, log: &mut Log) {
    match value {
        Value::Object(object) => {
            if let Some((target, copy)) = overridden(object, components) {
                for key in copy.keys().filter(|key| !object.contains_key(*key)) {
                    log.copied(target.join(key), place.join(key));
                }
                *object = copy;
                return;
            }
            for (key, part) in object.iter_mut().filter(|(key, _)| !is_other(key)) {
                walk(part, &place.join(key), components, log);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                walk(item, &place.join(index), components, log);
            }
        }
        _ => {}
    }
}

/// Whether the values of a key are data, or schemas, whose references `reference_siblings` handles.
fn is_other(key: &str) -> bool {
    matches!(key, "schema" | "example" | "examples") || key.starts_with("x-")
}

fn overridden(object: &Map<String, Value>, components: &Value) -> Option<(Pointer, Map<String, Value>)> {
    let words: Vec<_> = object.iter().filter(|(key, _)| WORDS.contains(&key.as_str())).collect();
    let target = Pointer::from_reference(object.get("$ref")?.as_str()?).filter(|_| !words.is_empty())?;
    let below = target.as_str().strip_prefix("/components")?;
    SECTIONS.iter().find(|section| below.strip_prefix('/').is_some_and(|rest| rest.starts_with(**section)))?;
    let mut copy = components.pointer(below)?.as_object()?.clone();
    copy.get("$ref").is_none().then_some(())?;
    copy.extend(words.into_iter().map(|(key, word)| (key.clone(), word.clone())));
    Some((target, copy))
}
