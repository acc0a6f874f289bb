//! Unions: their members, and the properties that distinguish them.

use std::collections::BTreeSet;

use crate::document::Node;

/// Returns the array of the members of a union.
pub(crate) fn union_members<'a>(union: &Node<'a>) -> Option<Node<'a>> {
    union.get("oneOf").or_else(|| union.get("anyOf"))
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

/// Whether the property of a member is a string, as tags must be, or has no type.
pub(crate) fn is_text_property(member: &Node<'_>, property: &str) -> bool {
    let schema = member.at(&["properties", property]).and_then(|schema| schema.resolve_single());
    schema.is_none_or(|schema| schema.text("type").is_none_or(|ty| ty == "string"))
}

/// Returns the strings that the property of an object can have.
pub(crate) fn own_tags(member: &Node<'_>, property: &str) -> Option<Vec<String>> {
    let values = member.at(&["properties", property])?.resolve_single()?.get("enum")?;
    let texts: Option<Vec<_>> = values.items().map(|value| value.value().as_str().map(str::to_owned)).collect();
    texts.filter(|texts| !texts.is_empty())
}

/// Whether every object requires the property, with strings that no other object has.
pub(crate) fn tells_apart(property: &str, members: &[Node<'_>]) -> bool {
    let is_required = |member: &Node<'_>| {
        let required = member.get("required");
        required.iter().flat_map(Node::items).any(|required| required.value().as_str() == Some(property))
    };
    let mut seen = BTreeSet::new();
    members.iter().all(|member| {
        let tags = own_tags(member, property).filter(|_| is_required(member));
        tags.is_some_and(|tags| tags.into_iter().all(|tag| seen.insert(tag)))
    })
}
