//! Writes the values of integer schemas as integers. A number without a fraction is an integer (JSON Schema 2020-12
//! Validation, section 6.1.1).
//!
//! `{type: integer, enum: [1.0, 2e0], default: 1.0}` → `{type: integer, enum: [1, 2], default: 1}`

use std::borrow::Cow;

use serde_json::Value;

use super::Log;
use crate::document::Document;
use crate::openapi::{schema_nodes, whole_number};

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, _: &mut Log) {
    for schema in schema_nodes(document).iter().filter(|schema| schema.text("type") == Some("integer")) {
        let values =
            schema.get("enum").iter().flat_map(|values| values.items().collect::<Vec<_>>()).collect::<Vec<_>>();
        for node in values.iter().chain(&schema.get("default")) {
            let Some(whole) = whole_number(node.value()).filter(|whole| whole != node.value()) else { continue };
            if let Some(number) = value.to_mut().pointer_mut(node.pointer().as_str()) {
                *number = whole;
            }
        }
    }
}
