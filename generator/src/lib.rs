//! A compiler from OpenAPI documents to Rust client crates, with progenitor as its back end.
//!
//! The input is source text, and the output is the files of a crate. There are no other effects: the library accesses
//! no file, clock, process or environment variable, and the same input always produces the same bytes. [`generate`]
//! shows the stages.
//!
//! ```
//! use generator::{Input, generate};
//!
//! let text = r#"{"openapi": "3.0.3", "info": {"title": "Pets", "version": "1"}, "paths": {}}"#;
//! let output = generate(&Input::new("pets.json", text))?;
//! assert!(output.tree.get("Cargo.toml").is_some_and(|manifest| manifest.contains("pets-client")));
//! # Ok::<(), generator::diagnostics::Diagnostics>(())
//! ```

mod bundle;
pub mod check;
pub mod customise;
mod cycles;
pub mod diagnostics;
pub mod document;
pub mod emit;
mod equality;
pub mod inspect;
pub mod ir;
mod lenient;
pub mod lower;
pub mod macros;
pub mod markdown;
mod module;
pub mod naming;
mod openapi;
pub mod overlay;
pub mod passes;
mod print;
pub mod progenitor;
mod render;
pub mod rewrite;
pub mod tree;

pub use crate::bundle::referenced_files;
use crate::customise::Customisation;
use crate::diagnostics::Diagnostics;
use crate::document::{Document, Source};
use crate::ir::{Api, Package};
pub use crate::module::as_module;
use crate::passes::TypeExtras;
use crate::rewrite::{dialect, normalise};
use crate::tree::CrateTree;

/// A document to generate from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The name of its file, for messages and for the marker in generated files.
    pub name: &'a str,
    /// Its source, as YAML or JSON.
    pub text: &'a str,
    /// The other files that it refers to, each with its path relative to the folder of the document as its name. See
    /// [`referenced_files`].
    pub files: &'a [Source<'a>],
    /// The overlays to apply to it, in this order.
    pub overlays: &'a [Source<'a>],
    /// Whether operations with errors are left out, with a warning for each.
    pub is_lenient: bool,
    /// What the crate has that the document does not state.
    pub settings: Settings<'a>,
}

/// What a crate has that no document states. Nothing by default.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings<'a> {
    /// The command that generates the crate and its configuration, for the first line of each file. By default, the command of
    /// this repository and the name of the document.
    pub marker: Option<&'a str>,
    /// The authors in the manifest, instead of the contact in the document.
    pub authors: &'a [String],
    /// The description in the manifest, instead of that in the document.
    pub description: Option<&'a str>,
    /// The URL of the repository in the manifest.
    pub repository: Option<&'a str>,
    /// The URL of the home page in the manifest, instead of the external documentation in the document.
    pub homepage: Option<&'a str>,
    /// The URL of the documentation in the manifest.
    pub documentation: Option<&'a str>,
    /// The keywords in the manifest, instead of the usual ones.
    pub keywords: Option<&'a [String]>,
    /// The default features, instead of the usual ones. Those that the crate does not have are left out.
    pub default_features: Option<&'a [String]>,
    /// More dependencies: lines of TOML, as in a manifest.
    pub dependencies: &'a str,
    /// Whether the crate has the module `custom`, which is not generated.
    pub has_custom_module: bool,
    /// Whether the crate has a Markdown page for each type. rustdoc describes types in any case.
    pub has_model_pages: bool,
    /// Whether the manifest enables the lints that the generated code complies with. They apply to all files of the crate.
    pub has_lints: bool,
    /// Derives and attributes of types, besides the usual ones.
    pub types: Option<&'a TypeExtras>,
    /// What the configuration replaces and renames.
    pub customisations: &'a [Customisation],
}

impl<'a> Input<'a> {
    /// A document of one file without overlays, all of whose errors are reported.
    #[must_use]
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, files: &[], overlays: &[], is_lenient: false, settings: Settings::default() }
    }
}

impl Input<'_> {
    /// Returns the number of the sources. The configuration follows them.
    fn sources(&self) -> usize {
        1 + self.overlays.len() + self.files.len()
    }
}

