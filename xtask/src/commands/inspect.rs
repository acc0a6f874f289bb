//! `inspect`: shows the intermediate results of the generator.

use anyhow::{Result, bail};
use generator::Input;
use generator::diagnostics::Diagnostics;
use generator::inspect::Change;
use generator::passes::PASSES;

use super::{Findings, read, summary};
use crate::cli::{Inspect, Outcome, SpecFile, Step};
use crate::console::Console;
use crate::diff;
use crate::spec::Spec;

pub(crate) fn run(what: &Inspect, console: &mut Console) -> Result<Outcome> {
    match what {
        Inspect::Ir { spec } => ir(spec, console),
        Inspect::Pass(step) => {
            require_step("pass", step.name.as_deref(), PASSES.iter().map(|pass| pass.name))?;
            inspect_step(step, generator::inspect::passes, console)
        }
        Inspect::Normalise(step) => {
            require_step("rewrite", step.name.as_deref(), generator::inspect::rewrites())?;
            inspect_step(step, generator::inspect::normalise, console)
        }
    }
}

fn ir(file: &SpecFile, console: &mut Console) -> Result<Outcome> {
    let spec = read(file)?;
    match spec.run(generator::inspect::ir)? {
        Ok(api) => console.print(&format!("{api:#?}")),
        Err(diagnostics) => return Ok(show_errors(file, &spec, &diagnostics, console)),
    }
    Ok(Outcome::Passed)
}

fn show_errors(file: &SpecFile, spec: &Spec, diagnostics: &Diagnostics, console: &mut Console) -> Outcome {
    Findings { spec, format: file.format }.show_errors(diagnostics, "nothing to show", console)
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

fn inspect_step(step: &Step, stage: Steps, console: &mut Console) -> Result<Outcome> {
    let spec = read(&step.spec)?;
    let changes = match spec.run(stage)? {
        Ok(changes) => changes,
        Err(diagnostics) => return Ok(show_errors(&step.spec, &spec, &diagnostics, console)),
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
    Findings { spec: &spec, format: step.spec.format }.show_all(&change.diagnostics, console);
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
