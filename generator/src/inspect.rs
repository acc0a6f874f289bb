//! Shows intermediate results: the API as the generator understands it, and each rewrite and pass before and after it
//! runs.

use crate::bundle;
use crate::diagnostics::Diagnostics;
use crate::document::Document;
use crate::ir::Api;
use crate::passes::PASSES;
use crate::rewrite::{Rewrite, dialect, normalise};
use crate::{Input, check, document, lenient, overlay, print, progenitor, read, understand, understand_document};

/// The input and the output of one rewrite or pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The name of the rewrite or pass.
    pub step: &'static str,
    /// The printed input.
    pub before: String,
    /// The printed output.
    pub after: String,
    /// What the rewrite reported. Passes report nothing.
    pub diagnostics: Diagnostics,
}

/// Returns the API as the generator understands it.
///
/// # Errors
///
/// As [`crate::generate`].
pub fn ir(input: &Input<'_>) -> Result<Api, Diagnostics> {
    understand(input).map(|(_, api, _)| api)
}

/// Returns the names of all rewrites, in the order in which they run: first those of each dialect.
pub fn rewrites() -> impl Iterator<Item = &'static str> {
    let of_dialects = dialect::TABLES.iter().flat_map(|table| *table);
    of_dialects.chain(normalise::REWRITES).map(|rewrite| rewrite.name)
}

/// Returns the effect of each rewrite on the document, as JSON, and what the rewrite reports. The rewrites of other
/// dialects are left out.
///
/// # Errors
///
/// The source is not a document that rewrites can be applied to, or its schemas are nested too deeply.
pub fn normalise(input: &Input<'_>) -> Result<Vec<Change>, Diagnostics> {
    let mut document = document::parse(input.text)?;
    let mut diagnostics = Diagnostics::default();
    document = bundle::bundle(document, input.name, input.files, 1 + input.overlays.len())?;
    document = diagnostics.keep(overlay::apply(document, input.name, input.overlays));
    diagnostics.extend(check::check_structure(&document));
    diagnostics.gate()?;
    let of_dialect: Vec<_> = dialect::rewrites(&document).collect();
    let mut changes = Vec::with_capacity(of_dialect.len() + normalise::REWRITES.len());
    let mut before = pretty(&document);
    let mut run = |rewrites: &[&Rewrite], mut document: Document| {
        for rewrite in rewrites {
            let (rewritten, diagnostics) = rewrite.apply(document);
            let after = pretty(&rewritten);
            let before = std::mem::replace(&mut before, after.clone());
            changes.push(Change { step: rewrite.name, before, after, diagnostics });
            document = rewritten;
        }
        document
    };
    document = run(&of_dialect, document);
    check::check_depth(&document).gate()?;
    run(&normalise::REWRITES.iter().collect::<Vec<_>>(), document);
    Ok(changes)
}

/// Returns the effect of each pass on the types, as Rust.
///
/// # Errors
///
/// As [`crate::generate`].
pub fn passes(input: &Input<'_>) -> Result<Vec<Change>, Diagnostics> {
    let (document, diagnostics) = read(input)?;
    let (api, mut types) = lenient::attempt(input.is_lenient, document, diagnostics, |document, mut diagnostics| {
        let (_, api) = understand_document(document, input.name, &mut diagnostics)?;
        let types = progenitor::types(&api).map_err(|more| diagnostics.with(more))?;
        Ok((api, types))
    })?;
    let mut changes = Vec::with_capacity(PASSES.len());
    for pass in PASSES {
        let before = print::file(types.file.clone());
        pass.apply(&api, &mut types);
        let after = print::file(types.file.clone());
        changes.push(Change { step: pass.name, before, after, diagnostics: Diagnostics::default() });
    }
    Ok(changes)
}

fn pretty(document: &Document) -> String {
    serde_json::to_string_pretty(document.value()).unwrap_or_default() + "\n"
}
