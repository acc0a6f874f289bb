//! One module per command: what it calls in the library, and the messages it prints.

pub(crate) mod bench;
pub(crate) mod compare;
pub(crate) mod conform;
pub(crate) mod corpus;
pub(crate) mod explain;
pub(crate) mod inspect;
pub(crate) mod mock;
pub(crate) mod regen;
pub(crate) mod torture;

use anyhow::Result;
use generator::diagnostics::Diagnostics;

use crate::cli::{Format, Outcome, SpecFile};
use crate::console::Console;
use crate::spec::Spec;

/// Reads the document of a command, with its overlays.
fn read(file: &SpecFile) -> Result<Spec> {
    let mut spec = Spec::read(&file.path())?;
    for overlay in &file.overlays {
        spec.read_overlay(overlay)?;
    }
    spec.is_lenient = file.lenient;
    Ok(spec)
}

/// Prints the diagnostics of a document.
struct Findings<'a> {
    spec: &'a Spec,
    format: Format,
}

impl Findings<'_> {
    /// Prints why a document was rejected; `consequence` states what that means for the command.
    fn show_errors(&self, diagnostics: &Diagnostics, consequence: &str, console: &mut Console) -> Outcome {
        self.show(diagnostics, &format!("{}: {consequence}", summary(diagnostics)), console);
        Outcome::Failed
    }

    /// Prints the diagnostics, if there are any.
    fn show_all(&self, diagnostics: &Diagnostics, console: &mut Console) {
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

fn summary(diagnostics: &Diagnostics) -> String {
    let counts = [(diagnostics.errors(), "error"), (diagnostics.warnings(), "warning")];
    let counts = counts.into_iter().filter(|(number, _)| *number > 0).map(|(number, word)| plural(number, word));
    counts.collect::<Vec<_>>().join(", ")
}

fn plural(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}
