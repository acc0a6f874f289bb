//! Collects the parts of a schema: the fields of an object, unions, and schemas of other types.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::super::shape::{gives_shape, is_same, with_parts};
use crate::document::{Node, Pointer};
use crate::openapi::JOINED;

/// The parts of a schema, all of which apply to its values.
#[derive(Clone, Default)]
pub(super) struct Parts<'a> {
    /// Whether a part requires an object.
    pub(super) is_object: bool,
    pub(super) properties: Map<String, Value>,
    pub(super) required: Vec<String>,
    pub(super) additional: Option<Value>,
    /// The locations of properties that an earlier part describes with another type.
    pub(super) contradictions: Vec<Pointer>,
    /// The schema that determines each property, with its location.
    places: BTreeMap<String, Node<'a>>,
    /// All descriptions of each property.
    described: BTreeMap<String, Vec<Node<'a>>>,
    /// Schemas with a union, and the keyword of the union.
    pub(super) unions: Vec<(Node<'a>, &'static str)>,
    /// Strings, numbers and arrays.
    pub(super) others: Vec<Node<'a>>,
}

impl<'a> Parts<'a> {
    /// Collects the parts of a schema. `None` if a reference has no target, which `check` has reported.
    pub(super) fn of(schema: &Node<'a>) -> Option<Self> {
        let mut parts = Self::default();
        parts.add(schema, &mut Vec::new())?;
        Some(parts)
    }

    /// Returns these parts and those of another schema.
    pub(super) fn with(&self, schema: &Node<'a>) -> Option<Self> {
        let mut parts = self.clone();
        parts.add(schema, &mut Vec::new())?;
        Some(parts)
    }

    /// Adds a schema. `within` are the schemas that contain it.
    fn add(&mut self, schema: &Node<'a>, within: &mut Vec<Pointer>) -> Option<()> {
        let schema = schema.resolve()?;
        if within.contains(schema.pointer()) {
            return Some(());
        }
        within.push(schema.pointer().clone());
        for part in schema.get("allOf").iter().flat_map(Node::items) {
            self.add(&part, within)?;
        }
        // A union whose member is being expanded is already satisfied by that member.
        let is_member = |key: &&str| members(&schema, key).any(|member| within.contains(member.pointer()));
        let unions = ["oneOf", "anyOf"].into_iter().filter(|key| schema.get(key).is_some() && !is_member(key));
        self.unions.extend(unions.map(|key| (schema.clone(), key)));
        let has_fields = schema.get("properties").is_some() || schema.get("additionalProperties").is_some();
        within.pop();
        match schema.text("type") {
            Some("object") => self.is_object = true,
            None if has_fields => self.is_object = true,
            None if schema.get("items").is_none() && schema.get("enum").is_none() => {}
            _ => {
                self.others.push(schema);
                return Some(());
            }
        }
        self.add_fields(&schema);
        Some(())
    }

    fn add_fields(&mut self, schema: &Node<'a>) {
        for (name, property) in schema.get("properties").iter().flat_map(Node::entries) {
            let known = self.places.get(name);
            let is_known =
                |key: &str| self.properties.get(name).is_some_and(|known| known.get(key) == Some(&true.into()));
            let annotations: Vec<_> =
                ["readOnly", "writeOnly"].into_iter().filter(|key| property.is_true(key) || is_known(key)).collect();
            let described = self.described.entry(name.to_owned()).or_default();
            let contains_all = !described.is_empty() && contains_all(&property, described);
            if contains_all {
                self.contradictions.retain(|place| place.last().as_deref() != Some(name));
            }
            described.push(property.clone());
            if known.is_none_or(|known| determines(&property, known)) {
                if known.is_some_and(|known| !contains_all && contradicts(known, &property)) {
                    self.contradictions.push(property.pointer().clone());
                }
                self.properties.insert(name.to_owned(), property.value().clone());
                self.places.insert(name.to_owned(), property);
            }
            // An annotation of any part applies (JSON Schema 2020-12 Validation, section 9.4).
            if let Some(Value::Object(merged)) = self.properties.get_mut(name)
                && !merged.contains_key("$ref")
            {
                merged.extend(annotations.into_iter().map(|key| (key.to_owned(), Value::Bool(true))));
            }
        }
        for name in schema.get("required").iter().flat_map(Node::items).filter_map(|name| name.value().as_str()) {
            if !self.required.iter().any(|known| known == name) {
                self.required.push(name.to_owned());
            }
        }
        if let Some(additional) = schema.get("additionalProperties").filter(|additional| additional.value() != false) {
            self.additional = Some(additional.value().clone());
        }
    }

