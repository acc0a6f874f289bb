//! Every union whose members can be told apart by a property says so in full.
//!
//! `oneOf: [{$ref: Cat}, {$ref: Dog}]`, each with a required `kind` of one value →
//! the same with `discriminator: {propertyName: kind, mapping: {cat: Cat, dog: Dog}}`

use serde_json::{Map, Value, json};

use super::Log;
use crate::document::{Document, Node};
use crate::walk::union_members;

/// Unions that name the property.
pub(super) fn complete(document: &Document, _: &mut Log) -> Value {
    write(document, |union| mapped(union, &[union.get("discriminator")?.text("propertyName")?]))
}

/// Unions that do not.
pub(super) fn infer(document: &Document, _: &mut Log) -> Value {
    write(
        document,
        |union| if union.get("discriminator").is_none() { mapped(union, &common_tags(union)) } else { None },
    )
}

fn write(document: &Document, discriminator: impl Fn(&Node<'_>) -> Option<Value>) -> Value {
    let mut value = document.value().clone();
    for (_, schema) in document.root().at(&["components", "schemas"]).iter().flat_map(Node::entries) {
        let Some(discriminator) = discriminator(&schema) else {
            continue;
        };
        if let Some(Value::Object(union)) = value.pointer_mut(schema.pointer().as_str()) {
            // Where the tag decides, a value is of one member only.
            if let Some(members) = union.shift_remove("anyOf") {
                union.entry("oneOf").or_insert(members);
            }
            union.insert("discriminator".to_owned(), discriminator);
        }
    }
    value
}

fn mapped(union: &Node<'_>, properties: &[&str]) -> Option<Value> {
    let property = *properties.first()?;
    let members: Vec<_> = union_members(union)?.items().collect();
    let mut mapping = Map::new();
    let stated = union.at(&["discriminator", "mapping"]);
    for (tag, target) in stated.iter().flat_map(Node::entries) {
        mapping.insert(tag.to_owned(), target.value().clone());
    }
    for member in &members {
        let reference = member.text("$ref")?;
        let name = reference.rsplit('/').next()?;
        let is_mapped = |target: &Value| target.as_str().is_some_and(|target| target == reference || target == name);
        if mapping.values().any(is_mapped) {
            continue;
        }
        let tag = only_value(&member.resolve()?, property).unwrap_or_else(|| name.to_owned());
        mapping.entry(tag).or_insert_with(|| json!(reference));
    }
    Some(json!({ "propertyName": property, "mapping": mapping }))
}

/// The properties that every member requires with one value of its own.
fn common_tags<'a>(union: &Node<'a>) -> Vec<&'a str> {
    let list = union_members(union);
    let members: Option<Vec<_>> = list.iter().flat_map(Node::items).map(|member| member.resolve()).collect();
    let members = members.unwrap_or_default();
    let candidates = members.first().and_then(|first| first.get("properties"));
    let is_tag = |name: &&str| {
        let mut values: Vec<_> = members.iter().map(|member| only_value(member, name)).collect();
        values.sort();
        values.dedup();
        values.len() == members.len() && values.iter().all(Option::is_some)
    };
    candidates.iter().flat_map(Node::entries).map(|(name, _)| name).filter(is_tag).collect()
}

fn only_value(member: &Node<'_>, property: &str) -> Option<String> {
    let required = member.get("required")?;
    required.items().find(|name| name.value().as_str() == Some(property))?;
    let values = member.at(&["properties", property])?.resolve_single()?.get("enum")?;
    match values.value().as_array()?.as_slice() {
        [Value::String(only)] => Some(only.clone()),
        _ => None,
    }
}
