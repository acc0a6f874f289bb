//! Lowers the parts of multipart bodies (OpenAPI 3.0.4 and 3.1.1, "Encoding Object" and "Special Considerations for
//! `multipart` Content").

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Lowering;
use super::operations::is_form_data;
use super::response_headers::{is_header_name, not_null};
use super::types::{References, field_ident, is_sensitive};
use crate::diagnostics::catalogue::{PART_ENCODED_BY_CALLER, PART_ENCODING_IGNORED};
use crate::document::Node;
use crate::ir::{FormPart, MultipartForm, PartContent, PartHeader, PartHeaderValue, SlotRole};
use crate::naming::{pascal, snake, unique};
use crate::openapi::media::{MediaKind, is_json, is_range, kind};
use crate::openapi::{body_media, is_plain};

/// A property of the schema of a body, with its entry in `encoding`.
struct Property<'a> {
    name: &'a str,
    node: Node<'a>,
    /// What the schema is after references.
    target: Node<'a>,
    encoding: Option<Node<'a>>,
    /// The media types that the document lists.
    content_types: Vec<&'a str>,
    required: bool,
}

impl Lowering<'_> {
    /// Returns the type of a multipart body. `None` if its schema has no properties of its own.
    pub(super) fn multipart(&mut self, operation: &Node<'_>, media: &Node<'_>) -> Option<MultipartForm> {
        let properties = properties(media)?;
        let mut taken = BTreeSet::new();
        let idents: Vec<_> = properties.iter().map(|property| unique(field_ident(property.name), &mut taken)).collect();
        let mut parts = Vec::new();
        for (property, ident) in properties.iter().zip(idents) {
            let part = self.part(operation, property, ident, &mut taken);
            parts.push(part);
        }
        let id = operation.text("operationId").unwrap_or_default();
        Some(MultipartForm { type_name: format!("{}Form", pascal(id)), parts })
    }

    /// Returns the names of the schemas that only multipart bodies refer to, whose own types replace them.
    pub(super) fn form_types(&self, references: &References) -> BTreeSet<String> {
        let mut uses: References = References::new();
        for site in self.sites {
            let content = site.node.at(&["requestBody", "content"]);
            let Some((name, media)) = content.as_ref().and_then(body_media) else { continue };
            let reference = media.get("schema").and_then(|schema| schema.text("$ref"));
            if let Some(target) = reference.and_then(|reference| reference.strip_prefix("#/components/schemas/"))
                && is_form_data(name)
                && properties(&media).is_some()
            {
                *uses.entry(target.to_owned()).or_default() += 1;
            }
        }
        uses.retain(|name, count| references.get(name) == Some(count));
        uses.into_keys().collect()
    }

    fn part(
        &mut self,
        operation: &Node<'_>,
        property: &Property<'_>,
        ident: String,
        taken: &mut BTreeSet<String>,
    ) -> FormPart {
        let Property { node, target, .. } = property;
        let repeated = is_repeated(property);
        let items = target.get("items").filter(|_| repeated);
        let schema = items.as_ref().unwrap_or(node);
        let has_any_items = repeated && items.is_none();
        let (content, content_type) = self.part_content(operation, property, (!has_any_items).then_some(schema));
        let is_file = content == PartContent::File;
        if let Some(encoding) = &property.encoding {
            self.check_encoding(property, encoding, is_file);
        }
        let is_choice = property.content_types.len() > 1 || property.content_types.iter().any(|name| is_range(name));
        let own = |key: &str| node.get(key).or_else(|| target.get(key)).map(|node| node.value().clone());
        FormPart {
            name: property.name.to_owned(),
            headers: self.part_headers(operation, property, &ident, taken),
            ident,
            required: property.required && own("nullable") != Some(Value::Bool(true)),
            repeated,
            content,
            content_type,
            listed: if is_file && is_choice { owned(&property.content_types) } else { Vec::new() },
            description: node.words("description").or_else(|| target.words("description")),
            sensitive: is_sensitive(node) || is_sensitive(target),
            deprecated: own("deprecated") == Some(Value::Bool(true)),
            example: own("example"),
        }
    }

    /// Returns the content of a part with values of a schema, or of any JSON, and its media type.
    fn part_content(
        &mut self,
        operation: &Node<'_>,
        property: &Property<'_>,
        schema: Option<&Node<'_>>,
    ) -> (PartContent, Option<String>) {
        let target = schema.and_then(|schema| schema.resolve_single().or_else(|| Some(schema.clone())));
        let stated = property.content_types.first().copied();
        let single = (property.content_types.len() == 1).then_some(stated).flatten().filter(|name| !is_range(name));
        if target.as_ref().is_some_and(|target| is_file(target, stated)) {
            return (PartContent::File, Some(single.unwrap_or("application/octet-stream").to_owned()));
        }
        if stated.is_none_or(|name| !is_json(name))
            && let Some(value) = schema.and_then(|schema| self.plain_value(operation, SlotRole::Body, schema))
        {
            let is_encoded = target.is_some_and(|target| target.text("format") == Some("byte"));
            let default = is_encoded.then_some("application/octet-stream");
            return (
                PartContent::Text(value.slot),
                stated.filter(|name| !is_range(name)).or(default).map(str::to_owned),
            );
        }
        if let Some(media_type) = stated.filter(|name| !is_json(name)) {
            let message = format!(
                "the part `{}` is `{media_type}`, which the client cannot write from its schema",
                property.name
            );
            self.diagnostics.report(self.document, &PART_ENCODED_BY_CALLER, property.node.pointer(), message);
            return (PartContent::Bytes, single.map(str::to_owned));
        }
        let slot = match schema {
            None => self.slot(operation, SlotRole::Body, None),
            Some(schema) => self.slot_of(operation, SlotRole::Body, named(schema), schema.pointer()),
        };
        (PartContent::Json(slot), Some(stated.filter(|name| !is_range(name)).unwrap_or("application/json").to_owned()))
    }

    /// Reports what the client does not do as the entry in `encoding` states.
    fn check_encoding(&mut self, property: &Property<'_>, encoding: &Node<'_>, is_file: bool) {
        let is_usual = encoding.text("style").is_none_or(|style| style == "form")
            && encoding.get("explode").is_none_or(|explode| explode.value() == true)
            && !encoding.is_true("allowReserved");
        if !is_usual {
            self.ignored(property, encoding, "`style`, `explode` and `allowReserved` are ignored");
        }
        if !is_file && property.content_types.len() > 1 {
            self.ignored(property, encoding, "only the first of several media types is used");
        }
    }

    fn ignored(&mut self, property: &Property<'_>, at: &Node<'_>, what: &str) {
        let message = format!("the encoding of the part `{}` is not fully used: {what}", property.name);
        self.diagnostics.report(self.document, &PART_ENCODING_IGNORED, at.pointer(), message);
    }

    fn part_headers(
        &mut self,
        operation: &Node<'_>,
        property: &Property<'_>,
        part: &str,
        taken: &mut BTreeSet<String>,
    ) -> Vec<PartHeader> {
        let described = property.encoding.as_ref().and_then(|encoding| encoding.get("headers"));
        let mut headers = Vec::new();
        for (name, node) in described.iter().flat_map(Node::entries) {
            // `contentType` describes this one.
            if name.eq_ignore_ascii_case("content-type") {
                continue;
            }
            let header = node.resolve().unwrap_or_else(|| node.clone());
            let schema = header.get("schema");
            let is_sendable = is_header_name(name) && !name.eq_ignore_ascii_case("content-disposition");
            let value = match schema.as_ref().filter(|_| is_sendable) {
                Some(schema) => match constant(schema).filter(|_| header.is_true("required")) {
                    Some(constant) => Some(PartHeaderValue::Constant(constant)),
                    None if is_repeated(property) => None,
                    None => self.plain_value(operation, SlotRole::Body, schema).map(|value| PartHeaderValue::Field {
                        ident: unique(format!("{}_{}", part.trim_end_matches('_'), snake(name)), taken),
                        slot: value.slot,
                        required: header.is_true("required"),
                        sensitive: is_sensitive(schema) || schema.resolve_single().is_some_and(|it| is_sensitive(&it)),
                        description: header.words("description"),
                    }),
                },
                None => None,
            };
            match value {
                Some(value) => headers.push(PartHeader { name: name.to_owned(), value }),
                None => self.ignored(property, &node, &format!("the header `{name}` is left out")),
            }
        }
        headers
    }
}

