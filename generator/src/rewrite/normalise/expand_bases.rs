//! Turns a base schema with a discriminator into the union of the schemas that extend it, at any depth. Those get a copy of
//! what the base describes (OpenAPI 3.0, "Discriminator Object").
//!
//! `Pet: {properties: {kind: …}, discriminator: {propertyName: kind}}`, `Cat: {allOf: [{$ref: Pet}, {properties: {lives: …}}]}` →
//! `Pet: {oneOf: [{$ref: Cat}], discriminator: {propertyName: kind, mapping: {Cat: Cat}}}`,
//! `Cat: {allOf: [{properties: {kind: …}}, {properties: {lives: …}}]}`
//!
//! A base that only its extensions refer to stays as it is.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::Log;
use crate::document::{Document, Node, Pointer};
use crate::naming::unique;
use crate::openapi::{INFERRED, constants, names_same, schema_nodes, union_members};

const SCHEMAS: &str = "#/components/schemas/";

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    let hierarchy = Hierarchy::of(document);
    let bases = hierarchy.bases();
    if bases.is_empty() {
        return;
    }
    let mut copies: Vec<(Pointer, Value)> = Vec::new();
    for schema in schema_nodes(document) {
        for (part, base) in extended(&schema).into_iter().filter(|(_, base)| bases.contains_key(base)) {
            log.copied(hierarchy.place.join(base), part.pointer().clone());
            copies.push((part.pointer().clone(), hierarchy.own(base, &bases, &mut Vec::new())));
        }
    }
    let mut added = Map::new();
    let mut taken: BTreeSet<String> = hierarchy.schemas.keys().map(|name| (*name).to_owned()).collect();
    let mut unions: Vec<(&str, Value)> = Vec::new();
    // The names of the schemas of values that belong to a base itself.
    let mut own: BTreeMap<String, String> = BTreeMap::new();
    for (base, property) in &bases {
        let mut members = hierarchy.members(base, property);
        for (_, target) in &mut members {
            if bases.get(target.as_str()) != Some(property) {
                continue;
            }
            let name = own.entry(target.clone()).or_insert_with(|| {
                let name = unique(format!("{target}Base"), &mut taken);
                log.copied(hierarchy.place.join(target.as_str()), hierarchy.place.join(&name));
                added.insert(name.clone(), hierarchy.own(target, &bases, &mut Vec::new()));
                name
            });
            target.clone_from(name);
        }
        unions.push((base, union(property, &members)));
    }
    let root = value.to_mut();
    for (place, copy) in copies {
        if let Some(slot) = root.pointer_mut(place.as_str()) {
            *slot = copy;
        }
    }
    for (base, union) in unions {
        if let (Some(Value::Object(slot)), Value::Object(union)) =
            (root.pointer_mut(hierarchy.place.join(base).as_str()), union)
        {
            slot.retain(|key, _| ["title", "description", "nullable", "deprecated"].contains(&key.as_str()));
            slot.extend(union);
        }
    }
    if let Some(Value::Object(schemas)) = root.pointer_mut(hierarchy.place.as_str()) {
        schemas.extend(added);
    }
}

fn union(property: &str, members: &[(String, String)]) -> Value {
    let reference = |name: &str| format!("{SCHEMAS}{name}");
    let mut names: Vec<&str> = Vec::new();
    for (_, name) in members {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let members: Map<String, Value> =
        members.iter().map(|(tag, name)| (tag.clone(), Value::String(reference(name)))).collect();
    let names: Vec<Value> = names.into_iter().map(|name| json!({ "$ref": reference(name) })).collect();
    json!({ "oneOf": names, "discriminator": { "propertyName": property, "mapping": members, INFERRED: true } })
}

/// Returns the parts of a schema that are references to named schemas which it extends, with their names.
fn extended<'a>(schema: &Node<'a>) -> Vec<(Node<'a>, &'a str)> {
    let parts: Vec<_> = schema.get("allOf").iter().flat_map(Node::items).collect();
    // One reference, below a named schema, only annotates.
    let is_named = schema.pointer().as_str().rsplit_once('/').is_some_and(|(list, _)| list == "/components/schemas");
    if parts.len() == 1 && !is_named && schema.get("properties").is_none() {
        return Vec::new();
    }
    let mut all = Vec::new();
    let mut open = parts;
    open.reverse();
    while let Some(part) = open.pop() {
        match extended_name(&part) {
            Some(name) => all.push((part, name)),
            None => {
                let start = open.len();
                open.extend(part.get("allOf").iter().flat_map(Node::items));
                open.get_mut(start..).into_iter().for_each(<[_]>::reverse);
            }
        }
    }
    all
}

