//! Checks for unknown keys in OpenAPI objects. Most are misspelled, and their values would be ignored silently.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::{MODERN_KEYWORD, UNKNOWN_KEY};
use crate::document::{Document, Node};
use crate::naming::nearest;
use crate::openapi::{ADDITIONAL, METHODS, Site, schema_nodes};

const ROOT: &[&str] = &[
    "openapi",
    "info",
    "jsonSchemaDialect",
    "servers",
    "paths",
    "webhooks",
    "components",
    "security",
    "tags",
    "externalDocs",
];
const PATH_ITEM: &[&str] = &["$ref", "summary", "description", "servers", "parameters"];
const OPERATION: &[&str] = &[
    "tags",
    "summary",
    "description",
    "externalDocs",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "callbacks",
    "deprecated",
    "security",
    "servers",
];
const PARAMETER: &[&str] = &[
    "$ref",
    "name",
    "in",
    "description",
    "required",
    "deprecated",
    "allowEmptyValue",
    "style",
    "explode",
    "allowReserved",
    "schema",
    "example",
    "examples",
    "content",
];
const REQUEST_BODY: &[&str] = &["$ref", "description", "content", "required"];
const RESPONSE: &[&str] = &["$ref", "summary", "description", "headers", "content", "links"];
const MEDIA_TYPE: &[&str] = &["schema", "example", "examples", "encoding"];
/// The keys that affect clients. Schemas may have any others.
const SCHEMA: &[&str] = &[
    "type",
    "format",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "allOf",
    "oneOf",
    "anyOf",
    "discriminator",
    "nullable",
    "description",
    "default",
    "readOnly",
    "writeOnly",
    "deprecated",
];

/// Keywords of OpenAPI 3.1 that affect the types of a client. The 3.1 dialect has been rewritten when the check runs.
const MODERN: &[&str] = &[
    "patternProperties",
    "prefixItems",
    "unevaluatedProperties",
    "if",
    "dependentSchemas",
    "contentEncoding",
    "contentMediaType",
    "$defs",
];

pub(super) fn check(document: &Document, sites: &[Site<'_>], diagnostics: &mut Diagnostics) {
    let mut look = |node: &Node<'_>, what: &str, known: &[&str]| unknown(document, node, what, known, diagnostics);
    look(&document.root(), "the document", ROOT);
    for (_, item) in document.root().get("paths").iter().flat_map(Node::entries) {
        look(&item, "a path item", &[PATH_ITEM, &METHODS, &[ADDITIONAL]].concat());
    }
    for operation in sites.iter().map(|site| &site.node) {
        look(operation, "an operation", OPERATION);
        for parameter in operation.get("parameters").iter().flat_map(Node::items) {
            look(&parameter, "a parameter", PARAMETER);
        }
        let body = operation.get("requestBody");
        if let Some(body) = &body {
            look(body, "a request body", REQUEST_BODY);
        }
        let responses = operation.get("responses");
        let responses = responses.iter().flat_map(Node::entries).filter(|(status, _)| !status.starts_with("x-"));
        let responses: Vec<_> = responses.map(|(_, response)| response).collect();
        for response in &responses {
            look(response, "a response", RESPONSE);
        }
        for media in body.iter().chain(&responses).filter_map(|part| part.get("content")) {
            for (_, media) in media.entries() {
                look(&media, "a media type", MEDIA_TYPE);
            }
        }
    }
    let mut meant = BTreeMap::new();
    for schema in schema_nodes(document) {
        misspelt(document, &schema, &mut meant, diagnostics);
        modern(document, &schema, diagnostics);
    }
}

fn unknown(document: &Document, node: &Node<'_>, what: &str, known: &[&str], diagnostics: &mut Diagnostics) {
    for (key, child) in node.entries().filter(|(key, _)| !key.starts_with("x-") && !known.contains(key)) {
        let meant = nearest(key, known).map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
        let message = format!("unknown key `{key}` in {what} is ignored{meant}");
        diagnostics.report(document, &UNKNOWN_KEY, child.pointer(), message);
    }
}

/// The known key that each unknown key of a schema resembles.
type Meant<'a> = BTreeMap<&'a str, Option<&'static str>>;

/// Reports near misses of known keys. Schemas may have keys of other vocabularies, so other unknown keys are valid.
fn misspelt<'a>(document: &Document, schema: &Node<'a>, meant: &mut Meant<'a>, diagnostics: &mut Diagnostics) {
    for (key, child) in schema.entries().filter(|(key, _)| !key.starts_with("x-") && !SCHEMA.contains(key)) {
        // Schemas have the same few unknown keys again and again, and the comparison takes long.
        let Some(meant) = *meant.entry(key).or_insert_with(|| nearest(key, SCHEMA)) else { continue };
        let message = format!("unknown key `{key}` in a schema is ignored; did you mean `{meant}`?");
        diagnostics.report(document, &UNKNOWN_KEY, child.pointer(), message);
    }
}

/// Reports keywords that only OpenAPI 3.1 has.
fn modern(document: &Document, schema: &Node<'_>, diagnostics: &mut Diagnostics) {
    if let Some(constant) = schema.get("const") {
        let message = match constant.value() {
            Value::Null | Value::Array(_) | Value::Object(_) => "OpenAPI 3.0 has no keyword `const`, so it is ignored",
            _ => "OpenAPI 3.0 has no keyword `const`; it is read as an `enum` of this value",
        };
        diagnostics.report(document, &MODERN_KEYWORD, constant.pointer(), message);
    }
    for (key, child) in schema.entries().filter(|(key, _)| MODERN.contains(key)) {
        let message = format!("OpenAPI 3.0 has no keyword `{key}`, so it is ignored");
        diagnostics.report(document, &MODERN_KEYWORD, child.pointer(), message);
    }
}
