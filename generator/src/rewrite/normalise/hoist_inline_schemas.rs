//! Gives every compound schema (an object with properties, an enum, a union, an intersection) a name of its own.
//!
//! `User: {properties: {address: {type: object, properties: …}}}` →
//! `User: {properties: {address: {$ref: '#/components/schemas/UserAddress'}}}`, `UserAddress: {type: object, …}`
//!
//! A name is made from what contains the schema; a taken name gets a number. Equal schemas share one name, that of the
//! first. What belongs to the use rather than to the type (a description, `nullable`, a default, whether it is
//! sensitive) stays there, beside an `allOf` of the reference. For a member of a union, only `nullable` stays.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use super::Log;
use super::shape::is_shape;
use crate::document::{Document, Node, Pointer};
use crate::naming::{pascal, unique};
use crate::openapi::{NAME_OVERRIDE, SENSITIVE, operations, success_headers};

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    let names = document.root().at(&["components", "schemas"]);
    let base = |name: &str, schema: &Node<'_>| pascal(schema.text(NAME_OVERRIDE).unwrap_or(name));
    let names: Vec<(String, String)> =
        names.iter().flat_map(Node::entries).map(|(name, schema)| (name.to_owned(), base(name, &schema))).collect();
    let mut hoist = Hoist {
        taken: names.iter().map(|(_, base)| base.clone()).collect(),
        hoisted: Map::new(),
        names: HashMap::new(),
        log,
    };
    for (name, base) in &names {
        let place = Pointer::root().join("components").join("schemas").join(name);
        if let Some(schema) = value.to_mut().pointer_mut(place.as_str()) {
            hoist.parts(schema, base, &place);
        }
    }
    for (place, name) in operation_schemas(document) {
        if let Some(schema) = value.to_mut().pointer_mut(place.as_str()) {
            hoist.visit(schema, &name, &place);
        }
    }
    let hoisted = hoist.hoisted;
    if !hoisted.is_empty() {
        add_schemas(value.to_mut(), hoisted);
    }
}

/// Returns the schemas of parameters, bodies and successful responses, each with the name it gets if it is hoisted.
fn operation_schemas(document: &Document) -> Vec<(Pointer, String)> {
    let mut all = Vec::new();
    for operation in operations(document) {
        let id = operation
            .node
            .text("operationId")
            .map_or_else(|| format!("{} {}", operation.method, operation.path), str::to_owned);
        let base = pascal(&id);
        for parameter in operation.parameters() {
            let name = format!("{base}{}", pascal(parameter.text("name").unwrap_or_default()));
            all.extend(parameter.get("schema").map(|schema| (schema.pointer().clone(), name.clone())));
            all.extend(parameter.get("content").iter().flat_map(|content| content_schemas(content, &name)));
        }
        if let Some(content) = operation.node.at(&["requestBody", "content"]) {
            all.extend(content_schemas(&content, &format!("{base}RequestBody")));
        }
        for (status, response) in operation.node.get("responses").iter().flat_map(Node::entries) {
            let name = if is_success(status) {
                format!("{base}ResponseBody")
            } else {
                format!("{base}Error{}", pascal(status))
            };
            all.extend(response.get("content").iter().flat_map(|content| content_schemas(content, &name)));
        }
        for (header, node) in success_headers(&operation.node) {
            let schema = node.get("schema").filter(is_enum_or_list);
            all.extend(schema.map(|schema| (schema.pointer().clone(), format!("{base}{}", pascal(header)))));
        }
    }
    all
}

/// Whether a schema is an enum or a list of one, which are the types of headers that have names.
fn is_enum_or_list(schema: &Node<'_>) -> bool {
    schema.get("enum").or_else(|| schema.at(&["items", "enum"])).is_some()
}

fn is_success(status: &str) -> bool {
    status.starts_with('2') || status == "default"
}

fn content_schemas(content: &Node<'_>, name: &str) -> Vec<(Pointer, String)> {
    let schemas = content.entries().filter_map(|(_, media)| media.get("schema"));
    schemas.map(|schema| (schema.pointer().clone(), name.to_owned())).collect()
}

pub(super) fn add_schemas(value: &mut Value, schemas: Map<String, Value>) {
    let Some(root) = value.as_object_mut() else { return };
    let components = root.entry("components").or_insert_with(|| json!({}));
    let Some(components) = components.as_object_mut() else { return };
    let existing = components.entry("schemas").or_insert_with(|| json!({}));
    if let Some(existing) = existing.as_object_mut() {
        existing.extend(schemas);
    }
}

struct Hoist<'a> {
    taken: BTreeSet<String>,
    /// The hoisted schemas, each before those that are hoisted out of it.
    hoisted: Map<String, Value>,
    /// The names of the hoisted schemas, by their JSON.
    names: HashMap<String, String>,
    log: &'a mut Log,
}