    /// Whether there is more than the type `object`.
    pub(super) fn has_fields(&self) -> bool {
        !self.properties.is_empty() || !self.required.is_empty() || self.additional.is_some()
    }

    /// Returns the object with all properties.
    pub(super) fn object(self) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("type".to_owned(), Value::from("object"));
        if !self.properties.is_empty() {
            object.insert("properties".to_owned(), Value::Object(self.properties));
        }
        if !self.required.is_empty() {
            object.insert("required".to_owned(), Value::from(self.required));
        }
        object.extend(self.additional.map(|additional| ("additionalProperties".to_owned(), additional)));
        object
    }
}

/// Whether a property's later schema replaces the earlier one: it determines a type, and the earlier one is not narrower.
fn determines(later: &Node<'_>, known: &Node<'_>) -> bool {
    let both = known.resolve_single().zip(later.resolve_single());
    later.value().as_object().is_some_and(gives_shape)
        && !both.is_some_and(|(known, later)| is_narrower(&known, &later))
}

/// Whether all values of a schema are also values of another one that allows more: a list of strings compared with any
/// string, for example.
fn is_narrower(schema: &Node<'_>, other: &Node<'_>) -> bool {
    if contains(schema, other.pointer()) {
        return true;
    }
    let is_same_type = schema.text("type") == other.text("type") && schema.text("type").is_some();
    let is_whole = schema.text("type") == Some("integer") && other.text("type") == Some("number");
    let values = |schema: &Node<'_>| schema.get("enum").and_then(|values| values.value().as_array().cloned());
    let narrows = match (values(schema), values(other)) {
        (Some(own), Some(others)) => own.len() < others.len() && own.iter().all(|value| others.contains(value)),
        (Some(_), None) => true,
        (None, Some(_)) => false,
        (None, None) => {
            let says_more = |key: &str| schema.get(key).is_some() && other.get(key).is_none();
            let is_open = ["properties", "items", "additionalProperties", "format", "allOf", "oneOf", "anyOf"]
                .iter()
                .all(|key| other.get(key).is_none());
            is_whole || (is_open && ["properties", "items", "format"].into_iter().any(says_more))
        }
    };
    (is_same_type || is_whole) && narrows
}

/// Whether the last description of a property says all that the earlier ones say: it joins them, or they are its parts.
fn contains_all(last: &Node<'_>, earlier: &[Node<'_>]) -> bool {
    let Some(resolved) = last.resolve_single() else { return false };
    let is_part = |earlier: &Node<'_>| {
        let earlier = earlier.resolve_single();
        earlier.is_some_and(|earlier| contains(&resolved, earlier.pointer()))
    };
    last.is_true(JOINED) || resolved.is_true(JOINED) || earlier.iter().all(is_part)
}

/// Whether a schema has another one among its parts, at any depth.
fn contains(schema: &Node<'_>, other: &Pointer) -> bool {
    schema.pointer() != other && with_parts(schema).iter().any(|part| part.pointer() == other)
}

/// Whether two schemas have different types, are different objects with properties, or only the other one allows null.
fn contradicts(known: &Node<'_>, other: &Node<'_>) -> bool {
    let (Some(known), Some(other)) = (known.resolve_single(), other.resolve_single()) else { return false };
    if known.pointer() == other.pointer() || is_same(known.value(), other.value()) {
        return false;
    }
    let has_fields = |schema: &Node<'_>| schema.get("properties").is_some();
    match (known.text("type"), other.text("type")) {
        (Some("integer"), Some("number")) | (Some("number"), Some("integer")) => false,
        (Some(one), Some(other)) if one != other => true,
        _ if !known.is_true("nullable") && other.is_true("nullable") => true,
        _ => has_fields(&known) && has_fields(&other),
    }
}

fn members<'a>(union: &Node<'a>, key: &str) -> impl Iterator<Item = Node<'a>> {
    let members: Vec<_> = union.get(key).iter().flat_map(Node::items).filter_map(|member| member.resolve()).collect();
    members.into_iter()
}
