//! Makes every value of a discriminator lead to a member of its union. A discriminator that cannot distinguish the
//! members is dropped, and the members are tried in turn instead.
//!
//! `{oneOf: [{$ref: Cat}], discriminator: {propertyName: kind, mapping: {cat: Cat, dog: Dog, cow: Nothing}}}` →
//! `{oneOf: [{$ref: Cat}, {$ref: Dog}], discriminator: {propertyName: kind, mapping: {cat: Cat, dog: Dog}}}`
//!
//! `{oneOf: [{type: string}, {$ref: Dog}], discriminator: {propertyName: kind}}` → `{oneOf: [{type: string}, {$ref: Dog}]}`

use std::borrow::Cow;

use serde_json::{Value, json};

use super::Log;
use crate::document::{Document, Node};
use crate::openapi::{can_carry_tag, is_text_property, names_same, schema_nodes, union_members};

const SCHEMAS: &str = "#/components/schemas/";

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, _: &mut Log) {
    for union in schema_nodes(document).iter().filter(|schema| is_told_apart(schema)) {
        let Some(Value::Object(object)) = value.to_mut().pointer_mut(union.pointer().as_str()) else { continue };
        if !is_sound(union) {
            object.shift_remove("discriminator");
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

/// Whether each member is a reference to a schema that can have the property.
fn is_sound(union: &Node<'_>) -> bool {
    let Some(discriminator) = union.get("discriminator") else { return true };
    let Some(property) = discriminator.text("propertyName") else { return false };
    union_members(union)
        .iter()
        .flat_map(Node::items)
        .all(|member| member.text("$ref").is_some() && member.resolve().is_none_or(|member| carries(&member, property)))
}

fn carries(schema: &Node<'_>, property: &str) -> bool {
    can_carry_tag(schema) && is_text_property(schema, property)
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
