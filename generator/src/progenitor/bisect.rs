//! Finds the parts of a request that progenitor fails on. Progenitor rejects the whole document because of one part,
//! and says at best what is wrong, but not where.
//!
//! Halves are tried in turn, each with the schemas it depends on, until single parts are left. A schema that fails is
//! replaced by one of any JSON, so that its dependents can be tried as well. For `k` failing parts among `n` this takes
//! about `k·log n` runs of progenitor, most of them small, and none if nothing fails.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::request::{self, Request};
use super::{Refusal, generate};

/// A part of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// A named schema.
    Schema(String),
    /// A type of slots, by its index in the request.
    Type(usize),
}

/// Finds the parts that make a request fail, and removes them from the request.
pub(super) fn find(request: &mut Request) -> Vec<(Part, Refusal)> {
    let parts = parts(request);
    let mut search = Search { request, refused: Vec::new() };
    search.narrow(&parts);
    search.refused
}

struct Search<'a> {
    request: &'a mut Request,
    refused: Vec<(Part, Refusal)>,
}

impl Search<'_> {
    fn narrow(&mut self, parts: &[Part]) {
        let Err(refusal) = generate(only(self.request, parts)) else { return };
        match parts {
            [] => {}
            [part] => self.take_out(part, refusal),
            _ => {
                let (first, second) = parts.split_at(parts.len() / 2);
                self.narrow(first);
                self.narrow(second);
            }
        }
    }

    fn take_out(&mut self, part: &Part, refusal: Refusal) {
        match part {
            Part::Schema(name) => {
                self.request.schemas_mut().insert(name.clone(), json!({}));
            }
            Part::Type(index) => self.request.remove(*index),
        }
        self.refused.push((part.clone(), refusal));
    }
}

/// Returns the schemas, each after its dependencies unless they form a cycle, and then the types.
fn parts(request: &Request) -> Vec<Part> {
    let all = request.schemas();
    let needs: BTreeMap<&str, BTreeSet<&str>> =
        all.iter().map(|(name, schema)| (name.as_str(), references(schema))).collect();
    let mut ordered = Vec::with_capacity(all.len());
    let mut seen = BTreeSet::new();
    for name in all.keys() {
        // An explicit stack, because chains of schemas can be long.
        let mut open = vec![(name.as_str(), false)];
        while let Some((name, is_done)) = open.pop() {
            if is_done {
                ordered.push(Part::Schema(name.to_owned()));
            } else if seen.insert(name) {
                open.push((name, true));
                let below = needs.get(name).into_iter().flatten();
                open.extend(below.filter(|name| needs.contains_key(*name)).map(|name| (*name, false)));
            }
        }
    }
    ordered.extend(request.types().map(|(index, ..)| Part::Type(index)));
    ordered
}

/// Returns a document with only the given parts and the schemas they depend on.
fn only(request: &Request, parts: &[Part]) -> Value {
    let all = request.schemas();
    let mut wanted: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = Vec::new();
    let is_wanted = |index| parts.contains(&Part::Type(index));
    let types: Vec<_> = request.types().filter(|(index, ..)| is_wanted(*index)).collect();
    open.extend(types.iter().flat_map(|(_, _, schema)| references(schema)));
    open.extend(parts.iter().filter_map(|part| match part {
        Part::Schema(name) => Some(name.as_str()),
        Part::Type(_) => None,
    }));
    while let Some(name) = open.pop() {
        if let Some(schema) = all.get(name).filter(|_| wanted.insert(name)) {
            open.extend(references(schema));
        }
    }
    let schemas = all.iter().filter(|(name, _)| wanted.contains(name.as_str()));
    let schemas: Map<_, _> = schemas.map(|(name, schema)| (name.clone(), schema.clone())).collect();
    request::document(types.into_iter(), &schemas)
}

/// Returns the names of the schemas that a value refers to.
fn references(value: &Value) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) => {
                let reference = object.get("$ref").and_then(Value::as_str);
                names.extend(reference.and_then(|reference| reference.rsplit('/').next()));
                open.extend(object.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::SlotRole;

    fn property(name: &str) -> Value {
        json!({ "type": "object", "properties": { "next": { "$ref": format!("#/components/schemas/{name}") } } })
    }

    #[test]
    fn panics_are_traced_to_schemas_and_types() {
        let bad = json!({ "not": { "type": "object", "properties": { "a": { "type": "string" } } } });
        let schemas =
            json!({ "A": property("B"), "B": property("Bad"), "Bad": bad, "C": property("A"), "D": property("D") });
        let schemas = schemas.as_object().expect("an object").clone();
        let types = [property("A"), bad].map(|schema| Some((SlotRole::Response, schema)));
        let mut request = Request::new(schemas, types.into());
        let found = find(&mut request);
        let parts: Vec<_> = found.iter().map(|(part, _)| part.clone()).collect();
        assert_eq!(parts, [Part::Schema("Bad".to_owned()), Part::Type(1)]);
        assert!(found.iter().all(|(_, refusal)| refusal.verb == "progenitor panicked on"));
        assert!(generate(request.document()).is_ok());
    }
}
