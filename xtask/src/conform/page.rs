//! Writes `docs/CONFORMANCE.md`: one section for each kind of check. Writing a section keeps the others.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use clientsmith::paths::shown;

use crate::workspace;

/// A section of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// The scenarios of Spector.
    Scenarios,
    /// The scenarios of this repository.
    Own,
    /// The components of documents.
    Components,
    /// Verdicts on pairs of versions.
    Versions,
    /// Faults that the checks find. Written by hand.
    Faults,
}

impl Section {
    /// In the order of the page.
    const ALL: [Self; 5] = [Self::Scenarios, Self::Own, Self::Components, Self::Versions, Self::Faults];

    fn heading(self) -> &'static str {
        match self {
            Self::Scenarios => "## Scenarios of Spector\n",
            Self::Own => "## Styles and kinds of exchanges\n",
            Self::Components => "## Components\n",
            Self::Versions => "## Versions\n",
            Self::Faults => "## Deliberate faults\n",
        }
    }

    /// How the section is made.
    fn origin(self) -> Option<&'static str> {
        match self {
            Self::Scenarios => Some(
                "`cargo xtask conform scenarios FOLDER`, where FOLDER holds `scenarios.json`, `openapi-3.0` and `openapi-3.1`",
            ),
            Self::Own => Some("`cargo xtask conform scenarios`"),
            Self::Components => Some("`cargo xtask conform components FOLDER…`, where each FOLDER holds documents"),
            Self::Versions => {
                Some("`cargo xtask conform versions FOLDER…`, where each FOLDER holds pairs of documents")
            }
            Self::Faults => None,
        }
    }
}

const HEAD: &str = "# Conformance\n\n\
How exactly generated clients follow their documents. Each section names the command that makes it, and with which versions it was \
made. This repository contains no third-party documents.\n";

/// Writes a section into the page.
pub(crate) fn write(path: &Path, section: Section, text: &str) -> Result<()> {
    // A page that does not exist yet has no other sections.
    let page = fs::read_to_string(path).unwrap_or_default();
    let text = match section.origin() {
        Some(origin) => format!("Made by {origin}. {}\n\n{}", versions(), text.trim()),
        None => text.to_owned(),
    };
    fs::write(path, with(&page, section, &text)).with_context(|| format!("cannot write {}", shown(path)))
}

/// The default path of the page.
pub(crate) fn path() -> PathBuf {
    workspace::root().join("docs/CONFORMANCE.md")
}

/// The versions of the generator and the compiler.
fn versions() -> String {
    let compiler = Command::new("rustc").arg("--version").output().ok();
    let compiler = compiler.and_then(|output| String::from_utf8(output.stdout).ok()).unwrap_or_default();
    let compiler = compiler.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    format!("Generator {}, {compiler}.", env!("CARGO_PKG_VERSION"))
}

/// The page with the text of one section replaced.
fn with(page: &str, section: Section, text: &str) -> String {
    let mut all = HEAD.to_owned();
    for other in Section::ALL {
        let body = if other == section { Some(text) } else { body(page, other) };
        if let Some(body) = body {
            all.push_str(&format!("\n{}\n{}\n", other.heading(), body.trim()));
        }
    }
    all
}

/// The text of a section, without its heading.
fn body(page: &str, section: Section) -> Option<&str> {
    let (_, rest) = page.split_once(section.heading())?;
    Some(rest.split("\n## ").next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_and_the_others_are_kept() {
        let page = with("", Section::Components, "values\n\n### and more");
        let page = with(&page, Section::Scenarios, "scenarios");
        let page = with(&page, Section::Faults, "faults");
        let page = with(&page, Section::Scenarios, "other scenarios\n");
        for part in ["\n\nother scenarios\n", "\n\nvalues\n\n### and more\n", "\n\nfaults\n"] {
            assert!(page.contains(part), "{part:?} is not in {page}");
        }
        assert!(!page.contains("\n\nscenarios\n"), "{page}");
        assert_eq!(with(&page, Section::Faults, "faults"), page, "writing the same text changes nothing");
    }
}
