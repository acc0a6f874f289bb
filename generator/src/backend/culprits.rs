//! Which schemas and operations a question fails for: progenitor refuses a whole document for one of them, and says at
//! best what is wrong, not where.
//!
//! Halves are asked for in turn, each with the schemas it needs, until single ones are left. A schema that fails is replaced
//! by one of any JSON, so that those that need it can be judged too. That is some `k·log n` questions for `k` culprits among
//! `n`, most of them small ones, and none at all while nothing fails.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Refusal, generate, question};

/// What is judged as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unit {
    /// A schema, by its name.
    Schema(String),
    /// An operation, by its path in the question.
    Operation(String),
}

/// Finds what the question is refused for, and takes it out of the question.
pub(super) fn find(question: &mut Value) -> Vec<(Unit, Refusal)> {
    let mut search = Search { question, refused: Vec::new() };
    let units = units(search.question);
    search.narrow(&units);
    search.refused
}

struct Search<'a> {
    question: &'a mut Value,
    refused: Vec<(Unit, Refusal)>,
}

impl Search<'_> {
    fn narrow(&mut self, units: &[Unit]) {
        let Err(refusal) = generate(&part(self.question, units)) else { return };
        match units {
            [] => {}
            [only] => self.settle(only, refusal),
            _ => {
                let (first, second) = units.split_at(units.len() / 2);
                self.narrow(first);
                self.narrow(second);
            }
        }
    }

    /// The unit is a culprit.
    fn settle(&mut self, unit: &Unit, refusal: Refusal) {
        match unit {
            Unit::Schema(name) => {
                if let Some(schemas) = schemas(self.question) {
                    schemas.insert(name.clone(), json!({}));
                }
            }
            Unit::Operation(path) => {
                if let Some(Value::Object(paths)) = self.question.get_mut("paths") {
                    paths.shift_remove(path);
                }
            }
        }
        self.refused.push((unit.clone(), refusal));
    }
}

fn schemas(question: &mut Value) -> Option<&mut Map<String, Value>> {
    question.pointer_mut("/components/schemas")?.as_object_mut()
}

/// Schemas first, each behind those it needs as far as they are in no circle, then operations.
fn units(question: &Value) -> Vec<Unit> {
    let empty = Map::new();
    let all = question.pointer("/components/schemas").and_then(Value::as_object).unwrap_or(&empty);
    let needs: BTreeMap<&str, BTreeSet<&str>> =
        all.iter().map(|(name, schema)| (name.as_str(), references(schema))).collect();
    let mut ordered = Vec::with_capacity(all.len());
    let mut seen = BTreeSet::new();
    for name in all.keys() {
        // A stack of its own, as chains of schemas can be long.
        let mut open = vec![(name.as_str(), false)];
        while let Some((name, is_done)) = open.pop() {
            if is_done {
                ordered.push(Unit::Schema(name.to_owned()));
            } else if seen.insert(name) {
                open.push((name, true));
                let below = needs.get(name).into_iter().flatten();
                open.extend(below.filter(|name| needs.contains_key(*name)).map(|name| (*name, false)));
            }
        }
    }
    let paths = question.get("paths").and_then(Value::as_object).into_iter().flatten();
    ordered.extend(paths.map(|(path, _)| Unit::Operation(path.clone())));
    ordered
}

/// The question for some units alone, with all schemas that they need.
fn part(question: &Value, units: &[Unit]) -> Value {
    let empty = Map::new();
    let all = question.pointer("/components/schemas").and_then(Value::as_object).unwrap_or(&empty);
    let mut wanted: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = Vec::new();
    let mut paths = Map::new();
    for unit in units {
        match unit {
            Unit::Schema(name) => open.push(name),
            Unit::Operation(path) => {
                if let Some(item) = question.get("paths").and_then(|paths| paths.get(path)) {
                    open.extend(references(item));
                    paths.insert(path.clone(), item.clone());
                }
            }
        }
    }
    while let Some(name) = open.pop() {
        if let Some(schema) = all.get(name).filter(|_| wanted.insert(name)) {
            open.extend(references(schema));
        }
    }
    let schemas = all.iter().filter(|(name, _)| wanted.contains(name.as_str()));
    let schemas: Map<_, _> = schemas.map(|(name, schema)| (name.clone(), schema.clone())).collect();
    question::ask_for(&Value::Object(paths), &Value::Object(schemas))
}

/// The names of the schemas that a value refers to.
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

    fn property(name: &str) -> Value {
        json!({ "type": "object", "properties": { "next": { "$ref": format!("#/components/schemas/{name}") } } })
    }

    #[test]
    fn panics_are_traced_to_schemas_and_operations() {
        let bad = json!({ "not": { "type": "object", "properties": { "a": { "type": "string" } } } });
        let operation = |schema: &Value| {
            json!({ "post": { "operationId": "op", "responses": { "200": {
                "description": "", "content": { "application/json": { "schema": schema } },
            } } } })
        };
        let mut question = question::ask_for(
            &json!({ "/op0": operation(&property("A")), "/op1r0": operation(&bad) }),
            &json!({ "A": property("B"), "B": property("Bad"), "Bad": bad, "C": property("A"), "D": property("D") }),
        );
        let found = find(&mut question);
        let units: Vec<_> = found.iter().map(|(unit, _)| unit.clone()).collect();
        assert_eq!(units, [Unit::Schema("Bad".to_owned()), Unit::Operation("/op1r0".to_owned())]);
        assert!(found.iter().all(|(_, refusal)| refusal.verb == "progenitor gave up on"));
        assert!(generate(&question).is_ok());
    }
}
