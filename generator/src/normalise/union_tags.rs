//! Every union whose members can be told apart by a property says so in full.
//!
//! `oneOf: [{$ref: Cat}, {$ref: Dog}]`, each with a required `kind` of one value →
//! the same with `discriminator: {propertyName: kind, mapping: {cat: Cat, dog: Dog}}`

use serde_json::{Map, Value, json};

use super::Log;
use crate::document::{Document, Node};

pub(super) fn run(document: &Document, _: &mut Log) -> Value {
    let mut value = document.value().clone();
    for (_, schema) in document.root().at(&["components", "schemas"]).iter().flat_map(Node::entries) {
        let Some(discriminator) = discriminator(&schema) else {
            continue;
        };
        if let Some(Value::Object(union)) = value.pointer_mut(schema.pointer().as_str()) {
            // Where the tag decides, a value is of one member only.
            if let Some(members) = union.shift_remove("anyOf") {
                union.insert("oneOf".to_owned(), members);
            }
            union.insert("discriminator".to_owned(), discriminator);
        }
    }
    value
}

fn discriminator(union: &Node<'_>) -> Option<Value> {
    let tagged = union.get("anyOf").filter(|_| union.get("discriminator").is_some() && union.get("oneOf").is_none());
    let members: Vec<_> = union.get("oneOf").or(tagged)?.items().collect();
    let references: Vec<&str> = members.iter().map(|member| member.text("$ref")).collect::<Option<_>>()?;
    let resolved: Vec<_> = members.iter().map(Node::resolve).collect::<Option<_>>()?;
    let stated = union.get("discriminator");
    let property = match &stated {
        Some(stated) => stated.text("propertyName")?.to_owned(),
        None => common_tag(&resolved)?,
    };
    let mut mapping = Map::new();
    for (tag, target) in stated.iter().filter_map(|stated| stated.get("mapping")).flat_map(|mapping| mapping.entries())
    {
        mapping.insert(tag.to_owned(), target.value().clone());
    }
    for (reference, member) in references.iter().zip(&resolved) {
        if mapping.values().any(|target| target.as_str() == Some(reference)) {
            continue;
        }
        let tag = only_value(member, &property).or_else(|| reference.rsplit('/').next().map(str::to_owned))?;
        mapping.entry(tag).or_insert_with(|| json!(reference));
    }
    Some(json!({ "propertyName": property, "mapping": mapping }))
}

/// The property that every member requires with one value of its own.
fn common_tag(members: &[Node<'_>]) -> Option<String> {
    let first = members.first()?;
    let candidates = first.get("properties")?;
    let tag = candidates.entries().map(|(name, _)| name).find(|name| {
        let mut values: Vec<_> = members.iter().map(|member| only_value(member, name)).collect();
        values.sort();
        values.dedup();
        values.len() == members.len() && values.iter().all(Option::is_some)
    });
    tag.map(str::to_owned)
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
