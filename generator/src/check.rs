//! Checks the structure of a document before later stages read it.
//!
//! Each file checks one part, and only reports; `lower` decides what the document means.

mod depth;
mod extensions;
mod ignored;
mod keys;
mod names;
mod operations;
mod parameters;
mod references;
mod schemas;
mod structure;

use crate::diagnostics::Diagnostics;
use crate::document::Document;

/// Checks that the document is of a supported kind and version, and has the required parts.
#[must_use]
pub fn check_structure(document: &Document) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    structure::check(document, &mut diagnostics);
    diagnostics
}

/// Checks that schemas are not nested deeper than later stages can follow.
#[must_use]
pub fn check_depth(document: &Document) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    depth::check(document, &mut diagnostics);
    diagnostics
}

/// Runs all checks of a document of a supported kind.
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
    names::check(document, &mut diagnostics);
    keys::check(document, &sites, &mut diagnostics);
    diagnostics
}