/// Returns the name of the schema that a reference leads to, through aliases.
fn extended_name<'a>(part: &Node<'a>) -> Option<&'a str> {
    part.resolve()?;
    let mut reference = part.clone();
    loop {
        let name = reference.text("$ref")?.strip_prefix(SCHEMAS)?;
        let target = reference.follow()?;
        if target.text("$ref").is_none() {
            return Some(name);
        }
        reference = target;
    }
}

/// The named schemas, and which extends which.
struct Hierarchy<'a> {
    place: Pointer,
    schemas: BTreeMap<&'a str, Node<'a>>,
    /// The names of the schemas that extend a schema, in document order.
    children: BTreeMap<&'a str, Vec<&'a str>>,
    /// The schemas that other places than extensions refer to.
    used: BTreeSet<&'a str>,
}

impl<'a> Hierarchy<'a> {
    fn of(document: &'a Document) -> Self {
        let place = Pointer::root().join("components").join("schemas");
        let (mut schemas, mut children) = (BTreeMap::new(), BTreeMap::<_, Vec<_>>::new());
        for (name, schema) in document.root().at(&["components", "schemas"]).iter().flat_map(Node::entries) {
            for (_, base) in extended(&schema) {
                children.entry(base).or_default().push(name);
            }
            schemas.insert(name, schema);
        }
        let extensions: BTreeSet<Pointer> =
            schema_nodes(document).iter().flat_map(extended).map(|(part, _)| part.pointer().clone()).collect();
        let mut used = BTreeSet::new();
        references(&document.root(), &extensions, &mut used);
        Self { place, schemas, children, used }
    }

    /// Returns the bases that become unions, with the properties that distinguish their members: those that are used, and
    /// those among their members.
    fn bases(&self) -> BTreeMap<&'a str, &'a str> {
        let mut bases = BTreeMap::new();
        let mut used: Vec<&str> = self.used.iter().copied().collect();
        while let Some(name) = used.pop() {
            let Some((name, schema)) = self.schemas.get_key_value(name) else { continue };
            let property = schema.at(&["discriminator", "propertyName"]).and_then(|name| name.value().as_str());
            let Some(property) = property.filter(|_| union_members(schema).is_none()) else { continue };
            let members = self.members(name, property);
            if !bases.contains_key(name) && members.iter().any(|(_, member)| member != name) {
                bases.insert(*name, property);
                let members = members.iter().filter_map(|(_, member)| self.schemas.get_key_value(member.as_str()));
                used.extend(members.map(|(name, _)| *name));
            }
        }
        bases
    }

    /// Returns the members of a union, each with its tag: what the mapping of the base says, then the schemas that extend
    /// the base.
    fn members(&self, base: &str, property: &str) -> Vec<(String, String)> {
        let mut members: Vec<(String, String)> = Vec::new();
        let mapping = self.schemas.get(base).and_then(|schema| schema.at(&["discriminator", "mapping"]));
        for (tag, target) in mapping.iter().flat_map(Node::entries) {
            let target = target.value().as_str().unwrap_or_default();
            let name = self.schemas.keys().find(|name| names_same(&format!("{SCHEMAS}{name}"), target));
            if let Some(name) = name {
                members.push((tag.to_owned(), (*name).to_owned()));
            }
        }
        let mut below = Vec::new();
        if self.has_ancestor(base, property) {
            below.extend(self.schemas.get_key_value(base).map(|(name, _)| *name));
        }
        self.add_descendants(base, property, &mut below);
        for name in below {
            if members.iter().any(|(_, member)| member == name) {
                continue;
            }
            for tag in self.tags(name, base, property) {
                if members.iter().all(|(known, _)| *known != tag) {
                    members.push((tag, name.to_owned()));
                }
            }
        }
        members
    }

