//! Drops conditional keywords. The type then accepts every value, and the service checks them.
//!
//! `{properties: {kind: …}, if: …, then: {required: [size]}}` → `{properties: {kind: …}}`

use serde_json::Value;

use super::Log;
use super::schemas::each;
use crate::diagnostics::catalogue::KEYWORD_DROPPED;

/// The conditional keywords; 3.0 has none of them.
const CONDITIONS: [&str; 11] = [
    "if",
    "then",
    "else",
    "dependentSchemas",
    "dependentRequired",
    "dependencies",
    "propertyNames",
    "contains",
    "minContains",
    "maxContains",
    "contentSchema",
];

pub(super) fn run(document: &mut Value, log: &mut Log) {
    each(document, |schema, place| {
        let mut dropped = Vec::new();
        for keyword in CONDITIONS.iter().filter(|keyword| schema.contains_key(**keyword)) {
            dropped.push(format!("`{keyword}`"));
        }
        if let Some(first) = CONDITIONS.iter().find(|keyword| schema.contains_key(**keyword)) {
            let message = format!("the type accepts values that {} would reject", dropped.join(", "));
            log.report(&KEYWORD_DROPPED, place.join(first), message);
        }
        schema.retain(|keyword, _| !CONDITIONS.contains(&keyword.as_str()));
    });
}
