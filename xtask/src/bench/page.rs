//! Writes `docs/BENCHMARKS.md`: one section per benchmark. Writing a section keeps the others.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clientsmith::paths::shown;

use crate::workspace;

/// A section of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// A call.
    Call,
    /// The build of a program that uses the client.
    Build,
    /// The generator.
    Generate,
    /// Long downloads and uploads.
    Transfer,
    /// Clients of given documents.
    Check,
    /// What was tried to reach the targets. It is written by hand.
    Tried,
}

impl Section {
    /// In the order of the page.
    const ALL: [Self; 6] = [Self::Call, Self::Build, Self::Generate, Self::Check, Self::Tried, Self::Transfer];

    fn heading(self) -> &'static str {
        match self {
            Self::Call => "## A call\n",
            Self::Build => "## The build of a program that uses the client\n",
            Self::Generate => "## Generating\n",
            Self::Check => "## Clients of public documents\n",
            Self::Tried => "## What was tried\n",
            Self::Transfer => "## Memory of large transfers\n",
        }
    }

    /// The command that makes the section. `None` if it is written by hand.
    fn command(self) -> Option<&'static str> {
        Some(match self {
            Self::Call => "cargo xtask bench call",
            Self::Build => "cargo xtask bench build",
            Self::Generate => "cargo xtask bench generate",
            Self::Check => "cargo xtask bench check FOLDER",
            Self::Transfer => "cargo xtask bench transfer",
            Self::Tried => return None,
        })
    }
}

const HEAD: &str = "# Benchmarks\n\n\
The values of a table are from one run, on the machine named in the section. Compare ratios rather than times: times differ \
between machines and days. `cargo xtask bench` repeats all measurements and writes this page; each section names the command \
that repeats it alone.\n\n\
Targets: a call needs no more instructions and allocations than hand-written code; build time, binary size and number of \
crates are at most 1.05 times those of the hand-written program; ten times as many operations take at most 10.5 times as long; \
`regen` takes at most 12 ms. A value that misses its target is bold or has an exclamation mark.\n";

/// Writes a section into the page.
pub(crate) fn write(path: &Path, section: Section, text: &str) -> Result<()> {
    // A page that does not exist yet has no other sections.
    let page = fs::read_to_string(path).unwrap_or_default();
    fs::write(path, with(&page, section, text)).with_context(|| format!("cannot write {}", shown(path)))
}

/// The default path of the page.
pub(crate) fn path() -> PathBuf {
    workspace::root().join("docs/BENCHMARKS.md")
}

/// The page with the text of one section replaced.
fn with(page: &str, section: Section, text: &str) -> String {
    let mut all = HEAD.to_owned();
    for other in Section::ALL {
        let body = if other == section { Some(text) } else { body(page, other) };
        if let Some(body) = body {
            let made = other.command().map(|command| format!("Made by `{command}`.\n\n")).unwrap_or_default();
            all.push_str(&format!("\n{}\n{made}{}\n", other.heading(), body.trim()));
        }
    }
    all
}

/// The text of a section, without its heading and the command.
fn body(page: &str, section: Section) -> Option<&str> {
    let (_, rest) = page.split_once(section.heading())?;
    let rest = rest.split("\n## ").next().unwrap_or_default();
    match section.command() {
        Some(_) => Some(rest.trim().split_once('\n')?.1),
        None => Some(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_and_the_others_are_kept() {
        let page = with("", Section::Build, "builds\n\nand more");
        let page = with(&page, Section::Call, "calls");
        let page = with(&page, Section::Generate, "generates");
        let page = with(&page, Section::Call, "other calls\n");
        for part in ["\n\nother calls\n", "\n\nbuilds\n\nand more\n", "\n\ngenerates\n"] {
            assert!(page.contains(part), "{part:?} is not in {page}");
        }
        let places: Vec<_> = Section::ALL.iter().filter_map(|section| page.find(section.heading())).collect();
        assert!(places.is_sorted() && places.len() == 3, "{places:?}");
        assert!(!page.contains("\n\ncalls\n"), "{page}");
        let page = page.replace("## A call", "## What was tried\n\nBy hand.\n\n## A call");
        let page = with(&page, Section::Call, "other calls");
        assert!(page.contains("generates\n\n## What was tried\n\nBy hand.\n"), "{page}");
        assert_eq!(with(&page, Section::Call, "other calls"), page, "writing the same text changes nothing");
    }
}
