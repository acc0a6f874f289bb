//! The texts of the licences that the manifest names, as far as this repository has them.
//!
//! They stand in blocks of code, since every file of a client begins with a marker, which only Markdown can hide.

use crate::emit::{Content, Source};
use crate::ir::Api;
use crate::markdown;

/// Names of SPDX, each with the file of its text.
const LICENCES: [(&str, &str, &str); 2] = [
    ("MIT", "LICENSE-MIT.md", include_str!("../../../../LICENSE-MIT")),
    ("Apache-2.0", "LICENSE-APACHE.md", include_str!("../../../../LICENSE-APACHE")),
];

pub(crate) fn emit(api: &Api) -> impl Iterator<Item = Source> {
    own(api).map(|(_, path, text)| Source {
        path: path.to_owned(),
        content: Content::Markdown(markdown::block("text", text.trim_matches('\n'))),
    })
}

/// The names of the licences and the files of their texts.
pub(crate) fn own(api: &Api) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let named = move |name: &str| api.package.license.split([' ', '(', ')']).any(|word| word == name);
    LICENCES.into_iter().filter(move |(name, ..)| named(name))
}
