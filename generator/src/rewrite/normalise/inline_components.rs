//! Replaces references to request bodies, responses and links by their targets. Only schemas keep their references.
//!
//! `responses: {'200': {$ref: '#/components/responses/Ok'}}` → `responses: {'200': {description: …, content: …}}`

use std::borrow::Cow;

use serde_json::Value;

use super::Log;
use crate::document::{Document, Node};
use crate::openapi::operations;

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    for operation in operations(document) {
        for node in reusable_parts(&operation.node) {
            if node.text("$ref").is_none() {
                continue;
            }
            let (Some(target), Some(slot)) = (node.resolve(), value.to_mut().pointer_mut(node.pointer().as_str()))
            else {
                continue;
            };
            *slot = target.value().clone();
            log.copied(target.pointer().clone(), node.pointer().clone());
        }
    }
}

fn reusable_parts<'a>(operation: &Node<'a>) -> Vec<Node<'a>> {
    let mut parts: Vec<Node<'a>> = operation.get("requestBody").into_iter().collect();
    for (_, response) in operation.get("responses").iter().flat_map(Node::entries) {
        parts.extend(response.get("links").iter().flat_map(Node::entries).map(|(_, link)| link));
        parts.push(response);
    }
    parts
}
