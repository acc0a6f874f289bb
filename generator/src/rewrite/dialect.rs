//! Turns documents of other dialects into OpenAPI 3.0, which is what all later stages read: one table of rewrites for each
//! dialect.

pub mod openapi31;
mod schemas;
pub mod swagger20;

use super::{Log, Rewrite, apply_all};
use crate::diagnostics::Diagnostics;
use crate::document::Document;
use crate::openapi::Dialect;

/// Every dialect that has rewrites, with its table.
pub const TABLES: &[(Dialect, &[Rewrite])] =
    &[(Dialect::Swagger20, swagger20::REWRITES), (Dialect::OpenApi31, openapi31::REWRITES)];

/// Returns the rewrites that apply to a document, in the order in which they run.
#[must_use]
pub fn table(document: &Document) -> &'static [Rewrite] {
    let dialect = Dialect::of(document.value());
    TABLES.iter().find(|(own, _)| Some(*own) == dialect).map_or(&[], |(_, table)| *table)
}

/// Turns a document of any dialect into an OpenAPI 3.0 document, and reports what was lost.
#[must_use]
pub fn to_openapi30(document: Document) -> (Document, Diagnostics) {
    apply_all(table(&document), document)
}