impl Settings<'_> {
    fn apply(&self, package: &mut Package) {
        if !self.authors.is_empty() {
            package.authors = self.authors.to_vec();
        }
        if let Some(description) = self.description {
            description.clone_into(&mut package.description);
        }
        package.repository = self.repository.map(str::to_owned);
        if let Some(url) = self.homepage {
            package.homepage = Some(url.to_owned());
        }
        package.crate_documentation = self.documentation.map(str::to_owned);
        package.default_features = self.default_features.map(<[String]>::to_vec);
        if let Some(keywords) = self.keywords {
            package.keywords = keywords.to_vec();
        }
        self.dependencies.clone_into(&mut package.dependencies);
        package.has_custom_module = self.has_custom_module;
        package.has_model_pages = self.has_model_pages;
        package.has_lints = self.has_lints;
    }
}

/// Returns what the first line of each file states by default.
fn default_marker(document: &str) -> String {
    format!("`cargo xtask regen` from {document}. Edit that or the generator, not this file.")
}

/// The result of a run.
#[derive(Debug, Clone)]
pub struct Output {
    /// The files of the client.
    pub tree: CrateTree,
    /// The API as the generator understands it.
    pub api: Api,
    /// The warnings.
    pub diagnostics: Diagnostics,
}

/// Generates a client crate.
///
/// The most deeply nested documents that are accepted need up to 8 MiB of stack in an unoptimized build. That is the
/// usual size for the main thread of a process, and more than the default of other threads.
///
/// # Errors
///
/// Returns all diagnostics if one of them is an error.
pub fn generate(input: &Input<'_>) -> Result<Output, Diagnostics> {
    generate_in_stages(input, &mut |_| {})
}

/// Generates a client crate, and calls `ended` with the name of each stage when the stage ends.
///
/// # Errors
///
/// As [`generate`].
pub fn generate_in_stages(input: &Input<'_>, ended: &mut dyn FnMut(&'static str)) -> Result<Output, Diagnostics> {
    let (document, diagnostics) = read(input)?;
    let decide = |document, mut diagnostics: Diagnostics| {
        let (_, mut api) = understand_document(document, input.name, &mut diagnostics)?;
        input.settings.apply(&mut api.package);
        ended("understand");
        let mut types = progenitor::types(&api).map_err(|more| std::mem::take(&mut diagnostics).with(more))?;
        ended("types");
        diagnostics.extend(passes::run(&api, &mut types));
        diagnostics.gate()?;
        if let Some(extras) = input.settings.types {
            diagnostics.extend(passes::extend(&mut types.file, extras, input.sources()));
        }
        passes::write_objects(&mut types.file);
        ended("passes");
        Ok((api, types, diagnostics))
    };
    // No later stage finds errors in the document, so it is not in memory beside the syntax of the client.
    let (api, types, mut diagnostics) = lenient::attempt(input.is_lenient, document, diagnostics, decide)?;
    let sources = emit::emit(&api, &types);
    drop(types);
    ended("emit");
    let marker = input.settings.marker.map_or_else(|| default_marker(input.name), str::to_owned);
    let tree =
        render::render(sources, &marker).map_err(|defect| std::mem::take(&mut diagnostics).with(defect.into()))?;
    ended("render");
    Ok(Output { tree, api, diagnostics })
}

/// Reads and lowers a document. Returns the normalised document, its API, and all diagnostics.
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

/// The middle stages: from an OpenAPI 3.0 document to its API.
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

/// Reads a document, the files that it refers to, and its overlays. Returns the OpenAPI 3.0 document and the diagnostics so far.
///
/// # Errors
///
/// A source cannot be parsed, an overlay cannot be applied, the document has no usable structure, or its schemas are
/// nested too deeply. Later stages report everything else. The returned diagnostics may include errors that do not stop
/// this stage.
pub fn read(input: &Input<'_>) -> Result<(Document, Diagnostics), Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let document = document::parse(input.text)?;
    let document = bundle::bundle(document, input.name, input.files, 1 + input.overlays.len())?;
    let document = diagnostics.keep(overlay::apply(document, input.name, input.overlays));
    diagnostics.gate()?;
    diagnostics.extend(check::check_structure(&document));
    diagnostics.gate()?;
    let mut document = diagnostics.keep(dialect::to_openapi30(document));
    diagnostics.extend(customise::apply(&mut document, input.settings.customisations, input.sources()));
    let mut depth = check::check_depth(&document);
    depth.gate()?;
    diagnostics.extend(depth);
    Ok((document, diagnostics))
}
