//! Checks the names that a document states for types, fields and variants, and the types of other crates.

use std::collections::BTreeSet;

use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::{BAD_RUST_TYPE, NAME_CHANGED, NAMES_IGNORED};
use crate::document::{Document, Node};
use crate::naming::{Named, TakenNames, is_identifier};
use crate::openapi::{NAME_OVERRIDE, RUST_TYPE, rust_type_problems, schema_nodes};

/// Keywords with a string for each value of an enum.
const OF_VALUES: [&str; 4] = ["x-enum-varnames", "x-enumNames", "x-enum-descriptions", "x-enumDescriptions"];

pub(super) fn check(document: &Document, diagnostics: &mut Diagnostics) {
    let root = document.root();
    if let Some(schemas) = root.at(&["components", "schemas"]) {
        check_overrides(document, &schemas, diagnostics);
    }
    for schema in schema_nodes(document) {
        if let Some(properties) = schema.get("properties") {
            check_overrides(document, &properties, diagnostics);
        }
        if let Some(stated) = schema.get(RUST_TYPE) {
            for problem in rust_type_problems(stated.value()) {
                let message = format!("`{RUST_TYPE}` is ignored: {problem}");
                diagnostics.report(document, &BAD_RUST_TYPE, stated.pointer(), message);
            }
        }
        check_values(document, &schema, diagnostics);
    }
}

/// Checks the names that properties or schemas state for themselves.
fn check_overrides(document: &Document, schemas: &Node<'_>, diagnostics: &mut Diagnostics) {
    let stated: Vec<_> = schemas.entries().map(|(name, schema)| (name, schema.get(NAME_OVERRIDE))).collect();
    if stated.iter().all(|(_, stated)| stated.is_none()) {
        return;
    }
    let of = if schemas.pointer().holds_properties() { Named::Field } else { Named::Type };
    let names = stated.iter().map(|(name, stated)| stated.as_ref().and_then(|it| it.value().as_str()).unwrap_or(name));
    let taken = TakenNames::new(of, names);
    for stated in stated.iter().filter_map(|(_, stated)| stated.as_ref()) {
        let Some(name) = stated.value().as_str() else { continue };
        let message = if is_identifier(name) {
            taken.problem(name).map(|problem| format!("{problem}, so a number is added"))
        } else {
            Some(format!("`{NAME_OVERRIDE}` is `{name}`, which is not a Rust identifier, so it is converted to one"))
        };
        let Some(message) = message else { continue };
        diagnostics.report(document, &NAME_CHANGED, stated.pointer(), message);
    }
}

/// Reports lists that do not have a string for each value. `lower` ignores them.
fn check_values(document: &Document, schema: &Node<'_>, diagnostics: &mut Diagnostics) {
    let Some(values) = schema.get("enum") else { return };
    let values: BTreeSet<String> =
        values.items().filter(|value| !value.value().is_null()).map(|value| value.value().to_string()).collect();
    for (key, stated) in OF_VALUES.into_iter().filter_map(|key| Some((key, schema.get(key)?))) {
        let Some(items) = stated.value().as_array() else { continue };
        if items.len() != values.len() {
            let message = format!("`{key}` has the length {}, but the enum has {} values", items.len(), values.len());
            diagnostics.report(document, &NAMES_IGNORED, stated.pointer(), message);
        }
    }
}
