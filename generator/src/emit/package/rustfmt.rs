//! The settings of rustfmt: its defaults. Without the file, rustfmt would use the settings of a repository that the crate is in,
//! and the crate root and the examples are printed for the defaults.

use crate::emit::{Content, Source};

pub(crate) fn emit() -> Source {
    let text = "# The default settings, whatever those of the repository around this crate are.\n";
    Source { path: "rustfmt.toml".to_owned(), content: Content::Toml(text.to_owned()) }
}
