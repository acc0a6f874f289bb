//! Sorts the members of unions without a discriminator. The first match wins, so members that require more come first.
//!
//! `oneOf: [{$ref: Pet}, {$ref: Dog}]`, where `Dog` requires more properties → `oneOf: [{$ref: Dog}, {$ref: Pet}]`

use std::borrow::Cow;
use std::cmp::Reverse;

use serde_json::Value;

use super::Log;
use crate::document::{Document, Node};
use crate::openapi::union_members;

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    for (_, union) in document.root().at(&["components", "schemas"]).iter().flat_map(Node::entries) {
        let Some(members) = union_members(&union).filter(|_| union.get("discriminator").is_none()) else { continue };
        let asks = |member: &Node<'_>| member.resolve()?.get("required")?.value().as_array().map(Vec::len);
        let mut members: Vec<_> = members.items().enumerate().collect();
        // Serde also reads a struct from an array of its fields, so members that are not objects come first.
        let may_be_object = |member: &Node<'_>| {
            let is_other = |schema: &Node<'_>| schema.text("type").is_some_and(|ty| ty != "object");
            !member.resolve_single().is_some_and(|schema| is_other(&schema))
        };
        let key = |(_, member): &(usize, Node<'_>)| (may_be_object(member), Reverse(asks(member).unwrap_or_default()));
        if members.is_sorted_by_key(key) {
            continue;
        }
        members.sort_by_key(key);
        let (indices, members): (Vec<_>, Vec<_>) =
            members.into_iter().map(|(index, member)| (index, member.value().clone())).unzip();
        let key = if union.get("oneOf").is_some() { "oneOf" } else { "anyOf" };
        let list = union.pointer().join(key);
        if let Some(slot) = value.to_mut().pointer_mut(list.as_str()) {
            *slot = Value::Array(members);
            log.kept(&list, indices);
        }
    }
}
