//! Turns documents of other dialects into OpenAPI 3.0, which is what all later stages read: one table of rewrites for each
//! dialect.

pub mod openapi31;
pub mod openapi32;
mod schemas;
pub mod swagger20;

use super::{Log, Rewrite, apply_all};
use crate::diagnostics::Diagnostics;
use crate::document::Document;
use crate::openapi::Dialect;

/// The tables of all dialects, in the order in which they run: OpenAPI 3.2 becomes 3.1 first.
pub const TABLES: &[&[Rewrite]] = &[swagger20::REWRITES, openapi32::REWRITES, openapi31::REWRITES];

/// Returns the rewrites that apply to a document, in the order in which they run.
pub fn rewrites(document: &Document) -> impl Iterator<Item = &'static Rewrite> + use<> {
    let tables: &[&[Rewrite]] = match Dialect::of(document.value()) {
        Some(Dialect::Swagger20) => &[swagger20::REWRITES],
        Some(Dialect::OpenApi32) => &[openapi32::REWRITES, openapi31::REWRITES],
        Some(Dialect::OpenApi31) => &[openapi31::REWRITES],
        Some(Dialect::OpenApi30) | None => &[],
    };
    tables.iter().flat_map(|table| *table)
}

/// Turns a document of any dialect into an OpenAPI 3.0 document, and reports what was lost.
#[must_use]
pub fn to_openapi30(document: Document) -> (Document, Diagnostics) {
    apply_all(rewrites(&document), document)
}
