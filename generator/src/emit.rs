//! Writes what a client has besides the runtime and the types that the passes made: Rust, Markdown, programs and the package.
//!
//! Templates carry out the decisions in the [`Api`] and look up the types of slots. They decide nothing themselves. `render`
//! makes text of what they return.

mod example;
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
    let rooms = [rust::emit, markdown::emit, programs::emit, package::emit];
    rooms.iter().flat_map(|emit| emit(api, types)).collect()
}
