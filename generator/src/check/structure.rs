//! Checks the version and the required parts of a document.

use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::{MISSING_PART, SWAGGER_2, UNKNOWN_VERSION};
use crate::document::Document;

pub(super) fn check(document: &Document, diagnostics: &mut Diagnostics) {
    let root = document.root();
    if let Some(swagger) = root.get("swagger") {
        let message = format!("this is a Swagger {} document", plain(swagger.value()));
        diagnostics.report(document, &SWAGGER_2, swagger.pointer(), message);
        return;
    }
    match root.get("openapi") {
        None => diagnostics.report(document, &MISSING_PART, root.pointer(), "the document has no `openapi` version"),
        Some(version) if !is_supported(&plain(version.value())) => {
            let message = format!("OpenAPI {} is not supported", plain(version.value()));
            return diagnostics.report(document, &UNKNOWN_VERSION, version.pointer(), message);
        }
        Some(_) => {}
    }
    // 3.1 documents may have only webhooks or components.
    let parts = if root.get("openapi").is_some_and(|version| is_modern(&plain(version.value()))) {
        &["info"][..]
    } else {
        &["info", "paths"]
    };
    for (parent, keys) in [("", parts), ("info", &["title", "version"])] {
        let Some(node) = (if parent.is_empty() { Some(document.root()) } else { document.root().get(parent) }) else {
            continue;
        };
        for key in keys.iter().filter(|key| node.get(key).is_none()) {
            let place = if parent.is_empty() { "the document".to_owned() } else { format!("`{parent}`") };
            diagnostics.report(document, &MISSING_PART, node.pointer(), format!("{place} has no `{key}`"));
        }
    }
    if let Some(paths) = root.get("paths").filter(|paths| !paths.value().is_object()) {
        diagnostics.report(document, &MISSING_PART, paths.pointer(), "`paths` is not an object");
    }
}

fn is_supported(version: &str) -> bool {
    version == "3.0" || version.starts_with("3.0.") || is_modern(version)
}

fn is_modern(version: &str) -> bool {
    version == "3.1" || version.starts_with("3.1.")
}

/// Returns a version as a string. A version written without quotes is a number in YAML.
fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
