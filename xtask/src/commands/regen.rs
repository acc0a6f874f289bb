//! `regen`: generates the client and writes it, or says what writing would do. How files are compared, replaced and
//! spoken of stands elsewhere.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use generator::Output;

use super::{Findings, plural, read};
use crate::cli::{Regen, Verdict};
use crate::console::Console;
use crate::drift::{self, Drift};
use crate::spec::Spec;
use crate::stopwatch::Stopwatch;
use crate::workspace::shown;
use crate::{replace, report, workspace};

pub(crate) fn run(asked: &Regen, console: &mut Console) -> Result<Verdict> {
    let mut watch = Stopwatch::start();
    let folder = folder(asked)?;
    let spec = read(&asked.spec)?;
    let findings = Findings { spec: &spec, format: asked.spec.format };
    watch.lap("read");
    let output = match spec.ask(|input| generator::generate_in_stages(input, &mut |stage| watch.lap(stage)))? {
        Ok(output) => output,
        Err(found) => return Ok(findings.show_errors(&found, "nothing was written", console)),
    };
    findings.show_all(&output.diagnostics, console);
    say_what_was_read(&spec, &output, console);
    let verdict = settle(asked, &folder, &output, &mut watch, console)?;
    if asked.verbose {
        console.say(&watch.report());
    }
    Ok(verdict)
}

fn say_what_was_read(spec: &Spec, output: &Output, console: &mut Console) {
    let (operations, types) = (output.api.operations.len(), output.api.types.len());
    console.say(&format!("read {}: {}, {}", spec.shown, plural(operations, "operation"), plural(types, "type")));
}

/// Where the client goes. The workspace's own folder is for the workspace's own document.
fn folder(asked: &Regen) -> Result<PathBuf> {
    let is_own = |path: &PathBuf| {
        let own = workspace::spec().canonicalize();
        own.is_ok_and(|own| path.canonicalize().is_ok_and(|path| path == own))
    };
    match (&asked.out, &asked.spec.path) {
        (Some(folder), _) => Ok(folder.clone()),
        (None, Some(path)) if !is_own(path) => bail!(
            "the client of {} would take the place of {}; say with --out DIR where it goes",
            shown(path),
            shown(&workspace::client())
        ),
        (None, _) => Ok(workspace::client()),
    }
}

/// Compares what was generated with the folder, and does about it what was asked.
fn settle(
    asked: &Regen,
    folder: &Path,
    output: &Output,
    watch: &mut Stopwatch,
    console: &mut Console,
) -> Result<Verdict> {
    let drift = drift::compare(&output.tree, folder)?;
    watch.lap("compare");
    if drift.is_empty() {
        let files = plural(output.tree.len(), "file");
        console.say(&format!("{} is up to date ({files}): nothing to write", shown(folder)));
        return Ok(Verdict::Sound);
    }
    if asked.check {
        show_drift(asked, folder, &drift, console);
        return Ok(Verdict::Unsound);
    }
    let files = plural(output.tree.len(), "file");
    let sum = format!("{}: {} ({files} in all)", shown(folder), report::deed_counts(&drift));
    if asked.dry_run {
        replace::refuse_foreign(folder, &drift)?;
        console.say(&format!("{}would write {sum}; nothing was written", report::deeds(&drift)));
    } else {
        replace::replace(folder, &output.tree, &drift)?;
        watch.lap("write");
        console.say(&format!("{}wrote {sum}", report::deeds(&drift)));
    }
    Ok(Verdict::Sound)
}

fn show_drift(asked: &Regen, folder: &Path, drift: &Drift<'_>, console: &mut Console) {
    console.say(&report::differences(drift, console.palette()));
    console.say(&format!("{} has drifted: {}", shown(folder), report::conditions(drift)));
    if drift.foreign().next().is_some() {
        console.say("what was not generated must be moved elsewhere or deleted first, by hand");
    }
    console.say(&format!("mend it with: {}", mending_command(asked)));
}

/// The command that makes the same folder hold what the same document gives, from the same current folder.
fn mending_command(asked: &Regen) -> String {
    let mut command = "cargo xtask regen".to_owned();
    let overlays = asked.spec.overlays.iter().map(|path| ("--overlay", Some(path)));
    let options = [("--spec", asked.spec.path.as_ref())].into_iter().chain(overlays);
    for (option, path) in options.chain([("--out", asked.out.as_ref())]) {
        if let Some(path) = path {
            command.push_str(&format!(" {option} {}", quoted(path)));
        }
    }
    if asked.spec.lenient {
        command.push_str(" --lenient");
    }
    command
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%".contains(c);
    if text.chars().all(is_plain) { text.into_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
