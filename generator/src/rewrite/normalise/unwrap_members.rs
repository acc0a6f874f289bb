//! Replaces members of unions that only annotate a reference by the reference.
//!
//! `{oneOf: [{description: A cat., allOf: [{$ref: Cat}]}, {$ref: Dog}]}` → `{oneOf: [{$ref: Cat}, {$ref: Dog}]}`
//!
//! OpenAPI 3.1 allows a description beside a reference, which has this form in 3.0.

use std::borrow::Cow;

use serde_json::Value;

use super::Log;
use crate::document::{Document, Node};
use crate::openapi::{annotated_reference, schema_nodes};

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    for schema in schema_nodes(document) {
        let lists = ["oneOf", "anyOf"].into_iter().filter_map(|key| schema.get(key));
        for member in lists.flat_map(|list| list.items().collect::<Vec<Node<'_>>>()) {
            let Some(reference) = annotated_reference(&member) else { continue };
            if let Some(slot) = value.to_mut().pointer_mut(member.pointer().as_str()) {
                *slot = reference.value().clone();
                log.moved(reference.pointer().clone(), member.pointer().clone());
            }
        }
    }
}
