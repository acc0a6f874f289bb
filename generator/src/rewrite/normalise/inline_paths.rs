//! Replaces a path that is a reference by its target.
//!
//! `/a: {$ref: '#/components/pathItems/a'}` → `/a: {get: …}`

use std::borrow::Cow;

use serde_json::Value;

use super::Log;
use crate::document::{Document, Node};

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    for (_, item) in document.root().get("paths").iter().flat_map(Node::entries) {
        let Some(target) = item.text("$ref").and_then(|_| item.resolve()) else { continue };
        if let Some(slot) = value.to_mut().pointer_mut(item.pointer().as_str()) {
            *slot = target.value().clone();
            log.copied(target.pointer().clone(), item.pointer().clone());
        }
    }
}
