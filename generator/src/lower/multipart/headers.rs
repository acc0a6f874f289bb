//! Lowers the headers of parts.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::Lowering;
use super::super::response_headers::is_header_name;
use super::super::types::is_sensitive;
use super::Property;
use crate::document::Node;
use crate::ir::{FormPart, PartHeader, PartHeaderValue};
use crate::naming::{snake, unique};
use crate::openapi::is_plain;

impl Lowering<'_> {
    /// Adds the headers that the document describes to a part.
    pub(super) fn add_part_headers(
        &mut self,
        operation: &Node<'_>,
        property: &Property<'_>,
        part: &mut FormPart,
        taken: &mut BTreeSet<String>,
    ) {
        let described = property.encoding.as_ref().and_then(|encoding| encoding.get("headers"));
        for (name, node) in described.iter().flat_map(Node::entries) {
            // `contentType` describes this one.
            if name.eq_ignore_ascii_case("content-type") {
                continue;
            }
            match self.part_header(operation, (name, &node), part, taken) {
                Ok(value) => part.headers.push(PartHeader { name: name.to_owned(), value }),
                Err(reason) => self.ignored(property, &node, &format!("the header `{name}` is left out{reason}")),
            }
        }
    }

    /// Returns the value of a header, or why it is left out.
    fn part_header(
        &mut self,
        operation: &Node<'_>,
        (name, node): (&str, &Node<'_>),
        part: &FormPart,
        taken: &mut BTreeSet<String>,
    ) -> Result<PartHeaderValue, &'static str> {
        let header = node.resolve().unwrap_or_else(|| node.clone());
        if !is_header_name(name) || name.eq_ignore_ascii_case("content-disposition") {
            return Err("");
        }
        let schema = header.get("schema").ok_or("")?;
        if let Some(constant) = constant(&schema).filter(|_| header.is_true("required")) {
            let reason = ", because its value has characters that are not allowed in headers";
            return Some(PartHeaderValue::Constant(constant.clone()))
                .filter(|_| is_header_value(&constant))
                .ok_or(reason);
        }
        if part.is_repeated() {
            return Err("");
        }
        let slot = self.text_value(operation, &schema).ok_or("")?;
        Ok(PartHeaderValue::Field {
            ident: unique(format!("{}_{}", part.ident.trim_end_matches('_'), snake(name)), taken),
            slot,
            required: header.is_true("required"),
            sensitive: is_sensitive(&schema) || schema.resolve_single().is_some_and(|it| is_sensitive(&it)),
            description: header.words("description"),
        })
    }
}

/// Returns the only value of a schema, as a header writes it.
fn constant(schema: &Node<'_>) -> Option<String> {
    let target = schema.resolve_single().filter(is_plain)?;
    let values: Vec<_> = target.get("enum")?.items().map(|item| item.value().clone()).collect();
    match values.as_slice() {
        [Value::String(text)] => Some(text.clone()),
        [other] => Some(other.to_string()),
        _ => None,
    }
}

/// Whether the runtime can send the value of a header: visible characters of ASCII, spaces and tabs.
fn is_header_value(value: &str) -> bool {
    value.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t'))
}
