//! Gives every operation a unique operationId.
//!
//! `/users/{id}: {get: {}}` → `/users/{id}: {get: {operationId: getUsersById}}`; a taken name gets a number.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Log;
use crate::document::Document;
use crate::naming::{pascal, unique};
use crate::openapi::{operations, plain_path};

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, _: &mut Log) {
    let sites = operations(document);
    let mut taken: BTreeSet<String> =
        sites.iter().filter_map(|site| site.node.text("operationId")).map(str::to_owned).collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for site in &sites {
        let id = site.node.text("operationId").filter(|id| !id.trim().is_empty());
        if id.is_some_and(|id| seen.insert(id)) {
            continue;
        }
        let name = unique(id.map_or_else(|| derived(site.method, site.path), str::to_owned), &mut taken);
        if let Some(Value::Object(operation)) = value.to_mut().pointer_mut(site.node.pointer().as_str()) {
            operation.insert("operationId".to_owned(), json!(name));
        }
    }
}

/// Returns `getUsersByIdKeys` for `get` and `/users/{id}/keys`.
fn derived(method: &str, path: &str) -> String {
    let path = plain_path(path);
    let words = path.split('/').filter(|part| !part.is_empty()).map(|part| match part.strip_prefix('{') {
        Some(name) => format!("by {}", name.trim_end_matches('}')),
        None => part.replace(['{', '}'], " "),
    });
    let words: Vec<_> = words.collect();
    format!("{method}{}", if words.is_empty() { "Root".to_owned() } else { pascal(&words.join(" ")) })
}
