//! Decides what a part contains, by the schema of its values and the media types that the document lists.

use serde_json::{Value, json};

use super::super::Lowering;
use super::super::response_headers::not_null;
use super::Property;
use crate::diagnostics::catalogue::PART_ENCODED_BY_CALLER;
use crate::document::Node;
use crate::ir::{PartContent, Slot, SlotRole};
use crate::openapi::media::{MediaKind, is_json, is_range, kind};
use crate::openapi::{BINARY_OR_STRING, CONTENT_ENCODING, RUST_TYPE, is_plain, leaves};

const OCTETS: &str = "application/octet-stream";

/// What values of a schema are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Values {
    /// Bytes.
    Binary,
    /// Strings, numbers or booleans.
    Text,
    /// Bytes or text.
    BinaryOrText,
    /// Nothing is known about them.
    Unknown,
    /// A union of bytes and values that are not text.
    Mixed,
    /// Values that are written as JSON.
    Json,
}

impl Lowering<'_> {
    /// Returns the content of a part with values of a schema, or of any JSON, and its media type.
    pub(super) fn part_content(
        &mut self,
        operation: &Node<'_>,
        property: &Property<'_>,
        schema: Option<&Node<'_>>,
    ) -> (PartContent, Option<String>) {
        let stated = property.content_types.first().copied();
        let own = stated.filter(|name| !is_range(name));
        let single = own.filter(|_| property.content_types.len() == 1);
        // A string whose schema states a media type contains a document of that type.
        let is_document = property.is_document;
        let values = schema.map_or(Values::Json, |schema| values(schema, stated));
        match (values, schema) {
            (Values::Binary, _) => (PartContent::File, Some(single.unwrap_or(OCTETS).to_owned())),
            (Values::BinaryOrText, _) => (PartContent::FileOrText, Some(single.unwrap_or(OCTETS).to_owned())),
            (Values::Unknown, _) => (PartContent::Bytes, Some(single.unwrap_or(OCTETS).to_owned())),
            (Values::Text, Some(schema)) if is_document || stated.is_none_or(|name| !is_json(name)) => {
                let default = is_encoded(schema).then_some(OCTETS);
                let slot = self.text_slot(operation, schema);
                (PartContent::Text(slot), own.or(default).map(str::to_owned))
            }
            (Values::Mixed, _) => {
                let what = "is a union of bytes and other values, whose parts the client cannot distinguish";
                self.encoded_by_caller(property, what);
                (PartContent::Bytes, single.map(str::to_owned))
            }
            (_, schema) => match stated.filter(|name| !is_json(name)) {
                Some(media_type) => {
                    let what = format!("is `{media_type}`, which the client cannot write from its schema");
                    self.encoded_by_caller(property, &what);
                    (PartContent::Bytes, single.map(str::to_owned))
                }
                None => {
                    let slot = match schema {
                        None => self.slot(operation, SlotRole::Body, None),
                        Some(schema) => self.slot_of(operation, SlotRole::Body, named(schema), schema.pointer()),
                    };
                    (PartContent::Json(slot), Some(own.unwrap_or("application/json").to_owned()))
                }
            },
        }
    }

    /// Returns the slot of a value that is written as text. `None` if the schema is not only of strings, numbers and booleans.
    pub(super) fn text_value(&mut self, operation: &Node<'_>, schema: &Node<'_>) -> Option<Slot> {
        (values(schema, None) == Values::Text).then(|| self.text_slot(operation, schema))
    }

    fn text_slot(&mut self, operation: &Node<'_>, schema: &Node<'_>) -> Slot {
        match self.plain_value(operation, SlotRole::Body, schema) {
            Some(value) => value.slot,
            // A union, or a type of another crate.
            None => self.slot_of(operation, SlotRole::Body, named(schema), schema.pointer()),
        }
    }

    fn encoded_by_caller(&mut self, property: &Property<'_>, what: &str) {
        let message = format!("the part `{}` {what}", property.name);
        self.diagnostics.report(self.document, &PART_ENCODED_BY_CALLER, property.node.pointer(), message);
    }
}

/// Returns what values of a schema are in a part of a media type.
fn values(schema: &Node<'_>, content_type: Option<&str>) -> Values {
    let Some(leaves) = leaves(schema) else { return Values::Json };
    let mut kinds = leaves.iter().map(|leaf| values_of_one(leaf, content_type));
    let Some(first) = kinds.next() else { return Values::Json };
    kinds.fold(first, |all, one| match (all, one) {
        (all, one) if all == one => all,
        (
            Values::Binary | Values::Text | Values::BinaryOrText,
            Values::Binary | Values::Text | Values::BinaryOrText,
        ) => Values::BinaryOrText,
        (Values::Text | Values::Json | Values::Unknown, Values::Text | Values::Json | Values::Unknown) => Values::Json,
        _ => Values::Mixed,
    })
}

/// Returns what values of a schema are that is not a union: bytes by their format, because nothing else is known of a part of
/// a binary media type, or because a string of that type is not text.
fn values_of_one(schema: &Node<'_>, content_type: Option<&str>) -> Values {
    const KINDS: [&str; 6] = ["type", "properties", "additionalProperties", "allOf", "enum", RUST_TYPE];
    let is_binary = content_type.is_some_and(|name| kind(name) == MediaKind::Bytes);
    if KINDS.iter().all(|key| schema.get(key).is_none()) {
        return match content_type {
            Some(name) if is_json(name) => Values::Json,
            _ if is_binary => Values::Binary,
            _ => Values::Unknown,
        };
    }
    let is_string = schema.text("type") == Some("string");
    let is_described = ["format", "enum", CONTENT_ENCODING].iter().any(|key| schema.get(key).is_some());
    if schema.text("format") == Some("binary") || (is_string && !is_described && is_plain(schema) && is_binary) {
        Values::Binary
    } else if schema.is_true(BINARY_OR_STRING) {
        Values::BinaryOrText
    } else if is_plain(schema) || is_replaced_scalar(schema) {
        Values::Text
    } else {
        Values::Json
    }
}

/// Whether a type of another crate replaces that of a string, a number or a boolean.
fn is_replaced_scalar(schema: &Node<'_>) -> bool {
    let is_scalar = matches!(schema.text("type"), Some("string" | "integer" | "number" | "boolean"));
    is_scalar && schema.get(RUST_TYPE).is_some()
}

/// Whether the value is a string that encodes bytes.
fn is_encoded(schema: &Node<'_>) -> bool {
    let target = schema.resolve_single();
    target.is_some_and(|target| target.text("format") == Some("byte") || target.get(CONTENT_ENCODING).is_some())
}

/// Returns a schema as a reference to its name, if it has one.
fn named(schema: &Node<'_>) -> Value {
    let target = schema.resolve_single();
    let named = target
        .filter(|target| target.pointer().parent().is_some_and(|parent| parent.as_str() == "/components/schemas"));
    match named {
        Some(target) => json!({ "$ref": format!("#{}", target.pointer().as_str()) }),
        None => not_null(schema.value()),
    }
}
