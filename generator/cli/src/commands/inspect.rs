//! `inspect`: shows the intermediate results of the generator.

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use generator::Input;
use generator::diagnostics::Diagnostics;
use generator::inspect::Change;
use generator::passes::PASSES;

use super::{Document, Findings, Outcome, summary};
use crate::console::Console;
use crate::diff;
use crate::spec::Spec;

/// What is shown.
#[derive(Debug, Clone, Subcommand)]
pub enum What {
    /// The generator's model of the API.
    Ir,
    /// What a pass over the types changes, as a diff; without a name, the number of lines each pass changes.
    Pass(Step),
    /// What a rewrite of the document changes, as a diff, and its diagnostics; without a name, the number of lines each
    /// rewrite changes.
    Normalise(Step),
}

/// A step of the generator.
#[derive(Debug, Clone, Args)]
pub struct Step {
    /// The name of the step.
    pub name: Option<String>,
    /// Show the whole result of the step instead of a diff.
    #[arg(long, requires = "name")]
    pub whole: bool,
}

/// Shows an intermediate result for a document.
///
/// # Errors
///
/// The document cannot be read, or the step does not exist.
pub fn run(what: &What, document: &Document, console: &mut Console) -> Result<Outcome> {
    match what {
        What::Ir => ir(document, console),
        What::Pass(step) => {
            require_step("pass", step.name.as_deref(), PASSES.iter().map(|pass| pass.name))?;
            inspect_step(step, document, generator::inspect::passes, console)
        }
        What::Normalise(step) => {
            require_step("rewrite", step.name.as_deref(), generator::inspect::rewrites())?;
            inspect_step(step, document, generator::inspect::normalise, console)
        }
    }
}

fn ir(document: &Document, console: &mut Console) -> Result<Outcome> {
    let spec = document.read()?;
    match spec.run(generator::inspect::ir)? {
        Ok(api) => console.print(&format!("{api:#?}")),
        Err(diagnostics) => return Ok(show_errors(document, &spec, &diagnostics, console)),
    }
    Ok(Outcome::Passed)
}

fn show_errors(document: &Document, spec: &Spec, diagnostics: &Diagnostics, console: &mut Console) -> Outcome {
    Findings { spec, format: document.format }.show_errors(diagnostics, "nothing to show", console)
}

/// Rejects an unknown name before anything is generated.
fn require_step(kind: &str, wanted: Option<&str>, names: impl Iterator<Item = &'static str>) -> Result<()> {
    let names: Vec<_> = names.collect();
    match wanted {
        Some(wanted) if !names.contains(&wanted) => {
            bail!("there is no {kind} {wanted:?}; choose one of {}", names.join(", "))
        }
        _ => Ok(()),
    }
}

/// A function of the generator that returns the changes of all steps of one kind.
type Steps = fn(&Input<'_>) -> Result<Vec<Change>, Diagnostics>;

fn inspect_step(step: &Step, document: &Document, stage: Steps, console: &mut Console) -> Result<Outcome> {
    let spec = document.read()?;
    let changes = match spec.run(stage)? {
        Ok(changes) => changes,
        Err(diagnostics) => return Ok(show_errors(document, &spec, &diagnostics, console)),
    };
    let Some(wanted) = &step.name else {
        list(&changes, console);
        return Ok(Outcome::Passed);
    };
    let Some(change) = changes.iter().find(|change| change.step == wanted) else {
        bail!("{wanted} applies only to OpenAPI 3.1 documents");
    };
    if step.whole {
        console.print(&change.after);
    } else {
        show(change, console);
    }
    Findings { spec: &spec, format: document.format }.show_all(&change.diagnostics, console);
    Ok(Outcome::Passed)
}

fn list(changes: &[Change], console: &mut Console) {
    let width = changes.iter().map(|change| change.step.len()).max().unwrap_or_default();
    for change in changes {
        let counts = diff::count(&change.before, &change.after);
        let summary = summary(&change.diagnostics);
        let reported = if summary.is_empty() { summary } else { format!("  {summary}") };
        console.print(&format!("{:width$}  {counts}{reported}", change.step));
    }
}

fn show(change: &Change, console: &mut Console) {
    let names = (format!("before {}", change.step), format!("after {}", change.step));
    let text = diff::unified((&names.0, &names.1), &change.before, &change.after, console.palette());
    if text.is_empty() {
        console.print(&format!("{} changes nothing in this document", change.step));
    } else {
        console.print(&text);
    }
}
