//! Every operation gets an operationId of its own.
//!
//! `/users/{id}: {get: {}}` → `/users/{id}: {get: {operationId: getUsersById}}`; a taken name gets a number.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Log;
use crate::document::Document;
use crate::walk::operations;

pub(super) fn run(document: &Document, _: &mut Log) -> Value {
    let mut value = document.value().clone();
    let sites = operations(document);
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let stated: BTreeSet<&str> = sites.iter().filter_map(|site| site.node.text("operationId")).collect();
    for site in &sites {
        let id = site.node.text("operationId").filter(|id| !id.trim().is_empty());
        if id.is_some_and(|id| taken.insert(id.to_owned())) {
            continue;
        }
        let base = id.map_or_else(|| derived(site.method, site.path), str::to_owned);
        let is_free = |name: &String| !taken.contains(name) && !stated.contains(name.as_str());
        let name = std::iter::once(base.clone()).chain((2_u32..).map(|number| format!("{base}{number}"))).find(is_free);
        let name = name.unwrap_or(base);
        if let Some(Value::Object(operation)) = value.pointer_mut(site.node.pointer().as_str()) {
            operation.insert("operationId".to_owned(), json!(name));
        }
        taken.insert(name);
    }
    value
}

/// `get` and `/users/{id}/keys` as `getUsersByIdKeys`.
fn derived(method: &str, path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let words = path.split('/').filter(|part| !part.is_empty()).map(|part| match part.strip_prefix('{') {
        Some(name) => format!("by {}", name.trim_end_matches('}')),
        None => part.replace(['{', '}'], " "),
    });
    let words: Vec<_> = words.collect();
    format!("{method}{}", if words.is_empty() { "Root".to_owned() } else { crate::naming::pascal(&words.join(" ")) })
}
