//! Every `$ref` leads somewhere in the document.

use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::{EXTERNAL_REFERENCE, EXTERNAL_SCHEMA, UNRESOLVED_REFERENCE};
use crate::document::{Document, Node, Pointer};

pub(super) fn check(document: &Document, found: &mut Diagnostics) {
    walk(document, &document.root(), found);
}

fn walk(document: &Document, node: &Node<'_>, found: &mut Diagnostics) {
    if let Some(reference) = node.text("$ref") {
        check_one(document, node, reference, found);
        return;
    }
    for (key, child) in node.described() {
        if !key.starts_with("x-") || key == "x-speakeasy-globals" {
            walk(document, &child, found);
        }
    }
    for item in node.items() {
        walk(document, &item, found);
    }
}

fn check_one(document: &Document, node: &Node<'_>, reference: &str, found: &mut Diagnostics) {
    let place = node.pointer().join("$ref");
    if Pointer::from_reference(reference).is_none() {
        let message = format!("`{reference}` leads out of this document");
        let code = if is_schema(node.pointer()) { &EXTERNAL_SCHEMA } else { &EXTERNAL_REFERENCE };
        found.report(document, code, &place, message);
    } else if node.resolve().is_none() {
        let leads = if node.is_circular() { "leads in a circle" } else { "leads nowhere" };
        let message = format!("`{reference}` {leads}");
        found.report(document, &UNRESOLVED_REFERENCE, &place, message);
    }
}

/// Whether a schema stands here, judged by what is around it.
fn is_schema(place: &Pointer) -> bool {
    let keys: Vec<&str> = place.as_str().split('/').collect();
    matches!(
        keys.as_slice(),
        [.., "schema" | "items" | "additionalProperties"]
            | [.., "schemas" | "properties" | "oneOf" | "anyOf" | "allOf", _]
    )
}
