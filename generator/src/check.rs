//! Finds what is wrong with a document's structure, before anything is made of it.
//!
//! Each file checks one part and only reports; what the document means is for `lower` to say.

mod depth;
mod extensions;
mod ignored;
mod keys;
mod operations;
mod parameters;
mod references;
mod schemas;
mod structure;

use crate::diagnostics::Diagnostics;
use crate::document::Document;

/// Whether the document is of a kind the generator reads, with the parts every document must have.
#[must_use]
pub fn check_structure(document: &Document) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    structure::check(document, &mut diagnostics);
    diagnostics
}

/// Whether schemas are made of schemas no deeper than later stages can follow.
#[must_use]
pub fn check_depth(document: &Document) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    depth::check(document, &mut diagnostics);
    diagnostics
}

/// Everything that can be said of a document of the right kind.
#[must_use]
pub fn check(document: &Document) -> Diagnostics {
    let sites = crate::openapi::operations(document);
    let mut diagnostics = Diagnostics::default();
    references::check(document, &mut diagnostics);
    operations::check(document, &sites, &mut diagnostics);
    parameters::check(document, &sites, &mut diagnostics);
    schemas::check(document, &mut diagnostics);
    extensions::check(document, &mut diagnostics);
    ignored::check(document, &sites, &mut diagnostics);
    keys::check(document, &sites, &mut diagnostics);
    diagnostics
}
