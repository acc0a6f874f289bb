//! Adds a discriminator with a full mapping to every union whose members a property distinguishes. The values of the
//! property are strings, integers or booleans.
//!
//! `oneOf: [{$ref: Cat}, {$ref: Dog}]`, each with a `kind` of one value →
//! the same with `discriminator: {propertyName: kind, mapping: {cat: Cat, dog: Dog}}`
//!
//! A member that is such a union itself contributes all values of its own members.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::Log;
use crate::document::{Document, Node};
use crate::openapi::{INFERRED, constants, leaves, tells_apart, union_members};

/// Completes the mapping of unions that have a discriminator.
pub(super) fn complete(document: &Document, value: &mut Cow<'_, Value>, _: &mut Log) {
    write(document, value, |union| {
        let stated = union.get("discriminator")?;
        let mut complete = mapped(union, &[stated.text("propertyName")?])?;
        if stated.is_true(INFERRED) {
            complete.as_object_mut()?.insert(INFERRED.to_owned(), json!(true));
        }
        Some(complete)
    });
}

/// Infers the discriminator of unions that have none.
pub(super) fn infer(document: &Document, value: &mut Cow<'_, Value>, _: &mut Log) {
    write(document, value, |union| {
        let mut inferred = mapped(union, &common_tags(union)).filter(|_| union.get("discriminator").is_none())?;
        inferred.as_object_mut()?.insert(INFERRED.to_owned(), json!(true));
        Some(inferred)
    });
}

fn write(document: &Document, value: &mut Cow<'_, Value>, discriminator: impl Fn(&Node<'_>) -> Option<Value>) {
    for (_, schema) in document.root().at(&["components", "schemas"]).iter().flat_map(Node::entries) {
        let Some(discriminator) = discriminator(&schema) else {
            continue;
        };
        if let Some(Value::Object(union)) = value.to_mut().pointer_mut(schema.pointer().as_str()) {
            // A tag selects exactly one member, so `anyOf` is the same as `oneOf`.
            if let Some(members) = union.shift_remove("anyOf") {
                union.entry("oneOf").or_insert(members);
            }
            union.insert("discriminator".to_owned(), discriminator);
        }
    }
}

fn mapped(union: &Node<'_>, properties: &[&str]) -> Option<Value> {
    let property = *properties.first()?;
    let members: Vec<_> = union_members(union)?.items().collect();
    let mut mapping = Map::new();
    let stated = union.at(&["discriminator", "mapping"]);
    for (tag, target) in stated.iter().flat_map(Node::entries) {
        mapping.insert(tag.to_owned(), target.value().clone());
    }
    let mut all = Vec::new();
    for member in &members {
        let reference = member.text("$ref")?;
        let name = reference.rsplit('/').next()?;
        let is_mapped = |target: &Value| target.as_str().is_some_and(|target| target == reference || target == name);
        let is_mapped = mapping.values().any(is_mapped);
        let target = member.resolve()?;
        let tags = match tags(&target, property) {
            // The name of a union is the tag of none of its members.
            None if union_members(&target).is_some() && !is_mapped => return None,
            tags => tags.unwrap_or_default(),
        };
        all.push((reference, name, is_mapped, tags));
    }
    let is_stated = union.get("discriminator").is_some();
    for (reference, name, is_mapped, tags) in &all {
        let is_own = |tag: &&String| all.iter().filter(|(.., tags)| tags.contains(tag)).count() == 1;
        let own: Vec<_> = tags.iter().filter(is_own).filter(|tag| !mapping.contains_key(*tag)).cloned().collect();
        // Values that several members can have do not tell them apart, but the names of the schemas do, which are the
        // values of a discriminator without a mapping (OpenAPI 3.0, "Discriminator Object").
        let has_name = is_stated && tags.iter().any(|tag| tag == name);
        if own.is_empty() && !is_mapped && !tags.is_empty() && !has_name {
            return None;
        }
        let own = if own.is_empty() && !is_mapped { vec![(*name).to_owned()] } else { own };
        for tag in own {
            mapping.entry(tag).or_insert_with(|| json!(reference));
        }
    }
    Some(json!({ "propertyName": property, "mapping": mapping }))
}

/// Returns the properties that tell the members apart.
fn common_tags<'a>(union: &Node<'a>) -> Vec<&'a str> {
    let leaves = leaves(union).unwrap_or_default();
    let candidates = leaves.first().and_then(|first| first.get("properties"));
    candidates.iter().flat_map(Node::entries).map(|(name, _)| name).filter(|name| tells_apart(name, &leaves)).collect()
}

/// Returns the values that the property of a member can have, as texts.
fn tags(member: &Node<'_>, property: &str) -> Option<Vec<String>> {
    if union_members(member).is_none() {
        return constants(member, property);
    }
    // `None` if the union contains itself.
    let leaves = leaves(member)?;
    let stated = member.get("discriminator");
    if stated.as_ref().is_some_and(|stated| stated.text("propertyName") == Some(property))
        && let Some(mapping) = mapped(member, &[property])
    {
        return Some(mapping.get("mapping")?.as_object()?.keys().cloned().collect());
    }
    let tags: Option<Vec<_>> = leaves.iter().map(|leaf| constants(leaf, property)).collect();
    let mut tags = tags?.concat();
    tags.sort();
    tags.dedup();
    Some(tags)
}
