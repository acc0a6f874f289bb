//! Gives every schema with `x-rust-type` a name, and reduces it to what later stages read of it: its JSON type, its
//! properties without their schemas, the values that it lists, and an example. The types of the parts of such a schema are not needed.
//!
//! `total: {type: string, format: decimal, x-rust-type: 'money::Amount'}` →
//! `total: {$ref: '#/components/schemas/Amount'}`, `Amount: {type: string, x-rust-type: 'money::Amount'}`
//!
//! Equal schemas of the same type share one name.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use super::Log;
use super::hoist_inline_schemas::{ANNOTATIONS, add_schemas, reference, take};
use crate::document::{Document, Node, Pointer, holds_names, is_data};
use crate::naming::{pascal, unique};
use crate::openapi::{NAME_OVERRIDE, RUST_TYPE, RUST_TYPE_ORIGIN, SENSITIVE, VALUES, is_replaced, listed, parts};

/// What stays of a schema. A default is not known to be a value of the type.
const KEPT: [&str; 10] = [
    "type",
    "description",
    "deprecated",
    "nullable",
    "required",
    "example",
    "xml",
    NAME_OVERRIDE,
    RUST_TYPE,
    RUST_TYPE_ORIGIN,
];

/// What belongs to the use of a type rather than to the type.
const OF_USE: [&str; 6] = ["description", "nullable", "deprecated", "xml", NAME_OVERRIDE, VALUES];

/// Names of the prelude, which the paths of types use too.
const GENERIC: [&str; 5] = ["Box", "Option", "Result", "String", "Vec"];

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    let mut replaced = Vec::new();
    find(document.root(), false, &mut replaced);
    if replaced.is_empty() {
        return;
    }
    let place = Pointer::root().join("components").join("schemas");
    let schemas = document.root().at(&["components", "schemas"]);
    let mut taken: BTreeSet<String> = schemas.iter().flat_map(Node::entries).map(|(name, _)| pascal(name)).collect();
    taken.extend(GENERIC.map(str::to_owned));
    let mut names: HashMap<String, String> = HashMap::new();
    let mut hoisted = Map::new();
    for schema in replaced {
        let Some(target) = value.to_mut().pointer_mut(schema.pointer().as_str()) else { continue };
        let mut outline = outline(document, &schema);
        if schema.pointer().parent().as_ref() == Some(&place) {
            *target = outline;
            continue;
        }
        let mut annotations = take(&ANNOTATIONS, target);
        annotations.shift_remove("default");
        for key in ["nullable", SENSITIVE, "xml", VALUES] {
            let value = outline.get(key).filter(|value| **value != Value::Bool(false));
            annotations.extend(value.map(|value| (key.to_owned(), value.clone())));
        }
        if let Value::Object(outline) = &mut outline {
            // An example that is a listed value is not one of other uses.
            if let Some(example) = outline.get("example").filter(|_| outline.contains_key(VALUES)).cloned() {
                annotations.entry("example").or_insert(example);
                outline.shift_remove("example");
            }
            outline.retain(|key, _| !OF_USE.contains(&key.as_str()));
        }
        let identity = json!([path(&schema), outline.get("type"), outline.get(SENSITIVE)]).to_string();
        let name = names.entry(identity).or_insert_with(|| {
            let name = unique(type_name(&schema), &mut taken);
            log.copied(schema.pointer().clone(), place.join(&name));
            hoisted.insert(name.clone(), outline);
            name
        });
        *target = reference(name, annotations);
    }
    if !hoisted.is_empty() {
        add_schemas(value.to_mut(), hoisted);
    }
}

/// Collects the schemas with a valid type, except for those in others. `are_names` is whether the keys are names.
fn find<'a>(node: Node<'a>, are_names: bool, replaced: &mut Vec<Node<'a>>) {
    if !are_names && is_replaced(&node) {
        replaced.push(node);
        return;
    }
    for (key, child) in node.entries() {
        if are_names || !(is_data(key) || key.starts_with("x-")) {
            find(child, !are_names && holds_names(key), replaced);
        }
    }
    node.items().for_each(|item| find(item, false, replaced));
}

