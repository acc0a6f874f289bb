//! Makes every value of a discriminator lead to a member of its union. A discriminator that cannot distinguish all members
//! is renamed to `x-discriminator`: it distinguishes the members that it maps, and the shape of a value the others.
//!
//! `{oneOf: [{$ref: Cat}], discriminator: {propertyName: kind, mapping: {cat: Cat, dog: Dog, cow: Nothing}}}` →
//! `{oneOf: [{$ref: Cat}, {$ref: Dog}], discriminator: {propertyName: kind, mapping: {cat: Cat, dog: Dog}}}`
//!
//! `{oneOf: [{type: string}, {$ref: Dog}], discriminator: {propertyName: kind}}` →
//! `{oneOf: [{type: string}, {$ref: Dog}], x-discriminator: {propertyName: kind, mapping: {Dog: Dog}}}`

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::Log;
use crate::document::{Document, Node};
use crate::openapi::{
    PARTIAL, can_carry_tag, constants, is_tag_property, names_same, property_type, schema_nodes, union_members,
};

const SCHEMAS: &str = "#/components/schemas/";

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, _: &mut Log) {
    for union in schema_nodes(document).iter().filter(|schema| is_told_apart(schema)) {
        let Some(Value::Object(object)) = value.to_mut().pointer_mut(union.pointer().as_str()) else { continue };
        if !is_sound(union) {
            object.shift_remove("discriminator");
            if let Some(partial) = partial(union) {
                object.insert(PARTIAL.to_owned(), partial);
            }
            continue;
        }
        let (added, dropped) = mapping_changes(document, union);
        let key = if object.contains_key("oneOf") { "oneOf" } else { "anyOf" };
        if let Some(Value::Array(members)) = object.get_mut(key) {
            members.extend(added.into_iter().map(|reference| json!({ "$ref": reference })));
        }
        let mapping = object.get_mut("discriminator").and_then(|discriminator| discriminator.get_mut("mapping"));
        if let Some(Value::Object(mapping)) = mapping {
            mapping.retain(|value, _| !dropped.contains(&value.as_str()));
        }
    }
}

fn is_told_apart(schema: &Node<'_>) -> bool {
    schema.get("discriminator").is_some() && union_members(schema).is_some()
}

/// Whether each member is a reference to a schema that can have the property, and all properties have one JSON type.
fn is_sound(union: &Node<'_>) -> bool {
    let Some(discriminator) = union.get("discriminator") else { return true };
    let Some(property) = discriminator.text("propertyName") else { return false };
    let members: Vec<_> = union_members(union).iter().flat_map(Node::items).collect();
    let targets: Vec<_> = members.iter().filter_map(Node::resolve).collect();
    let types: BTreeSet<_> = targets.iter().filter_map(|target| property_type(target, property)).collect();
    let mapping = discriminator.get("mapping");
    let is_mapped = |member: &Node<'_>| {
        let mut targets = mapping.iter().flat_map(Node::entries).filter_map(|(_, target)| target.value().as_str());
        let reference = member.text("$ref").unwrap_or_default();
        targets.any(|target| names_same(reference, target))
    };
    // A member without a tag gets the name of its schema as the tag, which cannot be an integer or a boolean.
    let has_tag = |member: &Node<'_>| {
        is_mapped(member) || member.resolve().is_none_or(|target| constants(&target, property).is_some())
    };
    let is_text = types.iter().all(|ty| *ty == "string");
    types.len() <= 1
        && members.iter().all(|member| member.text("$ref").is_some() && (is_text || has_tag(member)))
        && targets.iter().all(|target| carries(target, property))
        && (is_text || mapping.iter().flat_map(Node::entries).all(|(tag, _)| is_of_type(tag, &types)))
}

/// Returns the discriminator for the members that can have the property, with all their tags. `None` if there are no such
/// members, or if their properties differ in their JSON type.
fn partial(union: &Node<'_>) -> Option<Value> {
    let discriminator = union.get("discriminator")?;
    let property = discriminator.text("propertyName")?;
    let mut mapping = Map::new();
    let mut types = BTreeSet::new();
    for member in union_members(union)?.items() {
        let Some(reference) = member.text("$ref") else { continue };
        let Some(target) = member.resolve().filter(|target| carries(target, property)) else { continue };
        let stated = discriminator.get("mapping");
        let is_own = |target: &Node<'_>| target.value().as_str().is_some_and(|target| names_same(reference, target));
        let mapped = stated.iter().flat_map(Node::entries).filter(|(_, target)| is_own(target));
        let mut tags: Vec<String> = mapped.map(|(tag, _)| tag.to_owned()).collect();
        if tags.is_empty() {
            tags = constants(&target, property)
                .unwrap_or_else(|| reference.rsplit('/').next().map(str::to_owned).into_iter().collect());
        }
        types.extend(property_type(&target, property));
        for tag in tags {
            // A value of several members does not tell them apart.
            mapping.entry(tag).and_modify(|target| *target = Value::Null).or_insert_with(|| json!(reference));
        }
    }
    mapping.retain(|tag, target| {
        !target.is_null() && (!types.iter().any(|ty| *ty != "string") || is_of_type(tag, &types))
    });
    let is_useful = types.len() <= 1 && !mapping.is_empty();
    is_useful.then(|| json!({ "propertyName": property, "mapping": mapping }))
}

/// Whether the text of a tag is a value of one of the JSON types.
fn is_of_type(tag: &str, types: &BTreeSet<&str>) -> bool {
    match serde_json::from_str(tag) {
        Ok(Value::Bool(_)) => types.contains("boolean"),
        Ok(Value::Number(number)) => types.contains("integer") && !number.is_f64(),
        _ => false,
    }
}

fn carries(schema: &Node<'_>, property: &str) -> bool {
    can_carry_tag(schema) && is_tag_property(schema, property)
}

/// Returns the references of the mapping that are missing from the members, and the values whose target is no valid
/// member.
fn mapping_changes<'a>(document: &'a Document, union: &Node<'a>) -> (Vec<String>, Vec<&'a str>) {
    let property = union.at(&["discriminator", "propertyName"]).and_then(|name| name.value().as_str());
    let members: Vec<_> = union_members(union).iter().flat_map(Node::items).collect();
    let (mut added, mut dropped) = (Vec::new(), Vec::new());
    for (value, target) in union.at(&["discriminator", "mapping"]).iter().flat_map(Node::entries) {
        let target = target.value().as_str().unwrap_or_default();
        if members.iter().any(|member| member.text("$ref").is_some_and(|reference| names_same(reference, target))) {
            continue;
        }
        let name = target.strip_prefix(SCHEMAS).unwrap_or(target);
        let schema = document.root().at(&["components", "schemas", name]).and_then(|schema| schema.resolve());
        let is_union = |schema: &Node<'_>| schema.pointer() == union.pointer();
        match schema.zip(property).filter(|(schema, property)| carries(schema, property) && !is_union(schema)) {
            Some(_) => {
                let reference = format!("{SCHEMAS}{name}");
                if !added.contains(&reference) {
                    added.push(reference);
                }
            }
            None => dropped.push(value),
        }
    }
    (added, dropped)
}
