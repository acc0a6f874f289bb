//! Lowers the parts of multipart bodies (OpenAPI 3.0.4 and 3.1.1, "Encoding Object" and "Special Considerations for
//! `multipart` Content").

mod content;
mod headers;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::Value;

use super::Lowering;
use super::operations::is_form_data;
use super::types::{References, field_ident, is_sensitive};
use crate::diagnostics::catalogue::PART_ENCODING_IGNORED;
use crate::document::Node;
use crate::ir::{FormPart, MultipartForm, PartContent};
use crate::naming::{pascal, unique};
use crate::openapi::media::{is_json, is_range};
use crate::openapi::{CONTENT_MEDIA_TYPE, ITEM_SEPARATOR, NAME_OVERRIDE, body_media};

/// A property of the schema of a body, with its entry in `encoding`.
struct Property<'a> {
    name: &'a str,
    node: Node<'a>,
    /// What the schema is after references.
    target: Node<'a>,
    encoding: Option<Node<'a>>,
    /// The media types that the document lists.
    content_types: Vec<&'a str>,
    /// Whether the media type is that of the strings that the schema describes.
    is_document: bool,
    required: bool,
}

impl Lowering<'_> {
    /// Returns the type of a multipart body. `None` if its schema has no properties of its own.
    pub(super) fn multipart(&mut self, operation: &Node<'_>, media: &Node<'_>) -> Option<MultipartForm> {
        let properties = properties(media)?;
        let mut taken = BTreeSet::new();
        let name = |property: &Property<'_>| field_ident(property.node.text(NAME_OVERRIDE).unwrap_or(property.name));
        let idents: Vec<_> = properties.iter().map(|property| unique(name(property), &mut taken)).collect();
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
        let content = match (content, separator(property)) {
            (PartContent::Text(slot), Some(separator)) if repeated => PartContent::Joined(slot, separator),
            (content, _) => content,
        };
        if let Some(encoding) = &property.encoding {
            self.check_encoding(property, encoding, content);
        }
        let is_choice = property.content_types.len() > 1 || property.content_types.iter().any(|name| is_range(name));
        let own = |key: &str| node.get(key).or_else(|| target.get(key)).map(|node| node.value().clone());
        let mut part = FormPart {
            name: property.name.to_owned(),
            ident,
            required: property.required && own("nullable") != Some(Value::Bool(true)),
            repeated,
            content,
            content_type,
            listed: if content.is_file() && is_choice { owned(&property.content_types) } else { Vec::new() },
            headers: Vec::new(),
            description: node.words("description").or_else(|| target.words("description")),
            sensitive: is_sensitive(node) || is_sensitive(target),
            deprecated: own("deprecated") == Some(Value::Bool(true)),
            example: own("example"),
        };
        self.add_part_headers(operation, property, &mut part, taken);
        part
    }

    /// Reports what the client does not do as the entry in `encoding` states.
    fn check_encoding(&mut self, property: &Property<'_>, encoding: &Node<'_>, content: PartContent) {
        let is_repeated = encoding.text("style").is_none_or(|style| style == "form")
            && encoding.get("explode").is_none_or(|explode| explode.value() == true);
        let is_usual =
            (is_repeated || matches!(content, PartContent::Joined(..))) && !encoding.is_true("allowReserved");
        if !is_usual {
            self.ignored(property, encoding, "`style`, `explode` and `allowReserved` are ignored");
        }
        if !content.is_file() && property.content_types.len() > 1 {
            self.ignored(property, encoding, "only the first of several media types is used");
        }
    }

    fn ignored(&mut self, property: &Property<'_>, at: &Node<'_>, what: &str) {
        let message = format!("the encoding of the part `{}` is not fully used: {what}", property.name);
        self.diagnostics.report(self.document, &PART_ENCODING_IGNORED, at.pointer(), message);
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
        let of_schema = document_type(&target).filter(|_| listed.is_none());
        let listed = listed.iter().flat_map(|listed| listed.split(',')).map(str::trim);
        let content_types = listed.filter(|name| !name.is_empty()).chain(of_schema).collect();
        let is_document = of_schema.is_some();
        Property { name, required: required.contains(&name), node, target, encoding, content_types, is_document }
    });
    let all: Vec<_> = all.filter(|property| !property.target.is_true("readOnly")).collect();
    (!all.is_empty()).then_some(all)
}

/// Returns the media type of the strings that a schema, or the schema of its items, describes.
fn document_type<'a>(schema: &Node<'a>) -> Option<&'a str> {
    let items = || schema.get("items").and_then(|items| items.resolve_single());
    schema.text(CONTENT_MEDIA_TYPE).or_else(|| items()?.text(CONTENT_MEDIA_TYPE))
}

/// Whether the property is a list of values that are not a single JSON value. A list with the media type of JSON is one.
fn is_repeated(property: &Property<'_>) -> bool {
    let is_list = property.target.text("type") == Some("array");
    is_list && (property.is_document || !property.content_types.first().is_some_and(|name| is_json(name)))
}

/// Returns what separates the items of a list in a single part.
fn separator(property: &Property<'_>) -> Option<char> {
    property.encoding.as_ref()?.text(ITEM_SEPARATOR)?.chars().next()
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
