//! Checks that every `$ref` has a target in the document.

use crate::diagnostics::catalogue::{
    EXTERNAL_PART, EXTERNAL_REFERENCE, EXTERNAL_SCHEMA, UNRESOLVED_REFERENCE, UNRESOLVED_SCHEMA,
};
use crate::diagnostics::{Code, Diagnostics};
use crate::document::{Document, Node, Pointer, holds_free_names};

pub(super) fn check(document: &Document, diagnostics: &mut Diagnostics) {
    for (key, part) in document.root().described_parts() {
        if key == "components" {
            for (_, group) in part.described_parts().filter(|(key, _)| !key.starts_with("x-")) {
                walk(document, &group, true, diagnostics);
            }
        } else if !key.starts_with("x-") || key == "x-speakeasy-globals" {
            walk(document, &part, false, diagnostics);
        }
    }
}

/// `are_names` is whether the keys of the node are names of any form.
fn walk(document: &Document, node: &Node<'_>, are_names: bool, diagnostics: &mut Diagnostics) {
    if let Some(reference) = node.text("$ref") {
        check_one(document, node, reference, diagnostics);
        return;
    }
    for (key, child) in node.described_parts() {
        if are_names || !key.starts_with("x-") {
            walk(document, &child, !are_names && holds_free_names(key), diagnostics);
        }
    }
    for item in node.items() {
        walk(document, &item, false, diagnostics);
    }
}

fn check_one(document: &Document, node: &Node<'_>, reference: &str, diagnostics: &mut Diagnostics) {
    let place = node.pointer().join("$ref");
    if Pointer::from_reference(reference).is_none() {
        let message = if reference.contains("://") {
            format!("`{reference}` is a URL, which the generator does not fetch")
        } else {
            format!("`{reference}` leads to a file, or a place in it, that does not exist")
        };
        diagnostics.report(document, external(node.pointer()), &place, message);
    } else if node.resolve().is_none() {
        let leads = if node.is_circular() { "is a circular reference" } else { "points to nothing" };
        let message = format!("`{reference}` {leads}");
        let is_schema = external(node.pointer()).id == EXTERNAL_SCHEMA.id;
        let code = if is_schema { &UNRESOLVED_SCHEMA } else { &UNRESOLVED_REFERENCE };
        diagnostics.report(document, code, &place, message);
    }
}

/// Returns the diagnostic for a reference to another document, which depends on the location of the reference.
fn external(place: &Pointer) -> &'static Code {
    let keys: Vec<&str> = place.as_str().split('/').collect();
    match keys.as_slice() {
        [.., "schema" | "items" | "additionalProperties"]
        | [.., "schemas" | "properties" | "oneOf" | "anyOf" | "allOf", _] => &EXTERNAL_SCHEMA,
        ["", "paths", .., "responses" | "parameters", _] => &EXTERNAL_PART,
        _ => &EXTERNAL_REFERENCE,
    }
}
