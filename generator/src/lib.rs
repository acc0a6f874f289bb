//! A compiler from OpenAPI documents to Rust client crates, with progenitor as its back end.
//!
//! Text goes in, the files of a crate come out; there is no other effect: no file, clock, process or environment is
//! touched, and the same text gives the same bytes. [`generate`] shows the stages.

pub mod backend;
pub mod check;
pub mod diagnostics;
pub mod document;
pub mod emit;
pub mod inspect;
pub mod ir;
mod layout;
pub mod lower;
mod media;
pub mod naming;
pub mod normalise;
pub mod passes;
pub mod prose;
mod render;
pub mod tree;
mod walk;

use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::BAD_TEMPLATE;
use crate::document::{Document, Pointer};
use crate::ir::Api;
use crate::tree::CrateTree;

/// A document to generate from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The name of its file, for messages and for the marker in generated files.
    pub name: &'a str,
    /// Its text, YAML or JSON.
    pub text: &'a str,
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
    generate_in_stages(input, &mut |_| {})
}

/// As [`generate`]. `ended` is told the name of each stage when it is over.
///
/// # Errors
///
/// As [`generate`].
pub fn generate_in_stages(input: &Input<'_>, ended: &mut dyn FnMut(&'static str)) -> Result<Output, Diagnostics> {
    let (document, api, mut found) = understand(input)?;
    ended("understand");
    let mut answer = backend::run(&document, &api)?;
    ended("types");
    found.extend(passes::run(&document, &api, &mut answer));
    ended("passes");
    let ((), mut found) = found.gate(())?;
    let sources = emit::emit(&api, &answer);
    ended("emit");
    let rendered = render::render(sources, input.name);
    ended("render");
    match rendered {
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
    let document = document::parse(input.text)?;
    let (document, mut found) = check::check_structure(&document).gate(document)?;
    found.extend(check::check(&document));
    let (document, more) = normalise::normalise(&document);
    found.extend(more);
    let (api, more) = lower::lower(&document, input.name);
    found.extend(more);
    let ((document, api), found) = found.gate((document, api))?;
    Ok((document, api, found))
}
