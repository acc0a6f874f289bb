//! Rewrites a document into the form the later stages read: everything in its place, every compound schema under a name.
//!
//! A table of small rewrites in a fixed order. None of them changes what the document means, unless it warns of it; what a
//! rewrite cannot handle it leaves as it is: `check` has reported it.

mod break_circles;
mod drop_bad_defaults;
mod drop_external_parts;
mod drop_head_bodies;
mod fold_parts;
mod hoist_inline_schemas;
mod inline_components;
mod inline_paths;
mod intersect;
mod mend_discriminators;
mod mend_enums;
mod mend_path_parameters;
mod move_nullable;
mod move_path_parameters;
mod name_deep_targets;
mod name_operations;
mod rename_schemas;
mod settle_keywords;
mod shape;
#[cfg(test)]
mod tests;
mod union_tags;

use std::borrow::Cow;

use serde_json::Value;

use crate::diagnostics::Diagnostics;
use crate::document::{Document, Pointer};

/// A rewrite of the document.
pub struct Rewrite {
    /// Its name, as `inspect` takes it.
    pub name: &'static str,
    /// Is given the document as it was, and its value, which is copied when it first changes it.
    run: fn(&Document, &mut Cow<'_, Value>, &mut Log),
}

/// All rewrites, in the order in which they run.
pub const REWRITES: &[Rewrite] = &[
    Rewrite { name: "inline_paths", run: inline_paths::run },
    Rewrite { name: "name_operations", run: name_operations::run },
    Rewrite { name: "move_path_parameters", run: move_path_parameters::run },
    Rewrite { name: "mend_path_parameters", run: mend_path_parameters::run },
    Rewrite { name: "drop_external_parts", run: drop_external_parts::run },
    Rewrite { name: "name_deep_targets", run: name_deep_targets::run },
    Rewrite { name: "inline_components", run: inline_components::run },
    Rewrite { name: "drop_head_bodies", run: drop_head_bodies::run },
    Rewrite { name: "fold_parts", run: fold_parts::run },
    Rewrite { name: "mend_enums", run: mend_enums::run },
    Rewrite { name: "drop_bad_defaults", run: drop_bad_defaults::run },
    Rewrite { name: "mend_discriminators", run: mend_discriminators::run },
    Rewrite { name: "hoist_inline_schemas", run: hoist_inline_schemas::run },
    Rewrite { name: "complete_union_tags", run: union_tags::complete },
    Rewrite { name: "rename_schemas", run: rename_schemas::run },
    Rewrite { name: "break_circles", run: break_circles::run },
    Rewrite { name: "intersect", run: intersect::run },
    Rewrite { name: "infer_union_tags", run: union_tags::infer },
    Rewrite { name: "order_union_members", run: union_tags::order },
    Rewrite { name: "move_nullable", run: move_nullable::run },
    Rewrite { name: "settle_keywords", run: settle_keywords::run },
];

/// What a rewrite did.
#[derive(Debug, Default)]
pub(crate) struct Log {
    moved: Vec<(Pointer, Pointer)>,
    found: Diagnostics,
}

impl Log {
    /// The value now at `to` stood at `from` before.
    fn moved(&mut self, from: Pointer, to: Pointer) {
        self.moved.push((from, to));
    }
}

/// Runs all rewrites. What they could not keep they warn of.
#[must_use]
pub fn normalise(document: Document) -> (Document, Diagnostics) {
    let mut found = Diagnostics::default();
    let document = REWRITES.iter().fold(document, |document, rewrite| {
        let (document, more) = rewrite.apply(document);
        found.extend(more);
        document
    });
    (document, found)
}

impl Rewrite {
    /// Runs this one.
    #[must_use]
    pub fn apply(&self, document: Document) -> (Document, Diagnostics) {
        let mut log = Log::default();
        let mut value = Cow::Borrowed(document.value());
        (self.run)(&document, &mut value, &mut log);
        let document = match value {
            Cow::Owned(value) => document.rewritten(value, &log.moved),
            Cow::Borrowed(_) => document,
        };
        (document, log.found)
    }
}
