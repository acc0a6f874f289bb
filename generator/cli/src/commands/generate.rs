//! `generate`: generates a client and writes it, or reports what writing would change. [`crate::drift`] compares the files,
//! [`crate::replace`] writes them, and [`crate::report`] formats the differences.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use generator::diagnostics::Diagnostics;
use generator::emit;
use generator::tree::CrateTree;
use generator::{Output, Settings};

use super::{Findings, Format, Outcome, plural};
use crate::config::Config;
use crate::console::Console;
use crate::drift::{self, Drift, State};
use crate::owned;
use crate::paths::shown;
use crate::progress::Progress;
use crate::spec::Spec;
use crate::stopwatch::Stopwatch;
use crate::surroundings::{Workspace, unlisted_in};
use crate::{replace, report};

/// What happens to the generated files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// They are written.
    Write,
    /// All drift is shown as diffs, and is a failure.
    Check,
    /// The files that would change are listed.
    DryRun,
}

/// Which files of a folder belong to the generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// All files.
    Folder,
    /// Those that it wrote. All others are the owner's.
    Written,
}

/// How the files are handled and reported.
#[derive(Debug, Clone)]
pub struct Options {
    /// What happens to the files.
    pub mode: Mode,
    /// Which files of the folder belong to the generator.
    pub ownership: Ownership,
    /// Whether each changed file is listed.
    pub lists_files: bool,
    /// Whether the time of each stage is printed.
    pub shows_times: bool,
    /// Whether files that were edited are kept as `.orig`.
    pub keeps_edited: bool,
    /// The command that writes the client, for the help about drift.
    pub fix_command: String,
    /// How diagnostics are written.
    pub format: Format,
}

/// Generates the client of a configuration. `marker` is what the first line of each file states, if not the default.
///
/// # Errors
///
/// A file cannot be read or written, or the folder contains files that must not be changed.
pub fn run(config: &Config, marker: Option<&str>, options: &Options, console: &mut Console) -> Result<Outcome> {
    let mut watch = Stopwatch::start();
    let _lock = if options.mode == Mode::Write { replace::lock(&config.output)? } else { None };
    if options.mode == Mode::Write && replace::recover(&config.output)? {
        console.eprint(&format!("completed an earlier run in {}", shown(&config.output)));
    }
    let spec = read(config)?;
    let findings = Findings { spec: &spec, format: options.format };
    watch.lap("read");
    let dependencies = config.dependency_lines();
    let settings = Settings {
        marker,
        dependencies: &dependencies,
        has_custom_module: options.ownership == Ownership::Written && has_custom_module(&config.output)?,
        ..config.settings()
    };
    let shows_progress = options.format == Format::Text && console.shows_progress();
    let progress = if shows_progress { Progress::on_terminal() } else { Progress::hidden() };
    let generated = spec.run(|input| {
        let input = generator::Input { settings, ..*input };
        generator::generate_in_stages(&input, &mut |stage| {
            watch.lap(stage);
            progress.ended(stage);
        })
    })?;
    drop(progress);
    let mut output = match generated {
        Ok(output) => output,
        Err(mut diagnostics) => {
            sort_warnings(&mut diagnostics, config);
            return Ok(findings.show_errors(&diagnostics, "nothing was written", console));
        }
    };
    check_features(config, &output)?;
    if let Some(denied) = sort_warnings(&mut output.diagnostics, config) {
        findings.show_all(&output.diagnostics, console);
        if options.format == Format::Text {
            console.print_error(&format!("{denied} denied: nothing was written"));
        }
        return Ok(Outcome::Failed);
    }
    findings.show_all(&output.diagnostics, console);
    print_input(&spec, &output, console);
    if let (Ownership::Written, Some(marker)) = (options.ownership, marker) {
        owned::add_list(&mut output.tree, marker);
    }
    let outcome = apply(config, options, &output.tree, &mut watch, console)?;
    if options.shows_times {
        console.print(&watch.report());
    }
    Ok(outcome)
}

fn read(config: &Config) -> Result<Spec> {
    let mut spec = Spec::read(&config.document)?;
    for overlay in &config.overlays {
        spec.read_overlay(overlay)?;
    }
    if let Some(overlay) = config.overlay() {
        spec.add_overlay(crate::config::FILE, overlay.to_string());
    }
    spec.is_lenient = config.lenient;
    Ok(spec)
}

/// Checks that the crate has the default features of the configuration.
fn check_features(config: &Config, output: &Output) -> Result<()> {
    let chosen = config.features.default.iter().flatten();
    let absent = chosen.filter(|name| !emit::has_feature(&output.api, name)).collect::<Vec<_>>();
    let Some(name) = absent.first() else { return Ok(()) };
    bail!(
        "`features.default` has `{name}`, but the crate does not need this feature\nhelp: remove it from the configuration"
    )
}