    /// Returns the tags of a schema that extends a base: those that a base maps to it, or else its constants, or else its name.
    fn tags(&self, name: &str, base: &str, property: &str) -> Vec<String> {
        let discriminators = self.schemas.values().filter_map(|schema| schema.get("discriminator"));
        let alike = discriminators.filter(|discriminator| discriminator.text("propertyName") == Some(property));
        let mappings: Vec<_> = alike.filter_map(|discriminator| discriminator.get("mapping")).collect();
        let leads_here = |target: &Node<'_>| {
            let target = target.value().as_str().unwrap_or_default();
            names_same(&format!("{SCHEMAS}{name}"), target)
        };
        let mapped = mappings.iter().flat_map(Node::entries).filter(|(_, target)| leads_here(target));
        let mapped: Vec<_> = mapped.map(|(tag, _)| tag.to_owned()).collect();
        if !mapped.is_empty() {
            return mapped;
        }
        let listed = |name: &str| self.schemas.get(name).and_then(|schema| constants(schema, property));
        // What the base lists are the tags of all that extend it.
        let own = listed(name).filter(|own| name == base || listed(base).as_ref() != Some(own));
        own.unwrap_or_else(|| vec![name.to_owned()])
    }

    /// Whether a base extends another one with the same property.
    fn has_ancestor(&self, base: &str, property: &str) -> bool {
        let mut above: Vec<&str> = Vec::new();
        self.schemas.keys().filter(|name| **name != base).any(|name| {
            let own = self.schemas.get(name).and_then(|schema| schema.at(&["discriminator", "propertyName"]));
            above.clear();
            let is_alike = own.is_some_and(|own| own.value().as_str() == Some(property));
            is_alike && {
                self.add_descendants(name, property, &mut above);
                above.contains(&base)
            }
        })
    }

    /// Adds the schemas that extend a base, and those that extend them. A schema with another discriminator
    /// property is a union of its own extensions, so these are not added.
    fn add_descendants(&self, base: &str, property: &str, all: &mut Vec<&'a str>) {
        for child in self.children.get(base).into_iter().flatten() {
            if all.contains(child) {
                continue;
            }
            all.push(child);
            let own = self.schemas.get(child).and_then(|schema| schema.at(&["discriminator", "propertyName"]));
            if own.is_none_or(|own| own.value().as_str() == Some(property)) {
                self.add_descendants(child, property, all);
            }
        }
    }

    /// Returns what a base describes itself.
    fn own(&self, base: &str, bases: &BTreeMap<&str, &str>, within: &mut Vec<String>) -> Value {
        let Some(schema) = self.schemas.get(base).filter(|_| !within.iter().any(|name| name == base)) else {
            return json!({});
        };
        within.push(base.to_owned());
        let mut own = schema.value().clone();
        if let Value::Object(object) = &mut own {
            for key in ["discriminator", "title", "description", "example"] {
                object.shift_remove(key);
            }
        }
        for (part, base) in extended(schema).into_iter().filter(|(_, base)| bases.contains_key(base)) {
            let place = part.pointer().as_str().strip_prefix(schema.pointer().as_str()).unwrap_or_default();
            if let Some(slot) = own.pointer_mut(place) {
                *slot = self.own(base, bases, within);
            }
        }
        within.pop();
        own
    }
}

/// Collects the named schemas that are referred to, other than by schemas that extend them.
fn references<'a>(node: &Node<'a>, extensions: &BTreeSet<Pointer>, used: &mut BTreeSet<&'a str>) {
    if let Some(name) = node.text("$ref").and_then(|reference| reference.strip_prefix(SCHEMAS)) {
        if !extensions.contains(node.pointer()) {
            used.insert(name);
        }
        return;
    }
    node.described_parts().for_each(|(_, child)| references(&child, extensions, used));
    node.items().for_each(|item| references(&item, extensions, used));
}
