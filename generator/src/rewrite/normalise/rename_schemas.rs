//! Renames schemas to the names that their types have in Rust.
//!
//! `user_account: …`, `$ref: '#/components/schemas/user_account'` → `UserAccount: …`, `$ref: '#/components/schemas/UserAccount'`

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::Log;
use crate::document::{Document, Pointer, holds_names, is_data};
use crate::naming::{PRELUDE, pascal, unique};
use crate::openapi::NAME_OVERRIDE;

/// The new names, by the old names.
type Names = BTreeMap<String, String>;

const SCHEMAS: &str = "#/components/schemas/";

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    let schemas = document.root().at(&["components", "schemas"]);
    let mut taken: BTreeSet<String> = PRELUDE.map(str::to_owned).into();
    let (stated, others): (Vec<_>, Vec<_>) = schemas
        .iter()
        .flat_map(crate::document::Node::entries)
        .partition(|(_, schema)| schema.text(NAME_OVERRIDE).is_some());
    let stated = stated.into_iter().map(|(name, schema)| (name, schema.text(NAME_OVERRIDE).unwrap_or(name)));
    // Stated names come first, because they are the author's.
    let wanted: Vec<_> = stated.chain(others.into_iter().map(|(name, _)| (name, name))).collect();
    let names: Names =
        wanted.into_iter().map(|(name, wanted)| (name.to_owned(), unique(pascal(wanted), &mut taken))).collect();
    let value = value.to_mut();
    rename_references(value, &names, false);
    let Some(Value::Object(schemas)) = value.pointer_mut("/components/schemas") else {
        return;
    };
    let place = Pointer::root().join("components").join("schemas");
    let mut moved = Vec::new();
    let renamed = std::mem::take(schemas).into_iter().map(|(name, mut schema)| {
        if let Value::Object(schema) = &mut schema {
            schema.shift_remove(NAME_OVERRIDE);
        }
        let new = names.get(&name).cloned().unwrap_or_else(|| pascal(&name));
        if new != name {
            moved.push((place.join(name), place.join(&new)));
        }
        (new, schema)
    });
    *schemas = renamed.collect::<Map<_, _>>();
    log.moved_at_once(moved);
}

/// Renames references. `are_names` is whether the keys are property names, which may equal keywords.
fn rename_references(value: &mut Value, names: &Names, are_names: bool) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get_mut("$ref") {
                rename(reference, names);
            }
            for (key, child) in object.iter_mut() {
                match (key.as_str(), child) {
                    ("mapping", Value::Object(mapping)) if !are_names => {
                        mapping.values_mut().for_each(|target| rename_mapping(target, names));
                    }
                    (key, _) if !are_names && is_data(key) => {}
                    (key, child) => rename_references(child, names, !are_names && holds_names(key)),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename_references(item, names, false)),
        _ => {}
    }
}

fn rename(reference: &mut String, names: &Names) {
    if let Some(name) = reference.strip_prefix(SCHEMAS) {
        let target = Pointer::from_reference(reference).and_then(|target| target.last());
        let new = target.and_then(|target| names.get(&target)).cloned().unwrap_or_else(|| pascal(name));
        *reference = format!("{SCHEMAS}{new}");
    }
}

/// Renames the target of a mapping, which may be a bare schema name.
fn rename_mapping(target: &mut Value, names: &Names) {
    if let Value::String(text) = target {
        if !text.contains('/') {
            *text = format!("{SCHEMAS}{text}");
        }
        rename(text, names);
    }
}
