//! Looks between the stages: the API as it was understood, and the syntax before and after one pass.

use crate::diagnostics::Diagnostics;
use crate::ir::Api;
use crate::normalise::REWRITES;
use crate::passes::PASSES;
use crate::{Input, backend, check, document, layout, understand};

/// The same thing before and after one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Name of the step.
    pub step: &'static str,
    /// As text, before the step.
    pub before: String,
    /// As text, after the step.
    pub after: String,
}

/// The API as it was understood.
///
/// # Errors
///
/// As [`crate::generate`].
pub fn ir(input: &Input<'_>) -> Result<Api, Diagnostics> {
    understand(input).map(|(_, api, _)| api)
}

/// What each rewrite of the document does to it, as JSON.
///
/// # Errors
///
/// The text is no document that a rewrite could be applied to.
pub fn normalise(input: &Input<'_>) -> Result<Vec<Change>, Diagnostics> {
    let document = document::parse(input.text)?;
    let (mut document, _) = check::check_structure(&document).gate(document)?;
    let mut changes = Vec::with_capacity(REWRITES.len());
    for rewrite in REWRITES {
        let (after, _) = rewrite.apply(document.clone());
        changes.push(Change { step: rewrite.name, before: pretty(&document), after: pretty(&after) });
        document = after;
    }
    Ok(changes)
}

/// What each pass does to the types, as Rust.
///
/// # Errors
///
/// As [`crate::generate`].
pub fn passes(input: &Input<'_>) -> Result<Vec<Change>, Diagnostics> {
    let (document, api, _) = understand(input)?;
    let mut types = backend::run(&document, &api)?.types;
    let mut changes = Vec::with_capacity(PASSES.len());
    for pass in PASSES {
        let before = layout::file(&types);
        pass.apply(&api, &mut types);
        changes.push(Change { step: pass.name, before, after: layout::file(&types) });
    }
    Ok(changes)
}

fn pretty(document: &document::Document) -> String {
    serde_json::to_string_pretty(document.value()).unwrap_or_default() + "\n"
}
