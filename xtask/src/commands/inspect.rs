//! `inspect`: shows what stands between the stages of the generator. Decides nothing about it.

use anyhow::{Result, bail};
use generator::Input;
use generator::diagnostics::Diagnostics;
use generator::inspect::Change;
use generator::passes::PASSES;

use super::{Findings, read};
use crate::cli::{Inspect, SpecFile, Verdict};
use crate::console::Console;
use crate::diff;
use crate::spec::Spec;

pub(crate) fn run(what: &Inspect, console: &mut Console) -> Result<Verdict> {
    match what {
        Inspect::Ir { spec } => ir(spec, console),
        Inspect::Pass { name, spec } => {
            require_step("pass", name.as_deref(), PASSES.iter().map(|pass| pass.name))?;
            steps(name.as_deref(), spec, generator::inspect::passes, console)
        }
        Inspect::Normalise { name, spec } => {
            require_step("rewrite", name.as_deref(), generator::inspect::rewrites())?;
            steps(name.as_deref(), spec, generator::inspect::normalise, console)
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

fn steps(wanted: Option<&str>, file: &SpecFile, stage: Steps, console: &mut Console) -> Result<Verdict> {
    let spec = read(file)?;
    let changes = match spec.ask(stage)? {
        Ok(changes) => changes,
        Err(found) => return Ok(nothing(file, &spec, &found, console)),
    };
    let width = changes.iter().map(|change| change.step.len()).max().unwrap_or_default();
    for change in &changes {
        match wanted {
            None => console.say(&format!("{:width$}  {}", change.step, diff::count(&change.before, &change.after))),
            Some(wanted) if wanted == change.step => show(change, console),
            Some(_) => {}
        }
    }
    Ok(Verdict::Sound)
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
