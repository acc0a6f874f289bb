//! Keeps `readOnly` properties out of requests, and does not require `writeOnly` ones in responses (OpenAPI 3.0, "Fixed
//! Fields" of the Schema Object).
//!
//! `User: {required: [id, name], properties: {id: {readOnly: true}, name: {}}}`, in requests and responses →
//! the same for responses, and for requests `UserRequest: {required: [name], properties: {name: {}}, x-request-of: User}`
//!
//! A schema that only requests use is changed in place. A schema that leads to a separated one is separated too. What
//! distinguishes the members of a union stays, the discriminator and constants, because a request without it would have
//! another meaning. Responses lose the defaults of `writeOnly` properties.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::Log;
use crate::document::{Document, Node, Pointer};
use crate::naming::unique;
use crate::openapi::{PARTIAL, REQUEST_OF, leaves, names_same, operations, union_members};

const SCHEMAS: &str = "#/components/schemas/";

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    let root = document.root();
    let Some(schemas) = root.at(&["components", "schemas"]) else { return };
    let schemas: BTreeMap<&str, Node<'_>> = schemas.entries().collect();
    let sent: Vec<Node<'_>> = operations(document)
        .iter()
        .flat_map(|site| [site.node.get("parameters"), site.node.get("requestBody")])
        .flatten()
        .collect();
    let received: Vec<Node<'_>> = operations(document).iter().filter_map(|site| site.node.get("responses")).collect();
    let is_received = |_: &str, _: &Node<'_>| true;
    let tags = Tags::of(&schemas, &reached(&schemas, &sent, &is_received));
    let is_sent = |name: &str, property: &Node<'_>| tags.has(name, property) || !has(property, "readOnly");
    let requests = reached(&schemas, &sent, &is_sent);
    let responses = reached(&schemas, &received, &is_received);
    let separated = separated(&schemas, &tags, &is_sent, requests.intersection(&responses));
    let mut taken: BTreeSet<String> = schemas.keys().map(|name| (*name).to_owned()).collect();
    let names: BTreeMap<&str, String> =
        separated.iter().map(|name| (*name, unique(format!("{name}Request"), &mut taken))).collect();
    let place = Pointer::root().join("components").join("schemas");
    let mut changes = Changes { value, log };
    for (name, schema) in &schemas {
        let request = || request_form(schema, &tags, name, &names);
        if let Some(new) = names.get(name) {
            let (mut form, kept) = request();
            if let Value::Object(form) = &mut form {
                form.insert(REQUEST_OF.to_owned(), json!(name));
            }
            changes.log.copied(place.join(name), place.join(new));
            changes.replace(&place.join(new), form, kept);
        } else if requests.contains(name) && !responses.contains(name) {
            let (form, kept) = request();
            changes.replace(schema.pointer(), form, kept);
        }
        if responses.contains(name) {
            let (form, kept) = response_form(schema);
            changes.replace(schema.pointer(), form, kept);
        }
    }
    for part in sent {
        let mut renamed = part.value().clone();
        rename(&mut renamed, &names);
        changes.replace(part.pointer(), renamed, None);
    }
}

/// Changes to a copy of the document, which is made at the first change.
struct Changes<'a, 'v> {
    value: &'a mut Cow<'v, Value>,
    log: &'a mut Log,
}

impl Changes<'_, '_> {
    /// Replaces a value, or inserts it beside its siblings, and records which required properties remain.
    fn replace(&mut self, place: &Pointer, new: Value, kept: Option<Vec<usize>>) {
        if self.value.pointer(place.as_str()) == Some(&new) {
            return;
        }
        let value = self.value.to_mut();
        match value.pointer_mut(place.as_str()) {
            Some(old) => *old = new,
            None => {
                let parent = place.parent().and_then(|parent| value.pointer_mut(parent.as_str()));
                if let (Some(Value::Object(parent)), Some(key)) = (parent, place.last()) {
                    parent.insert(key, new);
                }
            }
        }
        if let Some(kept) = kept {
            self.log.kept(&place.join("required"), kept);
        }
    }
}