/// Returns what stays of a schema.
fn outline(document: &Document, schema: &Node<'_>) -> Value {
    let target = schema.resolve_single().unwrap_or_else(|| schema.clone());
    let own = |key: &str| schema.get(key).or_else(|| target.get(key)).map(|node| node.value().clone());
    let mut outline: Map<_, _> = KEPT.iter().filter_map(|key| Some(((*key).to_owned(), own(key)?))).collect();
    add_properties(&mut outline, &target);
    if let Some(values) = listed(schema).or_else(|| listed(&target)) {
        outline.insert(VALUES.to_owned(), values.value().clone());
    }
    // Bodies and parts of bytes are not JSON, so their type is not replaced.
    if target.text("format") == Some("binary") {
        outline.insert("format".to_owned(), "binary".into());
    }
    if is_secret(schema) || is_secret(&target) {
        outline.insert(SENSITIVE.to_owned(), true.into());
    }
    if let Some(closed @ Value::Bool(_)) = own("additionalProperties") {
        outline.insert("additionalProperties".to_owned(), closed);
    }
    if !outline.contains_key("example")
        && let Some(example) = own("enum").and_then(|values| values.get(0).cloned()).or_else(|| sample(&target))
    {
        outline.insert("example".to_owned(), example);
    }
    if !outline.contains_key(RUST_TYPE_ORIGIN) {
        let origin = format!("`x-rust-type` at `#{}`", document.origin(schema.pointer()).as_str());
        outline.insert(RUST_TYPE_ORIGIN.to_owned(), origin.into());
    }
    Value::Object(outline)
}

/// Adds the properties of a schema and of the parts of its `allOf` to its outline.
fn add_properties(outline: &mut Map<String, Value>, schema: &Node<'_>) {
    let (mut properties, mut required) = (Map::new(), Vec::<Value>::new());
    for part in parts(schema) {
        for (name, property) in part.get("properties").iter().flat_map(Node::entries) {
            let more = scalar(&property);
            match properties.get_mut(name) {
                // A part may narrow what another one describes.
                Some(Value::Object(known)) => {
                    let more = more.as_object().cloned().unwrap_or_default();
                    more.into_iter().for_each(|(key, value)| _ = known.entry(key).or_insert(value));
                }
                _ => _ = properties.insert(name.to_owned(), more),
            }
        }
        for name in part.get("required").iter().flat_map(Node::items) {
            if !required.contains(name.value()) {
                required.push(name.value().clone());
            }
        }
    }
    if !properties.is_empty() {
        outline.entry("type").or_insert_with(|| "object".into());
        outline.insert("properties".to_owned(), properties.into());
    }
    if !required.is_empty() {
        outline.insert("required".to_owned(), required.into());
    }
}

/// Returns the schema of a property with nothing but its type, if that has no parts, its values, its XML, and whether it is
/// secret.
fn scalar(property: &Node<'_>) -> Value {
    let target = property.resolve_single();
    let own = |key: &str| property.get(key).or_else(|| target.as_ref()?.get(key));
    let mut outline = match own("type").and_then(|ty| ty.value().as_str()) {
        Some(ty @ ("string" | "integer" | "number" | "boolean")) => json!({ "type": ty }),
        _ => json!({}),
    };
    if let Value::Object(outline) = &mut outline {
        let values = listed(property).or_else(|| listed(target.as_ref()?));
        let kept = [("xml", own("xml")), (VALUES, values)];
        outline.extend(kept.into_iter().filter_map(|(key, node)| Some((key.to_owned(), node?.value().clone()))));
    }
    let is_secret = is_secret(property) || target.is_some_and(|target| is_secret(&target));
    if let (true, Value::Object(outline)) = (is_secret, &mut outline) {
        outline.insert(SENSITIVE.to_owned(), true.into());
    }
    outline
}

/// Returns a value of the format of a schema.
fn sample(schema: &Node<'_>) -> Option<Value> {
    let scalar = crate::ir::ScalarType::of(schema.value())?;
    let number = scalar.sample().parse::<i64>().ok().filter(|_| scalar.is_integer());
    Some(number.map_or_else(|| scalar.sample().into(), Value::from))
}

/// Whether a schema, or that of its items or values, is marked as sensitive.
fn is_secret(schema: &Node<'_>) -> bool {
    let is_marked = |schema: &Node<'_>| schema.is_true(SENSITIVE) || schema.text("format") == Some("password");
    let parts = ["items", "additionalProperties"].into_iter().filter_map(|key| schema.get(key)?.resolve_single());
    is_marked(schema) || parts.into_iter().any(|part| is_marked(&part))
}

/// Returns the path of the type of a schema.
fn path<'a>(schema: &Node<'a>) -> &'a str {
    let stated = schema.get(RUST_TYPE);
    let path = stated.and_then(|stated| match stated.value() {
        Value::Object(object) => object.get("path")?.as_str(),
        path => path.as_str(),
    });
    path.unwrap_or_default()
}

/// Returns a name for the type of a schema: the last name in its path, without arguments.
fn type_name(schema: &Node<'_>) -> String {
    let path = path(schema).split('<').next().unwrap_or_default();
    pascal(path.rsplit("::").next().unwrap_or_default().trim())
}
