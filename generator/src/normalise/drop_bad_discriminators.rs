//! A discriminator that does not lead to each member of its union goes: the members are tried in turn instead.
//!
//! `{oneOf: [{type: string}, {$ref: Dog}], discriminator: {propertyName: kind}}` → `{oneOf: [{type: string}, {$ref: Dog}]}`

use serde_json::Value;

use super::Log;
use crate::document::{Document, Node};
use crate::walk::{can_carry_tag, is_text_property, schema_nodes, union_members};

pub(super) fn run(document: &Document, _: &mut Log) -> Value {
    let mut value = document.value().clone();
    for schema in schema_nodes(document).iter().filter(|schema| union_members(schema).is_some() && !is_sound(schema)) {
        if let Some(Value::Object(object)) = value.pointer_mut(schema.pointer().as_str()) {
            object.shift_remove("discriminator");
        }
    }
    value
}

/// Whether each member is a reference and each value of the property is mapped to one of them.
fn is_sound(union: &Node<'_>) -> bool {
    let Some(discriminator) = union.get("discriminator") else { return true };
    let list = union_members(union);
    let members: Vec<_> = list.iter().flat_map(Node::items).map(|member| member.text("$ref")).collect();
    let carry_tag =
        list.iter().flat_map(Node::items).all(|member| member.resolve().is_none_or(|it| can_carry_tag(&it)));
    let property = discriminator.text("propertyName").unwrap_or_default();
    let is_text = list
        .iter()
        .flat_map(Node::items)
        .all(|member| member.resolve().is_none_or(|member| is_text_property(&member, property)));
    let names = |target: &str| {
        members.iter().flatten().any(|member| *member == target || member.rsplit('/').next() == Some(target))
    };
    let mapping = discriminator.get("mapping");
    discriminator.text("propertyName").is_some()
        && carry_tag
        && is_text
        && members.iter().all(Option::is_some)
        && mapping.iter().flat_map(Node::entries).all(|(_, target)| target.value().as_str().is_some_and(names))
}
