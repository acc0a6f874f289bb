//! A compiler from OpenAPI documents to Rust client crates, with progenitor as its back end.
//!
//! The input is text, the output the files of a crate. There is no other effect: the library touches no file, clock, process or
//! environment, and the same text gives the same bytes. [`generate`] shows the stages.

pub mod check;
mod cycles;
pub mod diagnostics;
pub mod document;
pub mod emit;
pub mod inspect;
pub mod ir;
mod lenient;
pub mod lower;
pub mod markdown;
pub mod naming;
mod openapi;
pub mod overlay;
pub mod passes;
mod print;
pub mod progenitor;
mod render;
pub mod rewrite;
pub mod tree;

use crate::diagnostics::Diagnostics;
use crate::document::{Document, Source};
use crate::ir::Api;
use crate::rewrite::{dialect, normalise};
use crate::tree::CrateTree;

/// A document to generate from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The name of its file, for messages and for the marker in generated files.
    pub name: &'a str,
    /// Its text, YAML or JSON.
    pub text: &'a str,
    /// Changes to it, in the order in which they are made.
    pub overlays: &'a [Source<'a>],
    /// Whether operations with errors are left out, with a warning each.
    pub is_lenient: bool,
}

impl<'a> Input<'a> {
    /// A document without overlays, whose errors are all reported.
    #[must_use]
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, overlays: &[], is_lenient: false }
    }
}

/// The result of a run.
#[derive(Debug, Clone)]
pub struct Output {
    /// The client.
    pub tree: CrateTree,
    /// The API as it was understood.
    pub api: Api,
    /// Warnings only.
    pub diagnostics: Diagnostics,
}

/// Generates a client crate.
///
/// The deepest documents that are accepted need up to 8 MiB of stack in an unoptimized build. That is the usual size for the
/// main thread of a process, and more than other threads have by default.
///
/// # Errors
///
/// All findings, if one of them is an error.
pub fn generate(input: &Input<'_>) -> Result<Output, Diagnostics> {
    generate_in_stages(input, &mut |_| {})
}

/// Generates a client crate, and calls `ended` with the name of each stage when it is over.
///
/// # Errors
///
/// As [`generate`].
pub fn generate_in_stages(input: &Input<'_>, ended: &mut dyn FnMut(&'static str)) -> Result<Output, Diagnostics> {
    let (document, diagnostics) = read(input)?;
    lenient::attempt(input.is_lenient, document, diagnostics, |document, mut diagnostics| {
        let (_, api) = understand_document(document, input.name, &mut diagnostics)?;
        ended("understand");
        let mut types = progenitor::types(&api).map_err(|more| std::mem::take(&mut diagnostics).with(more))?;
        ended("types");
        diagnostics.extend(passes::run(&api, &mut types));
        diagnostics.gate()?;
        ended("passes");
        let sources = emit::emit(&api, &types);
        ended("emit");
        let tree = render::render(sources, input.name)
            .map_err(|defect| std::mem::take(&mut diagnostics).with(defect.into()))?;
        ended("render");
        Ok(Output { tree, api, diagnostics })
    })
}

/// Reads and lowers a document: returns the normalised document, its meaning, and all findings.
///
/// # Errors
///
/// As [`generate`].
pub fn understand(input: &Input<'_>) -> Result<(Document, Api, Diagnostics), Diagnostics> {
    let (document, diagnostics) = read(input)?;
    lenient::attempt(input.is_lenient, document, diagnostics, |document, mut diagnostics| {
        let (document, api) = understand_document(document, input.name, &mut diagnostics)?;
        Ok((document, api, diagnostics))
    })
}

/// The middle stages: from a document of OpenAPI 3.0 to its meaning.
fn understand_document(
    document: Document,
    name: &str,
    diagnostics: &mut Diagnostics,
) -> Result<(Document, Api), Diagnostics> {
    diagnostics.extend(check::check(&document));
    let document = diagnostics.keep(normalise::normalise(document));
    let api = diagnostics.keep(lower::lower(&document, name));
    diagnostics.gate()?;
    Ok((document, api))
}

/// Reads a document and its overlays: returns one of OpenAPI 3.0, and the findings so far.
///
/// # Errors
///
/// A text cannot be parsed, an overlay cannot be applied, the document has no usable structure, or its schemas are too deep.
/// Later stages find everything else that is wrong. The findings may include errors that do not stop this stage.
pub fn read(input: &Input<'_>) -> Result<(Document, Diagnostics), Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let document = document::parse(input.text)?;
    let document = diagnostics.keep(overlay::apply(document, input.name, input.overlays));
    diagnostics.gate()?;
    diagnostics.extend(check::check_structure(&document));
    diagnostics.gate()?;
    let document = diagnostics.keep(dialect::downgrade(document));
    let mut depth = check::check_depth(&document);
    depth.gate()?;
    diagnostics.extend(depth);
    Ok((document, diagnostics))
}
