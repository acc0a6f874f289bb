//! `inspect`: shows what stands between the stages of the generator. Decides nothing about it.

use anyhow::{Result, bail};
use generator::Input;
use generator::diagnostics::Diagnostics;
use generator::inspect::Change;
use generator::passes::PASSES;

use super::{Findings, read, sum};
use crate::cli::{Inspect, SpecFile, Step, Verdict};
use crate::console::Console;
use crate::diff;
use crate::spec::Spec;

pub(crate) fn run(what: &Inspect, console: &mut Console) -> Result<Verdict> {
    match what {
        Inspect::Ir { spec } => ir(spec, console),
        Inspect::Pass(step) => {
            require_step("pass", step.name.as_deref(), PASSES.iter().map(|pass| pass.name))?;
            look(step, generator::inspect::passes, console)
        }
        Inspect::Normalise(step) => {
            require_step("rewrite", step.name.as_deref(), generator::inspect::rewrites())?;
            look(step, generator::inspect::normalise, console)
        }
    }
}

fn ir(file: &SpecFile, console: &mut Console) -> Result<Verdict> {
    let spec = read(file)?;
    match spec.ask(generator::inspect::ir)? {
        Ok(api) => console.say(&format!("{api:#?}")),
        Err(found) => return Ok(nothing(file, &spec, &found, console)),
    }
    Ok(Verdict::Sound)
}

fn nothing(file: &SpecFile, spec: &Spec, found: &Diagnostics, console: &mut Console) -> Verdict {
    Findings { spec, format: file.format }.show_errors(found, "nothing can be shown", console)
}

/// Refuses an unknown name before anything is generated.
fn require_step(kind: &str, wanted: Option<&str>, names: impl Iterator<Item = &'static str>) -> Result<()> {
    let names: Vec<_> = names.collect();
    match wanted {
        Some(wanted) if !names.contains(&wanted) => {
            bail!("there is no {kind} {wanted:?}; there are {}", names.join(", "))
        }
        _ => Ok(()),
    }
}

/// A look of the generator at all steps of one kind.
type Steps = fn(&Input<'_>) -> Result<Vec<Change>, Diagnostics>;

fn look(step: &Step, stage: Steps, console: &mut Console) -> Result<Verdict> {
    let spec = read(&step.spec)?;
    let changes = match spec.ask(stage)? {
        Ok(changes) => changes,
        Err(found) => return Ok(nothing(&step.spec, &spec, &found, console)),
    };
    let Some(wanted) = &step.name else {
        list(&changes, console);
        return Ok(Verdict::Sound);
    };
    let Some(change) = changes.iter().find(|change| change.step == wanted) else {
        bail!("{wanted} is a step for documents of OpenAPI 3.1 alone");
    };
    if step.whole {
        console.say(&change.after);
    } else {
        show(change, console);
    }
    Findings { spec: &spec, format: step.spec.format }.show_all(&change.diagnostics, console);
    Ok(Verdict::Sound)
}

fn list(changes: &[Change], console: &mut Console) {
    let width = changes.iter().map(|change| change.step.len()).max().unwrap_or_default();
    for change in changes {
        let counts = diff::count(&change.before, &change.after);
        let found = sum(&change.diagnostics);
        let reported = if found.is_empty() { found } else { format!("  {found}") };
        console.say(&format!("{:width$}  {counts}{reported}", change.step));
    }
}

fn show(change: &Change, console: &mut Console) {
    let names = (format!("before {}", change.step), format!("after {}", change.step));
    let text = diff::unified((&names.0, &names.1), &change.before, &change.after, console.palette());
    if text.is_empty() {
        console.say(&format!("{} changes nothing in this document", change.step));
    } else {
        console.say(&text);
    }
}