impl Hoist<'_> {
    /// Hoists the schema itself if it is compound, and the compound schemas in it.
    fn visit(&mut self, schema: &mut Value, name: &str, place: &Pointer) {
        self.visit_keeping(&ANNOTATIONS, schema, name, place);
    }

    /// As [`Self::visit`], with the keywords that stay in place.
    fn visit_keeping(&mut self, kept_keys: &[&str], schema: &mut Value, name: &str, place: &Pointer) {
        if schema.get("$ref").is_some() {
            return;
        }
        if !is_compound(schema) {
            return self.parts(schema, name, place);
        }
        let mut compound = std::mem::take(schema);
        let stated = own_name(&mut compound, place);
        let name = stated.as_deref().unwrap_or(name);
        let annotations = take(kept_keys, &mut compound);
        let order = self.hoisted.len();
        self.parts(&mut compound, name, place);
        let text = compound.to_string();
        let name = self.names.get(&text).cloned().unwrap_or_else(|| {
            let name = unique(name.to_owned(), &mut self.taken);
            self.log.copied(place.clone(), Pointer::root().join("components").join("schemas").join(&name));
            self.hoisted.shift_insert(order, name.clone(), compound);
            self.names.insert(text, name.clone());
            name
        });
        *schema = reference(&name, annotations);
    }

    /// Visits the direct child schemas.
    fn parts(&mut self, schema: &mut Value, name: &str, place: &Pointer) {
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            for (key, property) in properties {
                let place = place.join("properties").join(key);
                self.visit(property, &format!("{name}{}", pascal(key)), &place);
            }
        }
        for (key, suffix) in [("items", "Item"), ("additionalProperties", "Value")] {
            if let Some(part @ Value::Object(_)) = schema.get_mut(key) {
                self.visit(part, &format!("{name}{suffix}"), &place.join(key));
            }
        }
        let has_properties = schema.get("properties").is_some();
        for key in ["oneOf", "anyOf"] {
            if let Some(Value::Array(members)) = schema.get_mut(key) {
                for (index, member) in members.iter_mut().enumerate() {
                    if has_properties && only_requires(member) {
                        continue;
                    }
                    let word = member_word(member).unwrap_or_else(|| format!("Variant{index}"));
                    let place = place.join(key).join(index);
                    self.visit_keeping(&["nullable"], member, &format!("{name}{word}"), &place);
                    drop_annotation(member);
                }
            }
        }
        if let Some(Value::Array(parts)) = schema.get_mut("allOf") {
            for (index, part) in parts.iter_mut().enumerate() {
                self.parts(part, name, &place.join("allOf").join(index));
            }
        }
    }
}

/// Takes the name that a schema states for its type. The one of a property is that of the field.
fn own_name(schema: &mut Value, place: &Pointer) -> Option<String> {
    let is_property = place.parent().is_some_and(|parent| parent.holds_properties());
    let object = schema.as_object_mut().filter(|_| !is_property)?;
    object.shift_remove(NAME_OVERRIDE)?.as_str().map(pascal)
}

/// Whether a schema becomes a named type.
fn is_compound(schema: &Value) -> bool {
    let has = |key: &str| schema.get(key).is_some();
    let is_string_enum = has("enum") && schema.get("type").and_then(Value::as_str) == Some("string");
    let has_fields = has("properties") || (has("required") && schema.get("type").is_some_and(|ty| ty == "object"));
    // The constants of an enum of integers need a type.
    let is_integer = schema.get("type").is_some_and(|ty| ty == "integer");
    let has_names = is_integer && has("enum") && (has("x-enum-varnames") || has("x-enumNames"));
    let is_more = has_fields || is_string_enum || has_names || has("oneOf") || has("anyOf");
    is_more || (has("allOf") && !is_annotated_reference(schema))
}

/// Whether a schema only says which properties are required.
fn only_requires(schema: &Value) -> bool {
    schema.as_object().is_some_and(|schema| schema.keys().all(|key| matches!(key.as_str(), "type" | "required")))
}

/// Whether this is an `allOf` of one reference, which only annotates the use of the type.
fn is_annotated_reference(schema: &Value) -> bool {
    let parts = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice);
    let is_alone = schema.as_object().is_some_and(|schema| schema.keys().all(|key| key == "allOf" || !is_shape(key)));
    is_alone && matches!(parts, Some([only]) if only.get("$ref").is_some())
}

/// Keywords that describe the use of a type, not the type.
pub(super) const ANNOTATIONS: [&str; 9] =
    ["description", "nullable", "default", "deprecated", "example", "readOnly", "writeOnly", SENSITIVE, NAME_OVERRIDE];

/// Removes the keywords that stay in place, and returns them. A copy of the description remains, as the best that the
/// type has.
pub(super) fn take(kept_keys: &[&str], schema: &mut Value) -> Map<String, Value> {
    let Some(object) = schema.as_object_mut() else { return Map::new() };
    let mut annotations = Map::new();
    for key in kept_keys {
        let value = if *key == "description" { object.get(*key).cloned() } else { object.shift_remove(*key) };
        annotations.extend(value.map(|value| ((*key).to_owned(), value)));
    }
    annotations
}

/// Returns a name for a union member: its title, or the only value of a required property.
fn member_word(member: &Value) -> Option<String> {
    const LONGEST: usize = 32;
    let title = || member.get("title")?.as_str();
    let tag = || {
        let required = member.get("required")?.as_array()?.iter().filter_map(Value::as_str);
        let mut tags = required.filter_map(|name| only_value(member.get("properties")?.get(name)?));
        tags.next()
    };
    let word = pascal(title().or_else(tag)?);
    let is_name = word.len() <= LONGEST && word.starts_with(|first: char| first.is_ascii_alphabetic());
    is_name.then_some(word)
}

fn only_value(schema: &Value) -> Option<&str> {
    match schema.get("enum")?.as_array()?.as_slice() {
        [only] => only.as_str(),
        _ => None,
    }
}

/// Reduces an annotated reference to the reference, unless the annotation is about `null`.
fn drop_annotation(member: &mut Value) {
    if is_annotated_reference(member) && member.get("nullable").is_none() {
        let target = member.get_mut("allOf").and_then(|parts| parts.get_mut(0)).map(Value::take);
        *member = target.unwrap_or_default();
    }
}

/// Returns a reference to the schema, beside the keywords that stay in place.
pub(super) fn reference(name: &str, mut annotations: Map<String, Value>) -> Value {
    let target = json!({ "$ref": format!("#/components/schemas/{name}") });
    if annotations.is_empty() {
        return target;
    }
    annotations.insert("allOf".to_owned(), json!([target]));
    Value::Object(annotations)
}
