//! The texts of the licences that the manifest names, if this repository has them.
//!
//! They are in code blocks in Markdown files, because every generated file starts with a marker, which only Markdown
//! can hide.

use crate::emit::{Content, Source};
use crate::ir::Api;
use crate::markdown;

/// SPDX names, each with its file and its text.
const LICENCES: [(&str, &str, &str); 2] = [
    ("MIT", "LICENSE-MIT.md", include_str!("../../../LICENSE-MIT")),
    ("Apache-2.0", "LICENSE-APACHE.md", include_str!("../../../LICENSE-APACHE")),
];

pub(crate) fn emit(api: &Api) -> impl Iterator<Item = Source> {
    own(api).map(|(_, path, text)| Source {
        path: path.to_owned(),
        content: Content::Markdown(markdown::block("text", text.trim_matches('\n'))),
    })
}

/// Returns the licences of the crate: names, files and texts.
pub(crate) fn own(api: &Api) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let named = move |name: &str| api.package.license.split([' ', '(', ')']).any(|word| word == name);
    LICENCES.into_iter().filter(move |(name, ..)| named(name))
}
