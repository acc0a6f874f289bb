//! `docs/BENCHMARKS.md`: a section for each part, written by that part without touching the others.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::workspace;

/// A part of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// What a call costs.
    Call,
    /// What a program that uses the client costs to build.
    Build,
    /// What the generator costs.
    Generate,
}

impl Section {
    /// In the order of the page.
    const ALL: [Self; 3] = [Self::Call, Self::Build, Self::Generate];

    fn heading(self) -> &'static str {
        match self {
            Self::Call => "## A call\n",
            Self::Build => "## The build of a program that uses the client\n",
            Self::Generate => "## Generating\n",
        }
    }

    fn command(self) -> &'static str {
        match self {
            Self::Call => "cargo xtask bench call",
            Self::Build => "cargo xtask bench build",
            Self::Generate => "cargo xtask bench generate",
        }
    }
}

const HEAD: &str = "# Benchmarks\n\n\
Figures in one table come from one run, on the machine that the section names. Compare ratios: absolute times \
differ between machines and between days. `cargo xtask bench` measures everything again and writes this page. \
Each section names the command that measures it alone.\n\n\
Goals: a call needs no more instructions and allocations than a call by hand; build time, program size and \
number of crates are at most 1.05 times those by hand; ten times as many operations take at most 12 times as \
long; `regen` takes at most 25 ms. A figure that misses its goal is bold or has an exclamation mark.\n";

/// Writes a section into the page.
pub(crate) fn write(path: &Path, section: Section, text: &str) -> Result<()> {
    // A page that is not there yet has no other sections.
    let page = fs::read_to_string(path).unwrap_or_default();
    fs::write(path, with(&page, section, text)).with_context(|| format!("cannot write {}", workspace::shown(path)))
}

/// Where it stands, unless another place is named.
pub(crate) fn path() -> PathBuf {
    workspace::root().join("docs/BENCHMARKS.md")
}

/// The page with another text in a section.
fn with(page: &str, section: Section, text: &str) -> String {
    let mut all = HEAD.to_owned();
    for other in Section::ALL {
        let body = if other == section { Some(text) } else { body(page, other) };
        if let Some(body) = body {
            all.push_str(&format!("\n{}\nMade by `{}`.\n\n{}\n", other.heading(), other.command(), body.trim()));
        }
    }
    all
}

/// What stands in a section, without its heading and the command.
fn body(page: &str, section: Section) -> Option<&str> {
    let (_, rest) = page.split_once(section.heading())?;
    let rest = rest.split("\n## ").next().unwrap_or_default();
    let (_, body) = rest.trim().split_once('\n')?;
    Some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_and_the_others_stay() {
        let page = with("", Section::Build, "builds\n\nand more");
        let page = with(&page, Section::Call, "calls");
        let page = with(&page, Section::Generate, "generates");
        let page = with(&page, Section::Call, "other calls\n");
        for part in ["\n\nother calls\n", "\n\nbuilds\n\nand more\n", "\n\ngenerates\n"] {
            assert!(page.contains(part), "{part:?} is not in {page}");
        }
        let places: Vec<_> = Section::ALL.iter().map(|section| page.find(section.heading())).collect();
        assert!(places.is_sorted() && places[0].is_some(), "{places:?}");
        assert!(!page.contains("\n\ncalls\n"), "{page}");
        assert_eq!(with(&page, Section::Call, "other calls"), page, "what is the same changes nothing");
    }
}
