//! Breaks cycles between a union and its members: a member that extends the union gets what all members share instead.
//!
//! `Pet: {properties: {name: …}, oneOf: [Cat]}`, `Cat: {allOf: [Pet, {properties: {lives: …}}]}` →
//! `Cat: {allOf: [{properties: {name: …}}, {properties: {lives: …}}]}`
//!
//! A value of `Cat` is a `Pet` because it is a `Cat`, so that part adds nothing, and expanding it would not terminate.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Log;
use crate::cycles::{Cycles, target};
use crate::document::{Document, Pointer};

/// Keywords that describe a schema itself, not the schemas composed of it.
const WORDS: [&str; 4] = ["title", "description", "example", "externalDocs"];

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    let Some(Value::Object(schemas)) = document.value().pointer("/components/schemas") else { return };
    let cycles = Cycles::of(schemas);
    for (name, schema) in schemas {
        let Some(parts) = schema.get("allOf").and_then(Value::as_array) else { continue };
        let is_circular = |part: &Value| target(part).is_some_and(|part| cycles.leads(part, name));
        if !parts.iter().any(is_circular) {
            continue;
        }
        let shared = Shared { schemas, cycles: &cycles, name };
        let place = Pointer::root().join("components").join("schemas").join(name).join("allOf");
        let mut kept = Vec::with_capacity(parts.len());
        let mut indices = Vec::with_capacity(parts.len());
        for (index, part) in parts.iter().enumerate() {
            if let Some(part) = shared.part(part, &mut BTreeSet::new()) {
                indices.push(index);
                kept.push(part);
            }
        }
        if let Some(Value::Object(schema)) =
            value.to_mut().pointer_mut("/components/schemas").and_then(|all| all.get_mut(name))
        {
            if kept.is_empty() {
                schema.shift_remove("allOf");
            } else {
                schema.insert("allOf".to_owned(), Value::Array(kept));
            }
        }
        log.kept(&place, indices);
    }
}

struct Shared<'a> {
    schemas: &'a Map<String, Value>,
    cycles: &'a Cycles<'a>,
    /// The name of the member.
    name: &'a str,
}

impl Shared<'_> {
    /// Returns a part of the member without references back to the member. `None` if nothing else is left.
    fn part(&self, part: &Value, seen: &mut BTreeSet<String>) -> Option<Value> {
        let Some(name) = target(part).filter(|name| self.cycles.leads(name, self.name)) else {
            return Some(part.clone());
        };
        if !seen.insert(name.to_owned()) {
            return None;
        }
        let schema = self.schemas.get(name)?;
        if target(schema).is_some() {
            return self.part(schema, seen);
        }
        let mut schema = schema.as_object()?.clone();
        schema.retain(|key, _| {
            !WORDS.contains(&key.as_str()) && !matches!(key.as_str(), "oneOf" | "anyOf" | "discriminator")
        });
        if let Some(Value::Array(parts)) = schema.shift_remove("allOf") {
            let parts: Vec<Value> = parts.iter().filter_map(|part| self.part(part, seen)).collect();
            if !parts.is_empty() {
                schema.insert("allOf".to_owned(), Value::Array(parts));
            }
        }
        (!schema.is_empty()).then_some(Value::Object(schema))
    }
}
