//! Copies schemas with `x-rust-type` to where their properties are needed: to forms, whose fields are sent one by one, and to
//! the schemas that extend them.
//!
//! `Cat: {allOf: [{$ref: Pet}, {properties: {lives: …}}]}`, `Pet: {properties: {name: …}, x-rust-type: 'zoo::Pet'}` →
//! `Cat: {allOf: [{properties: {name: …}}, {properties: {lives: …}}]}`

use std::borrow::Cow;

use serde_json::Value;

use super::Log;
use crate::diagnostics::catalogue::BAD_RUST_TYPE;
use crate::document::{Document, Node, Pointer};
use crate::openapi::media::{MediaKind, kind};
use crate::openapi::{RUST_TYPE, RUST_TYPE_ORIGIN, body_media, is_replaced, operations, schema_nodes};

/// What a copy does not have.
const OF_ORIGINAL: [&str; 2] = [RUST_TYPE, RUST_TYPE_ORIGIN];

/// What an extension does not have of its base.
const OF_BASE: [&str; 4] = ["discriminator", "title", "description", "example"];

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    for (schema, target) in forms(document) {
        let origin = target.text(RUST_TYPE_ORIGIN).unwrap_or("`x-rust-type`");
        let message = format!("{origin} is ignored for this form, because the client sends its fields one by one");
        log.report(&BAD_RUST_TYPE, schema.pointer().clone(), message);
        let mut within = Vec::new();
        write(value, log, (&schema, &target), copy(&target, &OF_ORIGINAL, &mut within));
    }
    for schema in schema_nodes(document) {
        for (_, part, base) in bases(&schema) {
            let mut within = vec![schema.pointer().clone()];
            write(value, log, (&part, &base), copy_of_base(&base, &mut within));
        }
    }
}

fn write(value: &mut Cow<'_, Value>, log: &mut Log, (place, target): (&Node<'_>, &Node<'_>), copy: Value) {
    if let Some(slot) = value.to_mut().pointer_mut(place.pointer().as_str()) {
        *slot = copy;
        if place.pointer() != target.pointer() {
            log.copied(target.pointer().clone(), place.pointer().clone());
        }
    }
}

/// Returns the schemas of forms that are sent, each with the schema whose type is replaced.
fn forms(document: &Document) -> Vec<(Node<'_>, Node<'_>)> {
    let bodies = operations(document).into_iter().filter_map(|site| site.node.at(&["requestBody", "content"]));
    let forms = bodies.filter_map(|content| {
        let (name, media) = body_media(&content)?;
        let is_form = matches!(kind(name), MediaKind::Form | MediaKind::Multipart);
        media.get("schema").filter(|_| is_form)
    });
    let replaced = forms.filter_map(|schema| {
        let steps = [Some(schema.clone()), schema.resolve(), schema.resolve_single()];
        let target = steps.into_iter().flatten().find(is_replaced)?;
        Some((schema, target))
    });
    replaced.collect()
}

/// Returns the parts of an `allOf` that are references to schemas whose types are replaced, with their indices and those
/// schemas. A single reference only annotates.
fn bases<'a>(schema: &Node<'a>) -> Vec<(usize, Node<'a>, Node<'a>)> {
    let parts: Vec<_> = schema.get("allOf").iter().flat_map(Node::items).collect();
    if parts.len() == 1 && schema.get("properties").is_none() {
        return Vec::new();
    }
    let bases = parts.into_iter().enumerate().filter_map(|(index, part)| {
        let base = part.resolve().filter(|_| part.text("$ref").is_some()).filter(is_replaced)?;
        Some((index, part, base))
    });
    bases.collect()
}

fn copy_of_base(base: &Node<'_>, within: &mut Vec<Pointer>) -> Value {
    let keys: Vec<_> = OF_ORIGINAL.into_iter().chain(OF_BASE).collect();
    copy(base, &keys, within)
}

/// Returns a copy of a schema without some keywords, and with copies of its bases.
fn copy(schema: &Node<'_>, without: &[&str], within: &mut Vec<Pointer>) -> Value {
    let mut copy = schema.value().clone();
    // A schema that extends itself is reported by a check.
    if within.contains(schema.pointer()) {
        return Value::Object(serde_json::Map::new());
    }
    within.push(schema.pointer().clone());
    if let Value::Object(object) = &mut copy {
        object.retain(|key, _| !without.contains(&key.as_str()));
    }
    for (index, _, base) in bases(schema) {
        if let Some(slot) = copy.get_mut("allOf").and_then(|parts| parts.get_mut(index)) {
            *slot = copy_of_base(&base, within);
        }
    }
    within.pop();
    copy
}
