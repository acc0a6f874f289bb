//! One module per command: what it calls in the library, and the messages it prints.

pub mod diff;
pub mod explain;
pub mod generate;
pub mod init;
pub mod inspect;
pub mod mock;
pub mod release;

use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;
use generator::diagnostics::Diagnostics;

use crate::console::Console;
use crate::spec::Spec;

/// The result of a command that ran to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// No problem was found. Exit code 0.
    Passed,
    /// The client has drifted, the document has errors, or a check failed. The problems were printed. Exit code 1.
    Failed,
}

/// How diagnostics are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, with the line of the document.
    #[default]
    Text,
    /// For programs: one JSON object per line, and nothing else.
    Json,
}

/// The document that a command reads, and how its diagnostics are reported.
#[derive(Debug, Clone)]
pub struct Document {
    /// The path of the document.
    pub path: PathBuf,
    /// The overlays to apply, in order.
    pub overlays: Vec<PathBuf>,
    /// Whether the smallest parts with errors are left out.
    pub lenient: bool,
    /// How diagnostics are written.
    pub format: Format,
}

impl Document {
    /// Reads the document and its overlays.
    ///
    /// # Errors
    ///
    /// A file cannot be read or is not UTF-8.
    pub fn read(&self) -> Result<Spec> {
        let mut spec = Spec::read(&self.path)?;
        for overlay in &self.overlays {
            spec.read_overlay(overlay)?;
        }
        spec.is_lenient = self.lenient;
        Ok(spec)
    }
}

/// Prints the diagnostics of a document.
pub struct Findings<'a> {
    /// The document.
    pub spec: &'a Spec,
    /// How they are written.
    pub format: Format,
}

impl Findings<'_> {
    /// Prints why a document was rejected; `consequence` states what that means for the command.
    pub fn show_errors(&self, diagnostics: &Diagnostics, consequence: &str, console: &mut Console) -> Outcome {
        self.show(diagnostics, &format!("{}: {consequence}", summary(diagnostics)), console);
        Outcome::Failed
    }

    /// Prints the diagnostics, if there are any.
    pub fn show_all(&self, diagnostics: &Diagnostics, console: &mut Console) {
        let summary = summary(diagnostics);
        if !summary.is_empty() {
            self.show(diagnostics, &summary, console);
        }
    }

    fn show(&self, diagnostics: &Diagnostics, summary: &str, console: &mut Console) {
        let sources = self.spec.sources();
        match self.format {
            Format::Json => console.eprint(&diagnostics.to_json(&sources)),
            Format::Text => {
                console.eprint(&diagnostics.render_sources(&sources, console.error_palette()));
                console.eprint(summary);
            }
        }
    }
}

/// Returns the number of errors and warnings in words.
#[must_use]
pub fn summary(diagnostics: &Diagnostics) -> String {
    let counts = [(diagnostics.errors(), "error"), (diagnostics.warnings(), "warning")];
    let counts = counts.into_iter().filter(|(number, _)| *number > 0).map(|(number, word)| plural(number, word));
    counts.collect::<Vec<_>>().join(", ")
}

/// Returns a number of things in words.
#[must_use]
pub fn plural(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}
