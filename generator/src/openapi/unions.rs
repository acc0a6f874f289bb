//! Unions: their members, and the properties that distinguish them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::{Node, Pointer};

/// The keyword that marks a discriminator that the document does not state beside the members of a union: it is inferred, or
/// it is that of a base.
pub(crate) const INFERRED: &str = "x-inferred";

/// The keyword of a discriminator that tells only some members of a union apart.
pub(crate) const PARTIAL: &str = "x-discriminator";

/// The keyword with the values that a schema listed before a type of another crate replaced its own.
pub(crate) const VALUES: &str = "x-values";

/// Returns the values that a schema lists, also if its type is replaced.
pub(crate) fn listed<'a>(schema: &Node<'a>) -> Option<Node<'a>> {
    schema.get("enum").or_else(|| schema.get(VALUES))
}

/// Returns the array of the members of a union.
pub(crate) fn union_members<'a>(union: &Node<'a>) -> Option<Node<'a>> {
    union.get("oneOf").or_else(|| union.get("anyOf"))
}

/// Returns the members of a union that are not unions, including those of nested unions. A schema that is not a union is
/// its own only member.
///
/// `None` if a reference has no target or is circular.
pub(crate) fn leaves<'a>(schema: &Node<'a>) -> Option<Vec<Node<'a>>> {
    fn add<'a>(schema: &Node<'a>, within: &mut Vec<Pointer>, all: &mut Vec<Node<'a>>) -> Option<()> {
        let schema = schema.resolve_single()?;
        let Some(members) = union_members(&schema) else {
            all.push(schema);
            return Some(());
        };
        if within.contains(schema.pointer()) {
            return None;
        }
        within.push(schema.pointer().clone());
        members.items().try_for_each(|member| add(&member, within, all))?;
        within.pop();
        Some(())
    }
    let mut all = Vec::new();
    add(schema, &mut Vec::new(), &mut all)?;
    Some(all)
}

/// Whether a reference and a mapping value name the same schema. A mapping may use the bare name (OpenAPI 3.0,
/// "Discriminator Object").
pub(crate) fn names_same(reference: &str, mapped: &str) -> bool {
    reference == mapped || reference.rsplit('/').next() == Some(mapped)
}

/// Whether a member of a union is an object, so that it can have the property that distinguishes the members.
pub(crate) fn can_carry_tag(schema: &Node<'_>) -> bool {
    let is_composed = ["properties", "allOf", "oneOf", "anyOf"].iter().any(|key| schema.get(key).is_some());
    is_composed || schema.text("type").is_none_or(|ty| ty == "object")
}

/// Whether an object requires the property, itself or in a part of its `allOf`.
pub(crate) fn requires(object: &Node<'_>, property: &str) -> bool {
    let is_required = |schema: &Node<'_>| {
        let required = schema.get("required");
        required.iter().flat_map(Node::items).any(|required| required.value().as_str() == Some(property))
    };
    parts(object).iter().any(is_required)
}

/// Returns a schema and the parts of its `allOf`, at any depth.
pub(crate) fn parts<'a>(schema: &Node<'a>) -> Vec<Node<'a>> {
    let mut all: Vec<Node<'a>> = Vec::new();
    let mut open = vec![schema.clone()];
    while let Some(part) = open.pop() {
        let Some(part) = part.resolve() else { continue };
        if all.iter().all(|known| known.pointer() != part.pointer()) {
            open.extend(part.get("allOf").iter().flat_map(Node::items));
            all.push(part);
        }
    }
    all
}

/// Returns the JSON type of the property of a member. `None` if the member does not say.
pub(crate) fn property_type<'a>(member: &Node<'a>, property: &str) -> Option<&'a str> {
    let mut described = parts(member).into_iter().filter_map(|part| part.at(&["properties", property]));
    described.find_map(|schema| schema.resolve_single()?.text("type"))
}

/// Whether the property can be a tag: a string, an integer or a boolean, or of no stated type.
pub(crate) fn is_tag_property(member: &Node<'_>, property: &str) -> bool {
    property_type(member, property).is_none_or(|ty| matches!(ty, "string" | "integer" | "boolean"))
}

/// Returns the values that the property of an object can have, as texts: the shortest list that the object or a part of its
/// `allOf` has. `None` if they are not listed.
pub(crate) fn constants(member: &Node<'_>, property: &str) -> Option<Vec<String>> {
    let described = parts(member).into_iter().filter_map(|part| part.at(&["properties", property]));
    let lists = described.filter_map(|schema| listed(&schema).or_else(|| listed(&schema.resolve_single()?)));
    let texts = lists.map(|values| values.items().map(|value| tag_text(value.value())).collect::<Option<Vec<_>>>());
    texts.flatten().filter(|texts| !texts.is_empty()).min_by_key(Vec::len)
}

/// Whether the property tells the objects apart: every object lists values for it that no other object has. An object
/// that does not require the property must list exactly one value, because it is then a constant.
pub(crate) fn tells_apart(property: &str, members: &[Node<'_>]) -> bool {
    let mut seen = BTreeSet::new();
    let types: BTreeSet<_> = members.iter().map(|member| property_type(member, property)).collect();
    types.len() == 1
        && members.iter().all(|member| {
            let is_sure = |values: &Vec<String>| values.len() == 1 || requires(member, property);
            let values = constants(member, property).filter(is_sure);
            values.is_some_and(|values| values.into_iter().all(|value| seen.insert(value)))
        })
}

/// Returns the text of a tag. `None` if tags cannot have the value.
fn tag_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) => Some(value.to_string()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}
