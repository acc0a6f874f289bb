//! A compiler from OpenAPI documents to Rust client crates, with progenitor as its back end.
//!
//! Text goes in, the files of a crate come out; there is no other effect: no file, clock, process or environment is
//! touched, and the same text gives the same bytes. [`generate`] shows the stages.

pub mod backend;
pub mod check;
mod circles;
pub mod diagnostics;
pub mod dialect;
pub mod document;
pub mod emit;
pub mod inspect;
pub mod ir;
mod layout;
mod lenient;
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

use crate::backend::Answer;
use crate::diagnostics::Diagnostics;
use crate::document::{Document, Source};
use crate::ir::Api;
use crate::lenient::Refusal;
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
    /// Whether operations that nothing can be made of are left out, with a warning each, where they would be errors.
    pub is_lenient: bool,
}

impl<'a> Input<'a> {
    /// A document as it is.
    #[must_use]
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, overlays: &[], is_lenient: false }
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
/// The deepest documents that are taken need up to 8 MiB of stack in a build that is not optimised: as much as a process
/// has on most systems, and more than a thread has unless it is told.
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
    attempt(input, |document, found| {
        let front = front(document, found, input.name)?;
        ended("understand");
        let (document, api, mut answer, mut found) = ask_back_end(front)?;
        ended("types");
        found.extend(passes::run(&document, &api, &mut answer));
        ended("passes");
        let ((), mut found) = gate(found, &document)?;
        let sources = emit::emit(&api, &answer);
        ended("emit");
        let rendered = render::render(sources, input.name);
        ended("render");
        match rendered {
            Ok(tree) => Ok(Output { tree, api, diagnostics: found }),
            Err(defect) => {
                found.push(defect);
                Err(Box::new(Refusal { found, document }))
            }
        }
    })
}

/// The front half of [`generate`]: the normalised document, what it means, and what there is to say of it.
///
/// # Errors
///
/// As [`generate`].
pub fn understand(input: &Input<'_>) -> Result<(Document, Api, Diagnostics), Diagnostics> {
    attempt(input, |document, found| front(document, found, input.name))
}

/// Makes something of a document: of all of it, or if the input is taken leniently, of as much as there is no error in.
fn attempt<T>(
    input: &Input<'_>,
    mut make: impl FnMut(&Document, Diagnostics) -> Result<T, Box<Refusal>>,
) -> Result<T, Diagnostics> {
    let (mut document, mut found) = read(input)?;
    loop {
        let refusal = match make(&document, found.clone()) {
            Ok(result) => return Ok(result),
            Err(refusal) => refusal,
        };
        let less = if input.is_lenient { lenient::leave_out(&document, &refusal) } else { None };
        let Some((left, more)) = less else { return Err(refusal.found) };
        // Its errors are about what is gone now, or there would be nothing to leave out.
        found = found.only_warnings();
        found.extend(more);
        document = left;
    }
}

fn front(document: &Document, mut found: Diagnostics, name: &str) -> Result<Front, Box<Refusal>> {
    found.extend(check::check(document));
    let (document, more) = normalise::normalise(document.clone());
    found.extend(more);
    let (api, more) = lower::lower(&document, name);
    found.extend(more);
    let ((), found) = gate(found, &document)?;
    Ok((document, api, found))
}

/// What stands before the back end: the normalised document, what it means, and what there is to say of it.
type Front = (Document, Api, Diagnostics);

fn ask_back_end((document, api, mut found): Front) -> Result<(Document, Api, Answer, Diagnostics), Box<Refusal>> {
    match backend::run(&document, &api) {
        Ok(answer) => Ok((document, api, answer, found)),
        Err(more) => {
            found.extend(more);
            Err(Box::new(Refusal { found, document }))
        }
    }
}

fn gate(found: Diagnostics, document: &Document) -> Result<((), Diagnostics), Box<Refusal>> {
    found.gate(()).map_err(|found| Box::new(Refusal { found, document: document.clone() }))
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
    let ((), deep) = check::check_depth(&document).gate(())?;
    found.extend(deep);
    Ok((document, found))
}
