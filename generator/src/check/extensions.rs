//! Checks extensions whose intended value is clear, but which are written in another way.

use serde_json::Value;

use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::BAD_EXTENSION;
use crate::document::{Document, Node};
use crate::openapi::SENSITIVE;

/// An extension, a check of its value, and a description of valid values.
type Rule = (&'static str, fn(&Value) -> bool, &'static str);

const RULES: [Rule; 11] = [
    ("x-sdk", Value::is_object, "an object"),
    ("x-speakeasy-globals", Value::is_object, "an object with a list of `parameters`"),
    ("x-speakeasy-group", |value| value.is_string() || value.is_array(), "a dotted name"),
    ("x-speakeasy-name-override", |value| is_name(value) || value.is_array(), "a name for the method"),
    ("x-speakeasy-retries", Value::is_object, "an object with a `strategy`"),
    ("x-speakeasy-polling", |value| value.is_array() || value.is_object(), "a list of polling blocks"),
    ("x-speakeasy-pagination", Value::is_object, "an object with a `type`"),
    ("x-speakeasy-sse-sentinel", Value::is_string, "a string"),
    ("x-fern-idempotent", Value::is_boolean, "`true` or `false`"),
    (SENSITIVE, Value::is_boolean, "`true` or `false`"),
    ("x-speakeasy-unknown-values", is_unknown_values, "`allow` or `disallow`"),
];

pub(super) fn check(document: &Document, diagnostics: &mut Diagnostics) {
    walk(document, &document.root(), diagnostics);
}

fn walk(document: &Document, node: &Node<'_>, diagnostics: &mut Diagnostics) {
    for (key, child) in node.described() {
        match RULES.iter().find(|(name, ..)| *name == key) {
            Some((name, is_right, wanted)) if !is_right(child.value()) => {
                let message = format!("`{name}` is `{}`, which is not {wanted}", child.value());
                diagnostics.report(document, &BAD_EXTENSION, child.pointer(), message);
            }
            Some(_) => {}
            None => walk(document, &child, diagnostics),
        }
    }
    node.items().for_each(|item| walk(document, &item, diagnostics));
}

fn is_name(value: &Value) -> bool {
    value.as_str().is_some_and(|name| !name.trim().is_empty())
}

fn is_unknown_values(value: &Value) -> bool {
    matches!(value.as_str(), Some("allow" | "disallow"))
}
