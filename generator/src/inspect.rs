//! Looks between the stages: the API as it was understood, and the syntax before and after one pass.

use crate::diagnostics::Diagnostics;
use crate::document::Document;
use crate::ir::Api;
use crate::normalise::REWRITES;
use crate::passes::PASSES;
use crate::{Input, ask_back_end, attempt, check, dialect, document, front, layout, overlay, understand};

/// The same thing before and after one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Name of the step.
    pub step: &'static str,
    /// As text, before the step.
    pub before: String,
    /// As text, after the step.
    pub after: String,
    /// What the step reported. Passes report nothing.
    pub found: Diagnostics,
}

/// The API as it was understood.
///
/// # Errors
///
/// As [`crate::generate`].
pub fn ir(input: &Input<'_>) -> Result<Api, Diagnostics> {
    understand(input).map(|(_, api, _)| api)
}

/// The names of the rewrites of a document, in the order in which they run: first those for OpenAPI 3.1 alone.
pub fn rewrites() -> impl Iterator<Item = &'static str> {
    dialect::REWRITES.iter().map(|rewrite| rewrite.name).chain(REWRITES.iter().map(|rewrite| rewrite.name))
}

/// What each rewrite of the document does to it, as JSON, and what it reports. Those for OpenAPI 3.1 are left out for other
/// documents.
///
/// # Errors
///
/// The text is no document that a rewrite could be applied to, or its schemas are too deep to be followed.
pub fn normalise(input: &Input<'_>) -> Result<Vec<Change>, Diagnostics> {
    let document = document::parse(input.text)?;
    let (document, found) = overlay::apply(document, input.name, input.overlays);
    let (document, _) = found.gate(document)?;
    let (mut document, _) = check::check_structure(&document).gate(document)?;
    let mut changes = Vec::with_capacity(dialect::REWRITES.len() + REWRITES.len());
    let mut before = pretty(&document);
    let mut add = |step, document: &Document, found| {
        let after = pretty(document);
        let before = std::mem::replace(&mut before, after.clone());
        changes.push(Change { step, before, after, found });
    };
    let is_modern = dialect::is_modern(&document);
    for rewrite in dialect::REWRITES.iter().filter(|_| is_modern) {
        let (after, found) = rewrite.apply(document);
        add(rewrite.name, &after, found);
        document = after;
    }
    let ((), _) = check::check_depth(&document).gate(())?;
    for rewrite in REWRITES {
        let (after, found) = rewrite.apply(document);
        add(rewrite.name, &after, found);
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
    let (_, api, answer, _) = attempt(input, |document, found| ask_back_end(front(document, found, input.name)?))?;
    let mut types = answer.types;
    let mut changes = Vec::with_capacity(PASSES.len());
    for pass in PASSES {
        let before = layout::file(&types);
        pass.apply(&api, &mut types);
        let after = layout::file(&types);
        changes.push(Change { step: pass.name, before, after, found: Diagnostics::default() });
    }
    Ok(changes)
}

fn pretty(document: &Document) -> String {
    serde_json::to_string_pretty(document.value()).unwrap_or_default() + "\n"
}
