//! One module for each command: what it asks of the library, and the words of its report.

pub(crate) mod bench;
pub(crate) mod corpus;
pub(crate) mod explain;
pub(crate) mod inspect;
pub(crate) mod mock;
pub(crate) mod regen;
pub(crate) mod torture;

use anyhow::Result;
use generator::diagnostics::Diagnostics;

use crate::cli::{Format, SpecFile, Verdict};
use crate::console::Console;
use crate::spec::Spec;

/// Reads the document that a command is asked about, with its overlays.
fn read(file: &SpecFile) -> Result<Spec> {
    let mut spec = Spec::read(&file.path())?;
    for overlay in &file.overlays {
        spec.read_overlay(overlay)?;
    }
    spec.is_lenient = file.lenient;
    Ok(spec)
}

/// How the findings in a document are shown.
struct Findings<'a> {
    spec: &'a Spec,
    format: Format,
}

impl Findings<'_> {
    /// Shows why nothing came of a document; `consequence` says what that means for the command.
    fn show_errors(&self, found: &Diagnostics, consequence: &str, console: &mut Console) -> Verdict {
        self.show(found, &format!("{}: {consequence}", sum(found)), console);
        Verdict::Unsound
    }

    /// Shows what was found, if anything was.
    fn show_all(&self, found: &Diagnostics, console: &mut Console) {
        let sum = sum(found);
        if !sum.is_empty() {
            self.show(found, &sum, console);
        }
    }

    fn show(&self, found: &Diagnostics, sum: &str, console: &mut Console) {
        let sources = self.spec.sources();
        match self.format {
            Format::Json => console.remark(&found.to_json(&sources)),
            Format::Text => {
                console.remark(&found.render_sources(&sources, console.error_palette()));
                console.remark(sum);
            }
        }
    }
}

fn sum(found: &Diagnostics) -> String {
    let sums = [(found.errors(), "error"), (found.warnings(), "warning")];
    let sums = sums.into_iter().filter(|(number, _)| *number > 0).map(|(number, word)| plural(number, word));
    sums.collect::<Vec<_>>().join(", ")
}

fn plural(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}
