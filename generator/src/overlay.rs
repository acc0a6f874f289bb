//! Overlays (OpenAPI Overlay 1.0 and 1.1): changes to a document that are written in separate files.
//!
//! Actions are applied in order, each to the result of the previous ones. Values that come from an overlay keep their
//! source positions in that overlay.

mod action;
mod merge;

use crate::diagnostics::catalogue::{BAD_OVERLAY, OVERLAY_MEMBER, OVERLAY_OF_ANOTHER};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::{self, Document, Source};

/// Applies overlays to a document, and returns the result with its diagnostics. `name` is the file name of the
/// document.
#[must_use]
pub fn apply(mut document: Document, name: &str, overlays: &[Source<'_>]) -> (Document, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    for (index, overlay) in overlays.iter().enumerate() {
        match document::parse_source(overlay.text, index + 1) {
            Ok(overlay) => apply_one(&mut document, name, &overlay, &mut diagnostics),
            Err(mut fault) => {
                if fault.is_sound {
                    "the overlay is not an object with `overlay`, `info` and `actions`".clone_into(&mut fault.message);
                }
                diagnostics.push(Diagnostic::of_fault(&BAD_OVERLAY, fault));
            }
        }
    }
    (document, diagnostics)
}

fn apply_one(document: &mut Document, name: &str, overlay: &Document, diagnostics: &mut Diagnostics) {
    let root = overlay.root();
    let Some(allows) = version(overlay, diagnostics) else { return };
    for (key, member) in root.entries() {
        if !matches!(key, "overlay" | "info" | "extends" | "actions") && !key.starts_with("x-") {
            let message = format!("unknown key `{key}` in an overlay is ignored");
            diagnostics.report(overlay, &OVERLAY_MEMBER, member.pointer(), message);
        }
    }
    for key in ["title", "version"].iter().filter(|key| root.at(&["info", key]).is_none()) {
        diagnostics.report(overlay, &OVERLAY_MEMBER, root.pointer(), format!("the overlay's `info` has no `{key}`"));
    }
    check_extends(overlay, name, diagnostics);
    let Some(actions) = root.get("actions").filter(|actions| actions.value().is_array()) else {
        diagnostics.report(overlay, &BAD_OVERLAY, root.pointer(), "the overlay has no list of `actions`");
        return;
    };
    for node in actions.items() {
        action::carry_out(document, overlay, &node, allows, diagnostics);
    }
}

/// The actions that a version of the specification allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Allows {
    /// Version 1.0: update objects and arrays, and remove values.
    Updates,
    /// Version 1.1: also copy values, and replace scalars.
    Copies,
}

fn version(overlay: &Document, diagnostics: &mut Diagnostics) -> Option<Allows> {
    let root = overlay.root();
    let Some(version) = root.get("overlay") else {
        diagnostics.report(overlay, &BAD_OVERLAY, root.pointer(), "the overlay has no `overlay` version");
        return None;
    };
    // A version written without quotes is a number in YAML.
    let text = version.value().as_str().map_or_else(|| version.value().to_string(), str::to_owned);
    match text.split('.').collect::<Vec<_>>().as_slice() {
        ["1", "0", ..] => Some(Allows::Updates),
        ["1", "1", ..] => Some(Allows::Copies),
        _ => {
            diagnostics.report(overlay, &BAD_OVERLAY, version.pointer(), format!("Overlay {text} is not supported"));
            None
        }
    }
}

/// Warns if `extends` names another document. The overlay is applied anyway, because the user chose the document.
fn check_extends(overlay: &Document, name: &str, diagnostics: &mut Diagnostics) {
    let Some(extends) = overlay.root().get("extends") else { return };
    let wanted = extends.value().as_str().and_then(|uri| uri.rsplit('/').next()).unwrap_or_default();
    if wanted != name {
        let message = format!("the overlay extends `{wanted}`, but is applied to `{name}` anyway");
        diagnostics.report(overlay, &OVERLAY_OF_ANOTHER, extends.pointer(), message);
    }
}