/// The properties that distinguish the members of unions, by the names of the members.
struct Tags<'a>(BTreeSet<(String, &'a str)>);

impl<'a> Tags<'a> {
    /// Returns the tags of the unions with these names, and the constants of their members, which tell the members apart too.
    fn of(schemas: &BTreeMap<&str, Node<'a>>, names: &BTreeSet<&str>) -> Self {
        let mut tags = BTreeSet::new();
        for union in names.iter().filter_map(|name| schemas.get(name)).filter(|schema| union_members(schema).is_some())
        {
            let discriminator = union.get("discriminator").or_else(|| union.get(PARTIAL));
            let property = discriminator.and_then(|discriminator| discriminator.text("propertyName"));
            for member in leaves(union).into_iter().flatten() {
                let Some(name) = member.pointer().last() else { continue };
                tags.extend(property.map(|property| (name.clone(), property)));
                let own = member.get("properties");
                let constants = own.iter().flat_map(Node::entries).filter(|(_, property)| is_constant(property));
                tags.extend(constants.map(|(property, _)| (name.clone(), property)));
            }
        }
        Self(tags)
    }

    /// Whether the property of the schema is a tag.
    fn has(&self, name: &str, property: &Node<'_>) -> bool {
        let Some(key) = property.pointer().last() else { return false };
        self.0.contains(&(name.to_owned(), key.as_str()))
    }
}

/// Whether a property has only one value.
fn is_constant(property: &Node<'_>) -> bool {
    let values = property.resolve_single().and_then(|target| target.get("enum"));
    values.is_some_and(|values| values.items().count() == 1)
}

/// Whether a property has this annotation, itself or in the schema that it refers to.
fn has(property: &Node<'_>, annotation: &str) -> bool {
    property.is_true(annotation) || property.resolve_single().is_some_and(|target| target.is_true(annotation))
}

/// Returns the names of the schemas that these parts lead to, through those properties of objects that are wanted.
fn reached<'a>(
    schemas: &BTreeMap<&'a str, Node<'a>>,
    parts: &[Node<'a>],
    is_wanted: &impl Fn(&str, &Node<'_>) -> bool,
) -> BTreeSet<&'a str> {
    let mut open = Vec::new();
    for part in parts {
        targets(part, None, is_wanted, &mut open);
    }
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        if let Some((name, schema)) = schemas.get_key_value(name)
            && found.insert(*name)
        {
            targets(schema, Some(name), is_wanted, &mut open);
        }
    }
    found
}

/// Collects the names of the schemas that a part refers to. `owner` is the schema whose properties these are.
fn targets<'a>(
    part: &Node<'a>,
    owner: Option<&str>,
    is_wanted: &impl Fn(&str, &Node<'_>) -> bool,
    names: &mut Vec<&'a str>,
) {
    if let Some(reference) = part.text("$ref") {
        names.extend(reference.rsplit('/').next());
        return;
    }
    for (key, child) in part.described() {
        match owner.filter(|_| key == "properties") {
            Some(owner) => {
                let wanted = child.entries().filter(|(_, property)| is_wanted(owner, property));
                wanted.for_each(|(_, property)| targets(&property, None, is_wanted, names));
            }
            None => targets(&child, None, is_wanted, names),
        }
    }
    part.items().for_each(|item| targets(&item, None, is_wanted, names));
}

/// Returns the names of the schemas that requests and responses share, and that differ between them.
fn separated<'a: 'b, 'b>(
    schemas: &BTreeMap<&'a str, Node<'a>>,
    tags: &Tags<'_>,
    is_sent: &impl Fn(&str, &Node<'_>) -> bool,
    shared: impl Iterator<Item = &'b &'a str>,
) -> BTreeSet<&'a str> {
    let mut users: BTreeMap<&str, Vec<&'a str>> = BTreeMap::new();
    let mut open = Vec::new();
    for name in shared {
        let Some(schema) = schemas.get(name) else { continue };
        let mut used = Vec::new();
        targets(schema, Some(name), is_sent, &mut used);
        for target in used {
            users.entry(target).or_default().push(name);
        }
        let no_names = BTreeMap::new();
        if request_form(schema, tags, name, &no_names).0 != response_form(schema).0 {
            open.push(*name);
        }
    }
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        if found.insert(name) {
            open.extend(users.get(name).into_iter().flatten());
        }
    }
    found
}

