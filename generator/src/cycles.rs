//! Finds schemas that refer back to themselves without a property, item or map in between.
//!
//! Cycles through unions alone are valid types. Progenitor follows a cycle through an intersection or a negation until
//! the stack overflows, which cannot be caught.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// The references of each schema, by the schema's name.
pub(crate) struct Cycles<'a>(BTreeMap<&'a str, Steps<'a>>);

impl<'a> Cycles<'a> {
    /// Collects the references of the schemas of a document.
    pub(crate) fn of(schemas: &'a Map<String, Value>) -> Self {
        Self(schemas.iter().map(|(name, schema)| (name.as_str(), Steps::of(schema))).collect())
    }

    /// Whether a schema leads to another, through any number of references.
    pub(crate) fn leads(&self, from: &str, target: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![from];
        while let Some(name) = open.pop() {
            if name == target {
                return true;
            }
            if seen.insert(name) {
                open.extend(self.0.get(name).into_iter().flat_map(|steps| &steps.all));
            }
        }
        false
    }

    /// Returns the names of schemas that start with an intersection or a negation and lead back to themselves.
    pub(crate) fn endless(&self) -> Vec<String> {
        let is_endless = |name: &str, own: &Steps<'_>| own.strict.iter().any(|target| self.leads(target, name));
        self.0.iter().filter(|(name, own)| is_endless(name, own)).map(|(name, _)| (*name).to_owned()).collect()
    }
}

#[derive(Default)]
struct Steps<'a> {
    all: BTreeSet<&'a str>,
    /// References through an intersection or a negation.
    strict: BTreeSet<&'a str>,
}

impl<'a> Steps<'a> {
    fn of(schema: &'a Value) -> Self {
        let mut steps = Self::default();
        let mut open = vec![(schema, false)];
        while let Some((schema, is_strict)) = open.pop() {
            if let Some(name) = target(schema) {
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

/// Returns the name of the schema that a reference leads to.
pub(crate) fn target(reference: &Value) -> Option<&str> {
    reference.get("$ref")?.as_str()?.rsplit('/').next()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_cycles_through_intersections_and_negations_have_no_end() {
        let to = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let schemas = json!({
            "Union": { "oneOf": [to("Union"), { "type": "string" }] },
            "List": { "type": "array", "items": to("List") },
            "Property": { "allOf": [{ "properties": { "next": to("Property") } }] },
            "Parent": { "oneOf": [to("Child")] },
            "Child": { "allOf": [to("Parent"), { "type": "object" }] },
            "Not": { "anyOf": [{ "not": to("Not") }] },
            "Outside": { "allOf": [to("Child")] },
        });
        let schemas = schemas.as_object().expect("it is an object");
        assert_eq!(Cycles::of(schemas).endless(), ["Child", "Not"]);
    }
}
