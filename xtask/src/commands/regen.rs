//! `regen`: generates the client and writes it, or reports what writing would change. [`crate::drift`] compares the files,
//! [`crate::replace`] writes them, and [`crate::report`] formats the differences.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use generator::Output;

use super::{Findings, plural, read};
use crate::cli::{Outcome, Regen};
use crate::console::Console;
use crate::drift::{self, Drift};
use crate::spec::Spec;
use crate::stopwatch::Stopwatch;
use crate::workspace::shown;
use crate::{replace, report, workspace};

pub(crate) fn run(args: &Regen, console: &mut Console) -> Result<Outcome> {
    let mut watch = Stopwatch::start();
    let folder = folder(args)?;
    let spec = read(&args.spec)?;
    let findings = Findings { spec: &spec, format: args.spec.format };
    watch.lap("read");
    let output = match spec.run(|input| generator::generate_in_stages(input, &mut |stage| watch.lap(stage)))? {
        Ok(output) => output,
        Err(diagnostics) => return Ok(findings.show_errors(&diagnostics, "nothing was written", console)),
    };
    findings.show_all(&output.diagnostics, console);
    print_input(&spec, &output, console);
    let outcome = apply(args, &folder, &output, &mut watch, console)?;
    if args.verbose {
        console.print(&watch.report());
    }
    Ok(outcome)
}

fn print_input(spec: &Spec, output: &Output, console: &mut Console) {
    let (operations, types) = (output.api.operations.len(), output.api.types.len());
    console.print(&format!("read {}: {}, {}", spec.shown, plural(operations, "operation"), plural(types, "type")));
}

/// The folder of the client. The folder in the workspace is only for the document of the workspace.
fn folder(args: &Regen) -> Result<PathBuf> {
    let is_own = |path: &PathBuf| {
        let own = workspace::spec().canonicalize();
        own.is_ok_and(|own| path.canonicalize().is_ok_and(|path| path == own))
    };
    match (&args.out, &args.spec.path) {
        (Some(folder), _) => Ok(folder.clone()),
        (None, Some(path)) if !is_own(path) => bail!(
            "the client of {} would overwrite {}; choose another folder with --out DIR",
            shown(path),
            shown(&workspace::client())
        ),
        (None, _) => Ok(workspace::client()),
    }
}

/// Compares the generated files with the folder, then checks, lists or writes the changes.
fn apply(
    args: &Regen,
    folder: &Path,
    output: &Output,
    watch: &mut Stopwatch,
    console: &mut Console,
) -> Result<Outcome> {
    let drift = drift::compare(&output.tree, folder)?;
    watch.lap("compare");
    if drift.is_empty() {
        let files = plural(output.tree.len(), "file");
        console.print(&format!("{} is up to date ({files}): nothing to write", shown(folder)));
        return Ok(Outcome::Passed);
    }
    if args.check {
        show_drift(args, folder, &drift, console);
        return Ok(Outcome::Failed);
    }
    let files = plural(output.tree.len(), "file");
    let summary = format!("{}: {} ({files} in total)", shown(folder), report::action_counts(&drift));
    if args.dry_run {
        replace::reject_foreign(folder, &drift)?;
        console.print(&format!("{}would write {summary}; nothing was written", report::actions(&drift)));
    } else {
        replace::replace(folder, &output.tree, &drift)?;
        watch.lap("write");
        console.print(&format!("{}wrote {summary}", report::actions(&drift)));
    }
    Ok(Outcome::Passed)
}

fn show_drift(args: &Regen, folder: &Path, drift: &Drift<'_>, console: &mut Console) {
    console.print(&report::differences(drift, console.palette()));
    console.print(&format!("{} has drifted: {}", shown(folder), report::status_counts(drift)));
    if drift.foreign().next().is_some() {
        console.print("move or delete the files that were not generated first");
    }
    console.print(&format!("to fix it, run: {}", fix_command(args)));
}

/// The command that writes the client with the same arguments, to be run in the same folder.
fn fix_command(args: &Regen) -> String {
    let mut command = "cargo xtask regen".to_owned();
    let overlays = args.spec.overlays.iter().map(|path| ("--overlay", Some(path)));
    let options = [("--spec", args.spec.path.as_ref())].into_iter().chain(overlays);
    for (option, path) in options.chain([("--out", args.out.as_ref())]) {
        if let Some(path) = path {
            command.push_str(&format!(" {option} {}", quoted(path)));
        }
    }
    if args.spec.lenient {
        command.push_str(" --lenient");
    }
    command
}

/// A path quoted for a shell.
fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%".contains(c);
    if text.chars().all(is_plain) { text.into_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
