//! Joins what several parts of an intersection say about one property, if each describes the fields of an object or the items of a
//! list of objects.
//!
//! `{allOf: [{properties: {owner: {properties: {name: …}}}}, {properties: {owner: {properties: {age: …}}}}]}` →
//! `{allOf: […], properties: {owner: {allOf: [{properties: {name: …}}, {properties: {age: …}}]}}}`

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::Log;
use super::shape::{gives_shape, is_same, with_parts};
use crate::document::{Document, Node, Pointer};
use crate::openapi::{JOINED, SENSITIVE, describes_use, is_replaced, schema_nodes};

/// The descriptions of a property, each with the index of the part that it is in.
type Described<'a> = Vec<(&'a str, Vec<(usize, Node<'a>)>)>;

/// How many intersections of properties are made. Each is a type, and schemas that refer to each other have exponentially many.
const MOST: usize = 500;

/// The intersections of properties that are being made.
struct Joined {
    within: Vec<Intersection>,
    /// How many more can be made.
    left: usize,
}

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    let mut joined = Joined { within: Vec::new(), left: MOST };
    for schema in schema_nodes(document) {
        let parts: Vec<_> = schema.get("allOf").iter().flat_map(Node::items).collect();
        if parts.is_empty() {
            continue;
        }
        joined.within = around(&schema, &parts);
        let merged = merged_properties(&parts, Some(&schema), &mut joined);
        if merged.is_empty() {
            continue;
        }
        let Some(Value::Object(slot)) = value.to_mut().pointer_mut(schema.pointer().as_str()) else { continue };
        // The intersection of the property has what the parts beside it say.
        for part in slot.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(Value::Object(properties)) = part.get_mut("properties") {
                properties.retain(|name, _| !merged.iter().any(|(joined, _)| joined == name));
            }
        }
        let Value::Object(properties) = slot.entry("properties").or_insert_with(|| json!({})) else { continue };
        for (name, (property, of)) in merged {
            log.copied(of, schema.pointer().join("properties").join(&name));
            properties.insert(name, property);
        }
    }
}

/// An intersection that is being joined: the locations of its parts, and its own location if it is a component.
type Intersection = (Vec<Pointer>, Option<Pointer>);

/// Returns a schema as the intersection around others, if it has no properties of its own.
fn around(schema: &Node<'_>, parts: &[Node<'_>]) -> Vec<Intersection> {
    let resolved = parts.iter().map(|part| part.resolve().map(|part| part.pointer().clone()));
    let places = resolved.collect::<Option<Vec<_>>>().filter(|_| schema.get("properties").is_none());
    let is_component = schema.pointer().parent().is_some_and(|parent| parent.as_str() == "/components/schemas");
    let component = is_component.then(|| schema.pointer().clone());
    places.map(|places| (places, component)).into_iter().collect()
}

/// Returns the joined properties of an intersection, each with the location of its last description. A property that only one
/// part describes, even if it does so several times, is joined there. `own` is the schema with the parts, if it has properties of
/// its own.
fn merged_properties(
    parts: &[Node<'_>],
    own: Option<&Node<'_>>,
    joined: &mut Joined,
) -> Vec<(String, (Value, Pointer))> {
    let mut described = Described::new();
    for (index, part) in parts.iter().enumerate() {
        collect(index, part, &mut Vec::new(), &mut described);
    }
    if let Some(own) = own {
        collect_own(parts.len(), own, &mut described);
    }
    let merged = described.into_iter().filter_map(|(name, all)| {
        let (first, _) = all.first()?;
        let (_, last) = all.iter().rfind(|(index, _)| index != first)?;
        let of = last.pointer().clone();
        let all: Vec<_> = all.into_iter().map(|(_, property)| property).collect();
        Some((name.to_owned(), (merged(&all, joined)?, of)))
    });
    merged.collect()
}

/// Collects the properties of a schema and of all its parts, in their order.
fn collect<'a>(index: usize, schema: &Node<'a>, seen: &mut Vec<Pointer>, described: &mut Described<'a>) {
    let Some(schema) = schema.resolve().filter(|schema| !seen.contains(schema.pointer())) else { return };
    seen.push(schema.pointer().clone());
    for part in schema.get("allOf").iter().flat_map(Node::items) {
        collect(index, &part, seen, described);
    }
    collect_own(index, &schema, described);
}

/// Collects the properties of a schema that determine a type, without repetitions.
fn collect_own<'a>(index: usize, schema: &Node<'a>, described: &mut Described<'a>) {
    for (name, property) in schema.get("properties").iter().flat_map(Node::entries) {
        let says_something = |property: &Map<String, Value>| gives_shape(property) || property.contains_key("required");
        if !property.value().as_object().is_some_and(says_something) {
            continue;
        }
        match described.iter_mut().find(|(known, _)| *known == name) {
            Some((_, all)) if all.iter().any(|(_, known)| is_same(known.value(), property.value())) => {}
            Some((_, all)) => all.push((index, property)),
            None => described.push((name, vec![(index, property)])),
        }
    }
}

