//! A compiler from OpenAPI documents to Rust client crates, with progenitor as its back end.
//!
//! Text goes in, the files of a crate come out; there is no other effect: no file, clock, process or environment is
//! touched, and the same text gives the same bytes. [`generate`] shows the stages.

pub mod backend;
pub mod check;
pub mod diagnostics;
pub mod dialect;
pub mod document;
pub mod emit;
pub mod inspect;
pub mod ir;
mod layout;
pub mod lower;
mod media;
pub mod naming;
pub mod normalise;
pub mod overlay;
pub mod passes;
pub mod prose;
mod render;
pub mod tree;
mod walk;

use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::{BAD_DEFAULT, BAD_TEMPLATE};
use crate::document::{Document, Pointer, Source};
use crate::ir::Api;
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
}

impl<'a> Input<'a> {
    /// A document as it is.
    #[must_use]
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, overlays: &[] }
    }
}

/// What a run makes.
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
/// # Errors
///
/// Everything that was found wrong with the document, when some of it is an error.
pub fn generate(input: &Input<'_>) -> Result<Output, Diagnostics> {
    let (document, api, mut found) = understand(input)?;
    let mut answer = backend::run(&document, &api)?;
    for place in &answer.lost_defaults {
        let message = "the back end refuses a default of this schema, so its fields are without theirs";
        found.report(&document, &BAD_DEFAULT, place, message);
    }
    found.extend(passes::run(&document, &api, &mut answer));
    let ((), mut found) = found.gate(())?;
    let sources = emit::emit(&api, &answer);
    match render::render(sources, input.name) {
        Ok(tree) => Ok(Output { tree, api, diagnostics: found }),
        Err(message) => {
            found.report(&document, &BAD_TEMPLATE, &Pointer::root(), message);
            Err(found)
        }
    }
}

/// The front half of [`generate`]: the normalised document, what it means, and what there is to say of it.
///
/// # Errors
///
/// As [`generate`].
pub fn understand(input: &Input<'_>) -> Result<(Document, Api, Diagnostics), Diagnostics> {
    let (document, mut found) = read(input)?;
    found.extend(check::check(&document));
    let document = normalise::normalise(&document);
    let (api, more) = lower::lower(&document, input.name);
    found.extend(more);
    let ((document, api), found) = found.gate((document, api))?;
    Ok((document, api, found))
}

/// The document with its overlays, in the words of OpenAPI 3.0.
///
/// # Errors
///
/// A text is not of the kind it should be, or an overlay asks for what cannot be done. Whatever else is wrong is found by
/// later stages; errors of this one may be among the findings too.
pub fn read(input: &Input<'_>) -> Result<(Document, Diagnostics), Diagnostics> {
    let document = document::parse(input.text)?;
    let (document, found) = overlay::apply(document, input.name, input.overlays);
    let (document, mut found) = found.gate(document)?;
    found.extend(check::check_structure(&document));
    let (document, mut found) = found.gate(document)?;
    let (document, more) = dialect::lower(document);
    found.extend(more);
    Ok((document, found))
}
