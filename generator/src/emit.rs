//! Writes what is new in the client: the crate's face, the client type, namespaces, functions and the manifest.
//!
//! Each file holds templates for one part. They carry out what stands in the [`Api`] and what the back end answered, and
//! leave nothing to be decided; `render` makes text of it.

mod client;
mod crate_root;
mod docs;
mod error;
mod example;
mod examples;
mod failures;
mod functions;
mod licences;
mod long_running;
mod manifest;
mod namespaces;
mod need;
mod operation;
mod pages;
mod pagination;
mod parts;
mod policy;
mod readme;
mod rehearsal;
mod replies;
mod runtime;
mod sample;
mod several;
mod snippet;
mod streaming;
mod syntax;
mod test_util;
mod types;

use std::borrow::Cow;

use proc_macro2::TokenStream;

use self::need::Need;
use crate::ir::Api;
use crate::progenitor::Types;

/// A file of the client, not yet rendered.
#[derive(Debug)]
pub struct Source {
    /// Its path below the crate's folder.
    pub path: String,
    /// What is in it.
    pub content: Content,
}

/// What is in a file.
#[derive(Debug)]
pub enum Content {
    /// Rust, with the text of the docs of the module.
    Rust {
        /// What the module is for, in Markdown.
        docs: String,
        /// Its first items.
        items: TokenStream,
        /// Those behind them, laid out already.
        laid_out: Vec<String>,
    },
    /// Rust that is copied as it is.
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
}

/// All files.
#[must_use]
pub fn emit(api: &Api, types: &Types) -> Vec<Source> {
    let mut sources = vec![manifest::emit(api, types), readme::emit(api, types), error::emit()];
    sources.extend(crate_root::emit(api, types));
    sources.extend(client::emit(api, types));
    sources.extend(types::emit(types));
    sources.extend(namespaces::emit(api, types));
    sources.extend(functions::emit(api, types));
    sources.extend(pages::emit(api, types));
    sources.extend(examples::emit(api, types));
    sources.extend(licences::emit(api));
    sources.extend(test_util::emit(api, types));
    sources.extend(runtime::emit(&Need::of(api)));
    sources
}
