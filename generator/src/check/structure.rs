//! Checks the version and the required parts of a document.

use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::{MISSING_INFO, MISSING_PART, NO_OPERATIONS, UNKNOWN_VERSION};
use crate::document::Document;
use crate::openapi::{Dialect, plain};

pub(super) fn check(document: &Document, diagnostics: &mut Diagnostics) {
    let root = document.root();
    let dialect = Dialect::of(document.value());
    match (root.get("swagger").or(root.get("openapi")), dialect) {
        (None, _) => {
            diagnostics.report(document, &MISSING_PART, root.pointer(), "the document has no `openapi` version");
        }
        (Some(version), None) => {
            let name = if root.get("swagger").is_some() { "Swagger" } else { "OpenAPI" };
            let message = format!("{name} {} is not supported", plain(version.value()));
            return diagnostics.report(document, &UNKNOWN_VERSION, version.pointer(), message);
        }
        (Some(_), Some(_)) => {}
    }
    check_info(document, diagnostics);
    // OpenAPI 3.1 allows documents with only webhooks or components. Documents of other versions omit `paths` too.
    match root.get("paths") {
        Some(paths) if !paths.value().is_object() => {
            diagnostics.report(document, &MISSING_PART, paths.pointer(), "`paths` is not an object");
        }
        Some(paths) if paths.entries().next().is_some() => {}
        paths => {
            let place = paths.unwrap_or(root);
            let message = "the document has no operations, so the client has types only";
            diagnostics.report(document, &NO_OPERATIONS, place.pointer(), message);
        }
    }
}

/// Reports missing members of `info`, which the client can do without.
fn check_info(document: &Document, diagnostics: &mut Diagnostics) {
    let root = document.root();
    let Some(info) = root.get("info") else {
        let message = "the document has no `info`, so the client is named after the file";
        return diagnostics.report(document, &MISSING_INFO, root.pointer(), message);
    };
    if info.get("title").is_none() {
        let message = "`info` has no `title`, so the client is named after the file";
        diagnostics.report(document, &MISSING_INFO, info.pointer(), message);
    }
    if info.get("version").is_none() {
        diagnostics.report(document, &MISSING_INFO, info.pointer(), "`info` has no `version`");
    }
}