/// Returns the intersection of the descriptions of a property. `None` if they do not all say something about the fields of an
/// object, or one of them contains the others.
fn merged(all: &[Node<'_>], joined: &mut Joined) -> Option<Value> {
    let resolved: Vec<_> = all.iter().map(Node::resolve_single).collect::<Option<_>>()?;
    let lists = resolved.iter().map(|schema| schema.get("items").filter(|_| is_list(schema)));
    if let Some(items) = lists.collect::<Option<Vec<_>>>() {
        let mut list = Map::new();
        list.insert("type".to_owned(), "array".into());
        list.insert("items".to_owned(), merged(&items, joined)?);
        annotate(&mut list, all, &resolved);
        return Some(Value::Object(list));
    }
    let has_fields = resolved.iter().map(fields).collect::<Option<Vec<_>>>()?.contains(&true);
    if !has_fields || resolved.iter().any(|schema| contains(schema, &resolved)) {
        return None;
    }
    let places: Vec<_> = resolved.iter().map(|schema| schema.pointer().clone()).collect();
    if let Some((_, component)) = joined.within.iter().find(|(known, _)| *known == places) {
        // Recursive schemas: the property is of the same type as the intersection around it.
        return component.as_ref().map(|component| json!({ "$ref": format!("#{}", component.as_str()) }));
    }
    joined.left = joined.left.checked_sub(1)?;
    joined.within.push((places, None));
    let inner = merged_properties(&resolved, None, joined);
    joined.within.pop();
    let mut object = Map::new();
    object.insert("allOf".to_owned(), all.iter().map(|part| part.value().clone()).collect());
    if !inner.is_empty() {
        let properties = inner.into_iter().map(|(name, (property, _))| (name, property)).collect();
        object.insert("properties".to_owned(), Value::Object(properties));
    }
    annotate(&mut object, all, &resolved);
    Some(Value::Object(object))
}

/// Adds what the descriptions of a property say besides its fields. It is null only if all of them allow that, and any of them can
/// restrict it to requests or responses, or mark it as sensitive. The last one determines everything else.
fn annotate(object: &mut Map<String, Value>, all: &[Node<'_>], resolved: &[Node<'_>]) {
    object.insert(JOINED.to_owned(), true.into());
    let is_stated_once = |key: &str| describes_use(key) && !matches!(key, "nullable" | "readOnly" | "writeOnly");
    for (key, stated) in all.iter().flat_map(Node::entries).filter(|(key, _)| is_stated_once(key)) {
        object.insert(key.to_owned(), stated.value().clone());
    }
    let states = |key: &str, (part, resolved): (&Node<'_>, &Node<'_>)| part.is_true(key) || resolved.is_true(key);
    if all.iter().zip(resolved).all(|part| states("nullable", part)) {
        object.insert("nullable".to_owned(), true.into());
    }
    for key in ["readOnly", "writeOnly", SENSITIVE] {
        if all.iter().zip(resolved).any(|part| states(key, part)) {
            object.insert(key.to_owned(), true.into());
        }
    }
}

fn is_list(schema: &Node<'_>) -> bool {
    schema.text("type") == Some("array")
}

/// Whether a schema or one of its parts describes fields. `None` if one of them says anything else about its values than which
/// fields there are or must be.
fn fields(schema: &Node<'_>) -> Option<bool> {
    let mut has_fields = false;
    only_fields(schema, &mut Vec::new(), &mut has_fields).then_some(has_fields)
}

fn only_fields(schema: &Node<'_>, seen: &mut Vec<Pointer>, has_fields: &mut bool) -> bool {
    let Some(schema) = schema.resolve() else { return false };
    if seen.contains(schema.pointer()) {
        return true;
    }
    let is_other = ["oneOf", "anyOf", "enum", "items", "discriminator"].iter().any(|key| schema.get(key).is_some())
        || schema.get("additionalProperties").is_some_and(|others| others.value().is_object())
        || schema.text("type").is_some_and(|ty| ty != "object")
        || is_replaced(&schema);
    if is_other {
        return false;
    }
    *has_fields |= schema.get("properties").is_some();
    seen.push(schema.pointer().clone());
    let mut parts = schema.get("allOf").into_iter().flat_map(|parts| parts.items().collect::<Vec<_>>());
    parts.all(|part| only_fields(&part, seen, has_fields))
}

/// Whether all the other schemas are parts of this one.
fn contains(schema: &Node<'_>, others: &[Node<'_>]) -> bool {
    let parts = with_parts(schema);
    let is_part = |other: &Node<'_>| {
        parts.iter().any(|part| part.pointer() == other.pointer() || is_same(part.value(), other.value()))
    };
    others.iter().all(is_part)
}
