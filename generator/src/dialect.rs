//! OpenAPI 3.1 in the words of 3.0, which is what all later stages read.
//!
//! A table of small rewrites in a fixed order, for documents of 3.1 only. Where 3.0 has no words, what is left describes
//! more values than the document allows, never others: a warning says so (`W030`). What can be neither said nor left out
//! is an error (`E050`). What a rewrite does not understand it leaves as it is, for `check` to report.

mod boolean_schemas;
mod close_objects;
mod constants;
mod drop_conditions;
mod encodings;
mod exclusive_bounds;
mod frame;
mod hoist_definitions;
mod inline_path_items;
mod null_branches;
mod override_references;
mod pattern_properties;
mod reference_siblings;
mod resolve_identifiers;
mod schemas;
mod single_examples;
#[cfg(test)]
mod tests;
mod transport_security;
mod tuples;
mod type_lists;
mod webhooks;

use serde_json::Value;

use crate::diagnostics::{Code, Diagnostics};
use crate::document::{Document, Pointer};

/// A rewrite of a document of 3.1.
pub struct Rewrite {
    /// Its name, as `inspect` takes it.
    pub name: &'static str,
    run: fn(&mut Value, &mut Log),
}

/// All rewrites, in the order in which they run.
pub const REWRITES: &[Rewrite] = &[
    Rewrite { name: "webhooks", run: webhooks::run },
    Rewrite { name: "inline_path_items", run: inline_path_items::run },
    Rewrite { name: "transport_security", run: transport_security::run },
    Rewrite { name: "override_references", run: override_references::run },
    Rewrite { name: "resolve_identifiers", run: resolve_identifiers::run },
    Rewrite { name: "hoist_definitions", run: hoist_definitions::run },
    Rewrite { name: "tuples", run: tuples::run },
    Rewrite { name: "boolean_schemas", run: boolean_schemas::run },
    Rewrite { name: "pattern_properties", run: pattern_properties::run },
    Rewrite { name: "close_objects", run: close_objects::run },
    Rewrite { name: "drop_conditions", run: drop_conditions::run },
    Rewrite { name: "constants", run: constants::run },
    Rewrite { name: "type_lists", run: type_lists::run },
    Rewrite { name: "null_branches", run: null_branches::run },
    Rewrite { name: "exclusive_bounds", run: exclusive_bounds::run },
    Rewrite { name: "single_examples", run: single_examples::run },
    Rewrite { name: "encodings", run: encodings::run },
    Rewrite { name: "reference_siblings", run: reference_siblings::run },
    Rewrite { name: "frame", run: frame::run },
];

/// What a rewrite did, and what it has to say. Places are those before the rewrite.
#[derive(Debug, Default)]
struct Log {
    moved: Vec<(Pointer, Pointer)>,
    found: Vec<(&'static Code, Pointer, String)>,
}

impl Log {
    /// The value now at `to` stood at `from` before.
    fn moved(&mut self, from: Pointer, to: Pointer) {
        self.moved.push((from, to));
    }

    fn report(&mut self, code: &'static Code, place: Pointer, message: impl Into<String>) {
        self.found.push((code, place, message.into()));
    }
}

/// Whether these rewrites are for the document. A version written without quotes is a number to YAML.
#[must_use]
pub fn is_modern(document: &Document) -> bool {
    match document.value().get("openapi") {
        Some(Value::String(version)) => version == "3.1" || version.starts_with("3.1."),
        Some(Value::Number(version)) => version.to_string() == "3.1",
        _ => false,
    }
}

/// A document of 3.1 as one of 3.0, and what was lost; any other document as it is.
#[must_use]
pub fn lower(mut document: Document) -> (Document, Diagnostics) {
    let mut found = Diagnostics::default();
    if is_modern(&document) {
        for rewrite in REWRITES {
            let (after, more) = rewrite.apply(&document);
            found.extend(more);
            document = after;
        }
    }
    (document, found)
}

impl Rewrite {
    /// Runs this one.
    #[must_use]
    pub fn apply(&self, document: &Document) -> (Document, Diagnostics) {
        let mut log = Log::default();
        let mut value = document.value().clone();
        (self.run)(&mut value, &mut log);
        let mut found = Diagnostics::default();
        for (code, place, message) in log.found {
            found.report(document, code, &place, message);
        }
        (document.rewritten(value, &log.moved), found)
    }
}
