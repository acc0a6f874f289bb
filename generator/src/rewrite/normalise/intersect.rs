//! Replaces intersections by one schema.
//!
//! `Cat: {allOf: [{$ref: Pet}, {properties: {lives: …}}]}` → `Cat: {type: object, properties: {name: …, lives: …}}`
//!
//! `Pet: {properties: {name: …}, oneOf: [{$ref: Cat}, {$ref: Dog}]}` → `Pet: {oneOf: [{$ref: PetCat}, {$ref: PetDog}]}`, with
//! `PetCat: {type: object, properties: {name: …, lives: …}}` and `PetDog` likewise
//!
//! The last part that gives a property a type determines the property, unless an earlier part is narrower: an enum is kept
//! before or after a plain string. A schema that no single type can represent
//! becomes any JSON, with a warning.

mod combine;
mod parts;

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use self::combine::{Combined, combine};
use super::Log;
use super::shape::is_shape;
use crate::diagnostics::catalogue::{CONTRADICTED_PROPERTY, NO_COMMON_TYPE};
use crate::document::{Document, Node, Pointer};
use crate::naming::unique;

const SCHEMAS: &str = "#/components/schemas/";

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    let place = Pointer::root().join("components").join("schemas");
    let Some(schemas) = document.root().at(&["components", "schemas"]) else { return };
    let mut taken: BTreeSet<String> = schemas.entries().map(|(name, _)| name.to_owned()).collect();
    let mut added = Map::new();
    for (name, schema) in schemas.entries().filter(|(_, schema)| is_several(schema)) {
        let mut contradictions = Vec::new();
        let Some(combined) = combine(&schema, &mut contradictions) else { continue };
        for place in contradictions {
            let message =
                format!("an earlier part describes `{}` of `{name}` differently", place.last().unwrap_or_default());
            log.report(&CONTRADICTED_PROPERTY, place, message);
        }
        let shape = match combined {
            Combined::One(shape) => shape,
            Combined::OneOf { members, discriminator } => {
                let mut names = Vec::with_capacity(members.len());
                for member in members {
                    let word = member.name.strip_prefix(name).unwrap_or(&member.name);
                    let name = unique(format!("{name}{word}"), &mut taken);
                    log.copied(schema.pointer().clone(), place.join(&name));
                    added.insert(name.clone(), Value::Object(member.shape));
                    names.push((member.of, name));
                }
                union(&names, discriminator)
            }
            Combined::Nothing => {
                let message =
                    format!("schema `{name}` combines parts without a common type, so it is typed as any JSON");
                log.report(&NO_COMMON_TYPE, schema.pointer().clone(), message);
                Map::new()
            }
        };
        if let Some(Value::Object(slot)) = value.to_mut().pointer_mut(schema.pointer().as_str()) {
            slot.retain(|key, _| !is_shape(key) && key != "discriminator");
            slot.extend(shape);
        }
    }
    if added.is_empty() {
        return;
    }
    if let Some(Value::Object(schemas)) = value.to_mut().pointer_mut(place.as_str()) {
        schemas.extend(added);
    }
}

/// Whether several parts determine the type of a schema.
fn is_several(schema: &Node<'_>) -> bool {
    let has = |key: &str| schema.get(key).is_some();
    let unions = usize::from(has("oneOf")) + usize::from(has("anyOf"));
    let is_beside = unions > 0 && ["type", "properties", "required", "enum", "items"].into_iter().any(has);
    (has("allOf") && !is_annotated_reference(schema)) || unions > 1 || is_beside
}

fn is_annotated_reference(schema: &Node<'_>) -> bool {
    let parts: Vec<_> = schema.get("allOf").iter().flat_map(Node::items).collect();
    let is_alone = schema.entries().all(|(key, _)| key == "allOf" || !is_shape(key));
    is_alone && matches!(parts.as_slice(), [only] if only.text("$ref").is_some())
}

/// Returns the union of named schemas. Each name comes with the reference to the original member, if there is one.
fn union(names: &[(Option<String>, String)], discriminator: Option<Value>) -> Map<String, Value> {
    let reference = |name: &str| format!("{SCHEMAS}{name}");
    let mut union = Map::new();
    union.insert("oneOf".to_owned(), names.iter().map(|(_, name)| json!({ "$ref": reference(name) })).collect());
    if let Some(mut discriminator) = discriminator {
        if let Some(Value::Object(mapping)) = discriminator.get_mut("mapping") {
            for target in mapping.values_mut() {
                if let Some((_, name)) = names.iter().find(|(of, _)| of.as_deref() == target.as_str()) {
                    *target = Value::String(reference(name));
                }
            }
        }
        union.insert("discriminator".to_owned(), discriminator);
    }
    union
}
