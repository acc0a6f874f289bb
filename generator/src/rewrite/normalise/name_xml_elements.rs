//! Keeps the names of schemas that are names of XML elements, before schemas are renamed.
//!
//! `{application/xml: {schema: {$ref: '#/components/schemas/user'}}}` →
//! `{application/xml: {schema: {$ref: '#/components/schemas/user'}, x-xml-name: user}}`
//!
//! The items of a list have the name of their schema too, as `x-xml-item-name`.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::Log;
use crate::cycles::target;
use crate::document::{Document, Node};
use crate::openapi::media::is_xml;
use crate::openapi::{XML_ITEM_NAME, XML_NAME};

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, _: &mut Log) {
    let mut all = Vec::new();
    find(&document.root(), &mut all);
    for media in all {
        let names = names(&media);
        if !names.is_empty()
            && let Some(Value::Object(media)) = value.to_mut().pointer_mut(media.pointer().as_str())
        {
            media.extend(names);
        }
    }
}

/// Collects the media types for XML.
fn find<'a>(node: &Node<'a>, all: &mut Vec<Node<'a>>) {
    let has_names = node.pointer().holds_names();
    for (key, part) in node.described_parts() {
        if key == "content" && !has_names {
            all.extend(part.entries().filter(|(name, _)| is_xml(name)).map(|(_, media)| media));
        }
        find(&part, all);
    }
}

/// Returns the name of the schema that a reference leads to, also if it is the only part of a schema.
fn named(schema: &Value) -> Option<&str> {
    target(schema).or_else(|| match schema.get("allOf")?.as_array()?.as_slice() {
        [only] => named(only),
        _ => None,
    })
}

/// Returns the names of the schema of a media type and of the schema of its items.
fn names(media: &Node<'_>) -> Map<String, Value> {
    let schema = media.get("schema");
    let name = schema.as_ref().and_then(|schema| named(schema.value()));
    let items = schema.as_ref().and_then(Node::resolve_single).and_then(|list| target(list.get("items")?.value()));
    let names = [(XML_NAME, name), (XML_ITEM_NAME, items)];
    names.into_iter().filter_map(|(key, name)| Some((key.to_owned(), name?.into()))).collect()
}