/// Returns a schema without the properties that requests omit, and the indices of the required properties that remain.
fn request_form(
    schema: &Node<'_>,
    tags: &Tags<'_>,
    name: &str,
    names: &BTreeMap<&str, String>,
) -> (Value, Option<Vec<usize>>) {
    let properties = schema.get("properties");
    let omitted: Vec<&str> = properties
        .iter()
        .flat_map(Node::entries)
        .filter(|(_, property)| has(property, "readOnly") && !tags.has(name, property))
        .map(|(key, _)| key)
        .collect();
    let mut form = schema.value().clone();
    rename(&mut form, names);
    let Value::Object(object) = &mut form else { return (form, None) };
    for key in ["properties", "example", "default"] {
        if let Some(Value::Object(values)) = object.get_mut(key) {
            values.retain(|key, _| !omitted.contains(&key.as_str()));
        }
    }
    let kept = drop_required(object, |name| omitted.contains(&name));
    (form, kept)
}

/// Returns a schema that does not require the properties that responses omit, and the indices of those that it requires.
fn response_form(schema: &Node<'_>) -> (Value, Option<Vec<usize>>) {
    let mut form = schema.value().clone();
    let Value::Object(object) = &mut form else { return (form, None) };
    let properties = schema.get("properties");
    let is_omitted = |name: &str| {
        properties.as_ref().and_then(|all| all.get(name)).is_some_and(|property| has(&property, "writeOnly"))
    };
    let kept = drop_required(object, is_omitted);
    // A default is what the service uses for a request without the property, not what a response without it means.
    if let Some(Value::Object(own)) = object.get_mut("properties") {
        let omitted = own.iter_mut().filter(|(name, _)| is_omitted(name));
        for (_, property) in omitted {
            property.as_object_mut().and_then(|property| property.shift_remove("default"));
        }
    }
    (form, kept)
}

/// Removes names from the required properties, and returns the indices of the others. `None` if nothing was removed.
fn drop_required(schema: &mut Map<String, Value>, is_dropped: impl Fn(&str) -> bool) -> Option<Vec<usize>> {
    let Some(Value::Array(required)) = schema.get_mut("required") else { return None };
    let is_kept = |name: &Value| !name.as_str().is_some_and(&is_dropped);
    let kept: Vec<usize> =
        required.iter().enumerate().filter(|(_, name)| is_kept(name)).map(|(index, _)| index).collect();
    if kept.len() == required.len() {
        return None;
    }
    required.retain(is_kept);
    if required.is_empty() {
        schema.shift_remove("required");
    }
    Some(kept)
}

/// Lets the references in a value, and the mapping of a discriminator, lead to the request forms of schemas.
fn rename(value: &mut Value, names: &BTreeMap<&str, String>) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get_mut("$ref") {
                rename_reference(reference, names);
                return;
            }
            for (key, child) in object {
                match (key.as_str(), child) {
                    ("discriminator" | PARTIAL, child) => rename_mapping(child, names),
                    ("properties", Value::Object(properties)) => {
                        properties.values_mut().for_each(|property| rename(property, names));
                    }
                    ("example" | "examples" | "default" | "enum", _) => {}
                    (_, child) => rename(child, names),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        _ => {}
    }
}

fn rename_mapping(discriminator: &mut Value, names: &BTreeMap<&str, String>) {
    let Some(Value::Object(mapping)) = discriminator.get_mut("mapping") else { return };
    for target in mapping.values_mut() {
        if let Value::String(target) = target {
            rename_reference(target, names);
        }
    }
}

fn rename_reference(reference: &mut String, names: &BTreeMap<&str, String>) {
    let target = reference.rsplit('/').next().unwrap_or_default();
    if let Some(new) = names.get(target).filter(|_| names_same(&format!("{SCHEMAS}{target}"), reference)) {
        *reference = format!("{SCHEMAS}{new}");
    }
}
