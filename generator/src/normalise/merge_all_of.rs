//! An intersection of objects becomes one object with all their properties: that is what its values are.
//!
//! `Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {lives: …}}]}` → `Cat: {type: object, properties: {name: …, lives: …}}`
//!
//! What a later part says of a property counts. An intersection with anything but objects is left as it is.

use serde_json::{Map, Value};

use super::Log;
use crate::document::{Document, Node};

/// Deeper inheritance than this is taken for a circle, which `check` has reported.
const DEPTH: usize = 32;

pub(super) fn run(document: &Document, _: &mut Log) -> Value {
    let mut value = document.value().clone();
    for (_, schema) in document.root().at(&["components", "schemas"]).iter().flat_map(Node::entries) {
        let Some(merged) = merged(&schema) else { continue };
        if let Some(slot) = value.pointer_mut(schema.pointer().as_str()) {
            *slot = merged;
        }
    }
    value
}

/// The schema as one object. `None` when it is none, or is one already.
fn merged(schema: &Node<'_>) -> Option<Value> {
    schema.get("allOf").filter(|_| !is_annotated_reference(schema))?;
    let mut object = Object::default();
    object.add(schema, 0)?;
    let mut merged = Map::new();
    for (key, value) in schema.value().as_object()? {
        if !matches!(key.as_str(), "allOf" | "properties" | "required" | "type" | "additionalProperties") {
            merged.insert(key.clone(), value.clone());
        }
    }
    merged.insert("type".to_owned(), Value::from("object"));
    merged.insert("properties".to_owned(), Value::Object(object.properties));
    if !object.required.is_empty() {
        merged.insert("required".to_owned(), Value::from(object.required));
    }
    merged.extend(object.additional.map(|additional| ("additionalProperties".to_owned(), additional)));
    Some(Value::Object(merged))
}

fn is_annotated_reference(schema: &Node<'_>) -> bool {
    let parts: Vec<_> = schema.get("allOf").iter().flat_map(Node::items).collect();
    matches!(parts.as_slice(), [only] if only.text("$ref").is_some()) && schema.get("properties").is_none()
}

#[derive(Default)]
struct Object {
    properties: Map<String, Value>,
    required: Vec<String>,
    additional: Option<Value>,
}

impl Object {
    /// Adds what a schema says of an object. `None` when it says anything else.
    fn add(&mut self, schema: &Node<'_>, depth: usize) -> Option<()> {
        let schema = schema.resolve().filter(|_| depth < DEPTH)?;
        let is_object = schema.text("type").is_none_or(|ty| ty == "object");
        let is_other = ["oneOf", "anyOf", "not", "enum"].iter().any(|key| schema.get(key).is_some());
        if !is_object || is_other {
            return None;
        }
        for part in schema.get("allOf").iter().flat_map(Node::items) {
            self.add(&part, depth + 1)?;
        }
        for (name, property) in schema.get("properties").iter().flat_map(Node::entries) {
            self.properties.insert(name.to_owned(), property.value().clone());
        }
        for name in schema.get("required").iter().flat_map(Node::items).filter_map(|name| name.value().as_str()) {
            if !self.required.iter().any(|known| known == name) {
                self.required.push(name.to_owned());
            }
        }
        if let Some(additional) = schema.get("additionalProperties").filter(|additional| additional.value() != false) {
            self.additional = Some(additional.value().clone());
        }
        Some(())
    }
}
