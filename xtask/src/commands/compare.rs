//! `compare`: compares documents with the clients that are generated from them, and prints the differences.

use std::path::Path;

use anyhow::Result;
use generator::Input;

use super::plural;
use crate::compare::{self, Difference};
use crate::corpus::documents;
use clientsmith::commands::Outcome;
use clientsmith::console::Console;
use clientsmith::spec::Spec;

pub(crate) fn run(path: &Path, console: &mut Console) -> Result<Outcome> {
    let paths = if path.is_dir() { documents::paths(path)? } else { vec![path.to_owned()] };
    let mut totals = Totals::default();
    for path in &paths {
        let spec = Spec::read(path)?;
        let comparison = compare(&spec);
        totals.add(&comparison);
        console.print(&format!("{}: {}", spec.shown, comparison.summary()));
        for difference in comparison.differences() {
            console.print(&format!("  {difference}"));
        }
    }
    if paths.len() > 1 {
        console.print(&totals.text());
    }
    Ok(if totals.different + totals.failed > 0 { Outcome::Failed } else { Outcome::Passed })
}

/// The result for a document.
enum Comparison {
    Compared(Vec<Difference>),
    /// The generator rejected the document, with this number of errors.
    Rejected(usize),
    /// The generator or the comparison failed.
    Failed(anyhow::Error),
}

fn compare(spec: &Spec) -> Comparison {
    let run = |input: &Input<'_>| {
        let output = generator::generate(input)?;
        Ok(compare::compare(input, &output.tree, &output.diagnostics))
    };
    match spec.run(run) {
        Ok(Ok(Ok(differences))) => Comparison::Compared(differences),
        Ok(Err(diagnostics)) => Comparison::Rejected(diagnostics.errors()),
        Ok(Ok(Err(error))) | Err(error) => Comparison::Failed(error),
    }
}

impl Comparison {
    fn differences(&self) -> &[Difference] {
        match self {
            Self::Compared(differences) => differences,
            Self::Rejected(_) | Self::Failed(_) => &[],
        }
    }

    fn summary(&self) -> String {
        match self {
            Self::Compared(differences) => plural(differences.len(), "difference"),
            Self::Rejected(errors) => format!("rejected, {}", plural(*errors, "error")),
            Self::Failed(error) => format!("failed: {error:#}"),
        }
    }
}

/// The sums over all documents.
#[derive(Default)]
struct Totals {
    documents: usize,
    rejected: usize,
    failed: usize,
    different: usize,
    differences: usize,
}

impl Totals {
    fn add(&mut self, comparison: &Comparison) {
        let differences = comparison.differences().len();
        self.documents += 1;
        self.rejected += usize::from(matches!(comparison, Comparison::Rejected(_)));
        self.failed += usize::from(matches!(comparison, Comparison::Failed(_)));
        self.different += usize::from(differences > 0);
        self.differences += differences;
    }

    fn text(&self) -> String {
        let Self { documents, rejected, failed, different, differences } = self;
        format!(
            "{documents} documents: {rejected} rejected, {failed} failed, {different} with {}",
            plural(*differences, "difference")
        )
    }
}