/// Returns the properties of the body that a request can have. `None` if the schema is not an object with named properties.
fn properties<'a>(media: &Node<'a>) -> Option<Vec<Property<'a>>> {
    let schema = media.get("schema")?.resolve_single()?;
    if ["allOf", "oneOf", "anyOf"].iter().any(|key| schema.get(key).is_some()) {
        return None;
    }
    let required: Vec<_> =
        schema.get("required").iter().flat_map(Node::items).filter_map(|name| name.value().as_str()).collect();
    let encodings = media.get("encoding");
    let all = schema.get("properties")?.entries().map(|(name, node)| {
        let target = node.resolve_single().unwrap_or_else(|| node.clone());
        let encoding = encodings.as_ref().and_then(|encodings| encodings.get(name));
        let listed = encoding.as_ref().and_then(|encoding| encoding.text("contentType"));
        let content_types = listed.iter().flat_map(|listed| listed.split(',')).map(str::trim);
        let content_types = content_types.filter(|name| !name.is_empty()).collect();
        Property { name, required: required.contains(&name), node, target, encoding, content_types }
    });
    let all: Vec<_> = all.filter(|property| !property.target.is_true("readOnly")).collect();
    (!all.is_empty()).then_some(all)
}

/// Whether the property is a list whose items are parts. A list with the media type of JSON is a single part.
fn is_repeated(property: &Property<'_>) -> bool {
    let is_list = property.target.text("type") == Some("array");
    is_list && !property.content_types.first().is_some_and(|name| is_json(name))
}

/// Whether values of the schema are bytes: by their format, because nothing is known about them, or because a string of their
/// media type is not text.
fn is_file(schema: &Node<'_>, content_type: Option<&str>) -> bool {
    const KINDS: [&str; 7] = ["type", "properties", "additionalProperties", "oneOf", "anyOf", "allOf", "enum"];
    let is_unknown = KINDS.iter().all(|key| schema.get(key).is_none());
    let is_string =
        schema.text("type") == Some("string") && schema.get("format").is_none() && schema.get("enum").is_none();
    let is_binary = |name: &str| kind(name) == MediaKind::Bytes;
    schema.text("format") == Some("binary")
        || (is_unknown && content_type.is_none_or(|name| !is_json(name)))
        || (is_string && is_plain(schema) && content_type.is_some_and(is_binary))
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

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
