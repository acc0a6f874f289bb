//! Generates everything in a client except the runtime and the types of the passes: Rust, Markdown, programs and the
//! package.
//!
//! Templates apply the decisions of the [`Api`] and look up the types of slots. They decide nothing themselves.
//! `render` prints what they return.

mod example;
mod features;
mod markdown;
mod operation;
mod package;
mod programs;
mod rust;
mod split;
mod syntax;

use std::borrow::Cow;

use proc_macro2::TokenStream;

use crate::ir::Api;
use crate::progenitor::Types;

/// Returns the names of the dependencies that generated crates can have.
pub fn dependencies() -> impl Iterator<Item = &'static str> {
    package::manifest::dependencies()
}

/// Returns the names of the features that generated crates can have.
pub fn features() -> impl Iterator<Item = &'static str> {
    package::manifest::all_features()
}

/// Returns the features that enable parts of the API, all of which `full` enables, from the manifest of a client. Empty if it is not
/// that of a client.
#[must_use]
pub fn parts(manifest: &str) -> Vec<String> {
    package::parts::in_manifest(manifest)
}

/// Returns the names of the default features of the crate of an API.
#[must_use]
pub fn default_features(api: &Api) -> Vec<String> {
    package::manifest::defaults(api)
}

/// Whether the crate of an API has a feature.
#[must_use]
pub fn has_feature(api: &Api, name: &str) -> bool {
    package::manifest::has_feature(api, name)
}

/// A file of the client, not yet rendered.
#[derive(Debug)]
pub struct Source {
    /// The path relative to the crate's folder.
    pub path: String,
    /// The content.
    pub content: Content,
}

/// The content of a file.
#[derive(Debug)]
pub enum Content {
    /// Rust, with the module's docs.
    Rust {
        /// The docs of the module, as Markdown.
        docs: String,
        /// The first items.
        items: TokenStream,
        /// The items after them, already printed.
        laid_out: Vec<String>,
    },
    /// Rust that is printed as rustfmt formats it, with the module's docs. If its syntax is not covered by the printer, rustfmt
    /// skips the file.
    Formatted {
        /// The docs of the module, as Markdown.
        docs: String,
        /// The items.
        items: TokenStream,
    },
    /// Rust that is copied unchanged.
    Verbatim(Cow<'static, str>),
    /// TOML.
    Toml(String),
    /// Markdown.
    Markdown(String),
}

impl Source {
    fn rust(path: impl Into<String>, docs: impl Into<String>, items: TokenStream) -> Self {
        Self { path: path.into(), content: Content::Rust { docs: docs.into(), items, laid_out: Vec::new() } }
    }

    /// A file that its readers may format.
    fn formatted(path: impl Into<String>, docs: impl Into<String>, items: TokenStream) -> Self {
        Self { path: path.into(), content: Content::Formatted { docs: docs.into(), items } }
    }
}

/// Returns all files.
#[must_use]
pub fn emit(api: &Api, types: &Types) -> Vec<Source> {
    let rooms = [rust::emit, markdown::emit, programs::emit, package::emit];
    rooms.iter().flat_map(|emit| emit(api, types)).collect()
}