/// Whether the owner has a module `custom`.
fn has_custom_module(folder: &Path) -> Result<bool> {
    let [file, in_folder] = ["src/custom.rs", "src/custom/mod.rs"].map(|file| folder.join(file).is_file());
    if file && in_folder {
        bail!("both src/custom.rs and src/custom/mod.rs exist\nhelp: keep one of them");
    }
    Ok(file || in_folder)
}

/// Leaves out the warnings that the configuration accepts, and makes those errors that it denies. Returns the codes of the latter.
fn sort_warnings(diagnostics: &mut Diagnostics, config: &Config) -> Option<String> {
    diagnostics.retain(|code| !config.warnings.accept.contains(code.id));
    diagnostics.deny(|code| config.warnings.deny.contains(code.id));
    let denied = config.warnings.deny.iter().map(String::as_str).filter(|code| diagnostics.has(code));
    let denied = denied.collect::<Vec<_>>().join(", ");
    (!denied.is_empty()).then_some(denied)
}

fn print_input(spec: &Spec, output: &Output, console: &mut Console) {
    let (operations, types) = (output.api.operations.len(), output.api.types.len());
    console.print(&format!("read {}: {}, {}", spec.shown, plural(operations, "operation"), plural(types, "type")));
}

/// Compares the generated files with the folder, then checks, lists or writes the changes.
fn apply(
    config: &Config,
    options: &Options,
    tree: &CrateTree,
    watch: &mut Stopwatch,
    console: &mut Console,
) -> Result<Outcome> {
    let folder = &config.output;
    let compare = match options.ownership {
        Ownership::Folder => drift::compare,
        Ownership::Written => drift::compare_owned,
    };
    let mut drift = compare(tree, folder)?;
    watch.lap("compare");
    if drift.is_empty() {
        let files = plural(tree.len(), "file");
        console.print(&format!("{} is up to date ({files}): nothing to write", shown(folder)));
        return Ok(Outcome::Passed);
    }
    if options.mode == Mode::Check {
        show_drift(options, folder, &drift, console);
        return Ok(Outcome::Failed);
    }
    if options.keeps_edited && options.mode == Mode::Write {
        keep_edited(folder, &drift, console)?;
        drift = compare(tree, folder)?;
    }
    let files = plural(tree.len(), "file");
    let summary = format!("{}: {} ({files} in total)", shown(folder), report::action_counts(&drift));
    let list = if options.lists_files { report::actions(&drift) } else { String::new() };
    if options.mode == Mode::DryRun {
        replace::reject_foreign(folder, &drift)?;
        console.print(&format!("{list}would write {summary}; nothing was written"));
    } else {
        replace::replace(folder, tree, &drift)?;
        watch.lap("write");
        console.print(&format!("{list}wrote {summary}"));
        if let Some(Workspace { manifest, member }) = unlisted_in(folder) {
            console.print(&format!(
                "help: the workspace {} does not list this crate; add {member:?} to its `members` or its `exclude`",
                shown(&manifest)
            ));
        }
    }
    Ok(Outcome::Passed)
}

fn show_drift(options: &Options, folder: &Path, drift: &Drift<'_>, console: &mut Console) {
    let differences = if options.lists_files { report::differences } else { report::short_differences };
    console.print(&differences(drift, console.palette()));
    console.print(&format!("{} has drifted: {}", shown(folder), report::status_counts(drift)));
    if let Some((_, first)) = drift.foreign().next() {
        console.print(&format!("help: {}", first.help()));
    }
    console.print(&format!("to fix it, run: {}", options.fix_command));
}

/// Renames the files that were edited.
fn keep_edited(folder: &Path, drift: &Drift<'_>, console: &mut Console) -> Result<()> {
    let edited = drift.entries.iter().filter(|entry| matches!(entry.state, State::Edited(_)));
    let renames: Vec<(PathBuf, PathBuf)> = edited
        .map(|entry| {
            let path = folder.join(&entry.path);
            let mut kept = path.clone().into_os_string();
            kept.push(".orig");
            (path, PathBuf::from(kept))
        })
        .collect();
    if let Some((_, taken)) = renames.iter().find(|(_, kept)| fs::symlink_metadata(kept).is_ok()) {
        bail!("{} exists already\nhelp: move it away first", shown(taken));
    }
    for (path, kept) in renames {
        fs::rename(&path, &kept).with_context(|| format!("cannot rename {}", shown(&path)))?;
        console.eprint(&format!("kept the edited {} as {}", shown(&path), shown(&kept)));
    }
    Ok(())
}

/// Compiles the crate in a folder with `cargo check`.
///
/// # Errors
///
/// Cargo cannot be started.
pub fn compile(folder: &Path, console: &mut Console) -> Result<Outcome> {
    let mut command = Command::new("cargo");
    command.args(["check", "--manifest-path"]).arg(folder.join("Cargo.toml"));
    let status = command.status().context("cannot start cargo")?;
    if status.success() {
        console.print(&format!("{} compiles", shown(folder)));
        return Ok(Outcome::Passed);
    }
    console.print_error(&format!("{} does not compile", shown(folder)));
    Ok(Outcome::Failed)
}
