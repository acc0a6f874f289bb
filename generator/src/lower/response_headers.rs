//! Lowers the headers of successful responses (OpenAPI 3.0, "Header Object").

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Lowering;
use crate::diagnostics::catalogue::{INVALID_HEADER_NAME, UNTYPED_HEADER};
use crate::document::Node;
use crate::ir::{HeaderContent, HeaderScalar, HeaderValue, ResponseHeader, ResponseHeaders, SlotRole};
use crate::naming::reserved::HEADERS_METHODS;
use crate::naming::{snake, unique};
use crate::openapi::{is_plain, success_headers};

impl Lowering<'_> {
    /// Returns the headers of an operation's successful responses. A header of several responses is read as the first one
    /// describes it.
    pub(super) fn response_headers(
        &mut self,
        operation: &Node<'_>,
        type_name: &str,
        types: &mut BTreeSet<String>,
    ) -> Option<ResponseHeaders> {
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut headers: Vec<ResponseHeader> = Vec::new();
        for (name, header) in success_headers(operation) {
            if headers.iter().any(|known| known.name.eq_ignore_ascii_case(name)) {
                continue;
            }
            if !is_header_name(name) {
                let message = format!("no header can have the name `{name}`");
                self.diagnostics.report(self.document, &INVALID_HEADER_NAME, header.pointer(), message);
                continue;
            }
            let schema = header.get("schema").and_then(|schema| schema.resolve_single());
            headers.push(ResponseHeader {
                ident: unique(ident(name), &mut taken),
                name: name.to_owned(),
                content: self.header_content(operation, name, &header),
                description: header.words("description").or_else(|| schema.as_ref()?.words("description")),
                deprecated: header.is_true("deprecated"),
            });
        }
        (!headers.is_empty())
            .then(|| ResponseHeaders { type_name: unique(format!("{type_name}Headers"), types), headers })
    }

    fn header_content(&mut self, operation: &Node<'_>, name: &str, header: &Node<'_>) -> HeaderContent {
        let Some(schema) = header.get("schema") else {
            if header.get("content").is_some() {
                self.untyped_header(name, header, "has a media type");
            }
            return HeaderContent::Text;
        };
        if let Some(value) = self.plain_value(operation, SlotRole::Response, &schema) {
            return HeaderContent::One(value);
        }
        let target = schema.resolve_single();
        let items = target.as_ref().filter(|target| target.text("type") == Some("array"));
        if let Some(value) = items
            .and_then(|list| list.get("items"))
            .and_then(|items| self.plain_value(operation, SlotRole::Response, &items))
        {
            return HeaderContent::List(value);
        }
        let states_type = target.is_some_and(|target| KINDS.iter().any(|key| target.get(key).is_some()));
        if states_type {
            self.untyped_header(name, header, "is not a string, number, boolean, or list of these");
        }
        HeaderContent::Text
    }

    fn untyped_header(&mut self, name: &str, header: &Node<'_>, reason: &str) {
        let message = format!("the response header `{name}` {reason}, and is returned as a string");
        self.diagnostics.report(self.document, &UNTYPED_HEADER, header.pointer(), message);
    }

    /// Creates the slot of a value. `None` if it is not known to be a string, a number or a boolean.
    ///
    /// Only an enum keeps its name. Other named types are their plain type, as for parameters.
    pub(super) fn plain_value(
        &mut self,
        operation: &Node<'_>,
        role: SlotRole,
        schema: &Node<'_>,
    ) -> Option<HeaderValue> {
        let target = schema.resolve_single().filter(is_plain)?;
        let scalar = match target.text("type")? {
            "integer" => HeaderScalar::Integer,
            "number" => HeaderScalar::Number,
            "boolean" => HeaderScalar::Boolean,
            _ => HeaderScalar::String,
        };
        let is_enum = scalar == HeaderScalar::String && target.get("enum").is_some();
        let value = match target.pointer().parent() {
            Some(parent) if is_enum && parent.as_str() == "/components/schemas" => {
                json!({ "$ref": format!("#{}", target.pointer().as_str()) })
            }
            _ => not_null(target.value()),
        };
        Some(HeaderValue { slot: self.slot_of(operation, role, value, schema.pointer()), scalar })
    }
}

/// Keywords that state what a value is.
const KINDS: [&str; 6] = ["type", "properties", "additionalProperties", "oneOf", "anyOf", "allOf"];

/// Returns a schema without `nullable`: no header and no part has the value `null`.
pub(super) fn not_null(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Value::Object(schema) = &mut schema {
        schema.shift_remove("nullable");
    }
    schema
}

/// Whether a header can have this name (RFC 9110, section 5.6.2).
pub(super) fn is_header_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

fn ident(name: &str) -> String {
    let ident = snake(name);
    let is_taken = HEADERS_METHODS.contains(&ident.as_str());
    if is_taken { format!("{ident}_header") } else { ident }
}
