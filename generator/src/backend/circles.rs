//! Schemas that have no end: what progenitor follows until the stack is full, which nothing can catch.
//!
//! It takes intersections and negations apart through all references, so a circle of references that passes one of them
//! must not reach it. Circles through properties, lists or unions alone are sound types.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// The names of the schemas that lead back to themselves and are, or are part of, an intersection or a negation.
pub(super) fn find(question: &Value) -> Vec<String> {
    let empty = Map::new();
    let schemas = question.pointer("/components/schemas").and_then(Value::as_object).unwrap_or(&empty);
    let steps: BTreeMap<&str, Steps<'_>> =
        schemas.iter().map(|(name, schema)| (name.as_str(), Steps::of(schema))).collect();
    let is_endless = |(name, own): (&&str, &Steps<'_>)| {
        own.strict.iter().any(|target| reaches(target, name, &steps)).then(|| (*name).to_owned())
    };
    steps.iter().filter_map(is_endless).collect()
}

/// Where a schema leads without a property, item or map in between.
#[derive(Default)]
struct Steps<'a> {
    all: BTreeSet<&'a str>,
    /// Through an intersection of several, or a negation.
    strict: BTreeSet<&'a str>,
}

impl<'a> Steps<'a> {
    fn of(schema: &'a Value) -> Self {
        let mut steps = Self::default();
        let mut open = vec![(schema, false)];
        while let Some((schema, is_strict)) = open.pop() {
            if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|text| text.rsplit('/').next()) {
                steps.all.insert(name);
                if is_strict {
                    steps.strict.insert(name);
                }
            }
            for key in ["allOf", "oneOf", "anyOf"] {
                let parts = schema.get(key).and_then(Value::as_array).into_iter().flatten();
                open.extend(parts.map(|part| (part, is_strict || key == "allOf")));
            }
            open.extend(schema.get("not").map(|part| (part, true)));
        }
        steps
    }
}

fn reaches(from: &str, target: &str, steps: &BTreeMap<&str, Steps<'_>>) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        if name == target {
            return true;
        }
        if seen.insert(name) {
            open.extend(steps.get(name).into_iter().flat_map(|steps| &steps.all));
        }
    }
    false
}
