//! `regen`: generates the client and writes it, or says what writing would do. How files are compared and replaced
//! stands elsewhere.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;
use generator::Output;

use crate::cli::{Regen, Verdict};
use crate::console::Console;
use crate::drift::{Drift, Entry, State};
use crate::spec::Spec;
use crate::{diff, drift, replace, workspace};

use super::plural;

pub(crate) fn run(asked: &Regen, console: &mut Console) -> Result<Verdict> {
    let mut watch = Stopwatch::start();
    let spec = Spec::read(&asked.spec.path.clone().unwrap_or_else(workspace::spec))?;
    watch.lap("read");
    let output = match spec.ask(generator::generate)? {
        Ok(output) => output,
        Err(found) => return Ok(super::show_errors(&spec, &found, console)),
    };
    watch.lap("generate");
    super::show_warnings(&spec, &output.diagnostics, console);
    console.say(&read_line(&spec, &output));
    let folder = asked.out.clone().unwrap_or_else(workspace::client);
    let drift = drift::compare(&output.tree, &folder)?;
    watch.lap("compare");
    let verdict = if asked.check {
        check(asked, &folder, &drift, console)
    } else {
        replace::refuse_foreign(&folder, &drift)?;
        if !asked.dry_run {
            replace::replace(&folder, &output.tree, &drift)?;
            watch.lap("write");
        }
        list(&folder, &output, &drift, asked.dry_run, console);
        Verdict::Sound
    };
    if asked.verbose {
        console.say(&watch.report());
    }
    Ok(verdict)
}

fn read_line(spec: &Spec, output: &Output) -> String {
    let (operations, types) = (output.api.operations.len(), output.api.types.len());
    format!("read {}: {}, {}", spec.shown, plural(operations, "operation"), plural(types, "type"))
}

/// What was written, or would be.
fn list(folder: &Path, output: &Output, drift: &Drift<'_>, is_dry: bool, console: &mut Console) {
    let shown = workspace::shown(folder);
    let files = plural(output.tree.len(), "file");
    if drift.is_empty() {
        console.say(&format!("{shown} is up to date ({files}): nothing to write"));
        return;
    }
    for entry in &drift.entries {
        let counts = diff::count(&entry.before(), entry.after());
        console.say(&format!("  {} {} ({counts})", deed(entry), entry.path.display()));
    }
    let number = drift.entries.len();
    if is_dry {
        console
            .say(&format!("would write {shown} ({files}, {number} of them new, changed or gone); nothing was written"));
    } else {
        console.say(&format!("wrote {shown}: {files}"));
    }
}

fn deed(entry: &Entry<'_>) -> &'static str {
    match entry.state {
        State::Missing { .. } => "created",
        State::Changed { .. } | State::Foreign(_) => "updated",
        State::Stale { .. } => "removed",
    }
}

fn check(asked: &Regen, folder: &Path, drift: &Drift<'_>, console: &mut Console) -> Verdict {
    let shown = workspace::shown(folder);
    if drift.is_empty() {
        console.say(&format!("{shown} is up to date"));
        return Verdict::Sound;
    }
    for entry in &drift.entries {
        let path = entry.path.display().to_string();
        console.say(&format!("{} {path}", condition(entry)));
        let names = (format!("{path} (in the folder)"), format!("{path} (generated)"));
        let text = diff::unified((&names.0, &names.1), &entry.before(), entry.after(), console.palette());
        if !text.is_empty() {
            console.say(&text);
        }
    }
    console.say(&format!("{shown} has drifted: {}", plural(drift.entries.len(), "file")));
    console.say(&format!("mend it with: {}", mending_command(asked)));
    Verdict::Unsound
}

fn condition(entry: &Entry<'_>) -> &'static str {
    match entry.state {
        State::Missing { .. } => "missing",
        State::Changed { .. } => "changed",
        State::Stale { .. } => "stale",
        State::Foreign(_) => "foreign",
    }
}

fn mending_command(asked: &Regen) -> String {
    let mut command = "cargo xtask regen".to_owned();
    for (option, path) in [("--spec", &asked.spec.path), ("--out", &asked.out)] {
        if let Some(path) = path {
            command.push_str(&format!(" {option} {}", quoted(path)));
        }
    }
    command
}

/// A path as a shell takes it.
fn quoted(path: &PathBuf) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// The time each stage took.
struct Stopwatch {
    last: Instant,
    laps: Vec<(&'static str, Duration)>,
}

impl Stopwatch {
    fn start() -> Self {
        Self { last: Instant::now(), laps: Vec::new() }
    }

    fn lap(&mut self, stage: &'static str) {
        self.laps.push((stage, self.last.elapsed()));
        self.last = Instant::now();
    }

    fn report(&self) -> String {
        let laps = self.laps.iter().map(|(stage, time)| format!("{stage} {:.1} ms", time.as_secs_f64() * 1000.0));
        format!("took: {}", laps.collect::<Vec<_>>().join(", "))
    }
}
