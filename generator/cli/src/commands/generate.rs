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

use super::release::{self, Bump, Release};
use super::{Findings, Format, Outcome, plural};
use crate::config::Config;
use crate::console::Console;
use crate::drift::{self, Drift, State};
use crate::owned;
use crate::paths::shown;
use crate::progress::Progress;
use crate::spec::{READ, Read, Spec};
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
    /// How the version of the crate is raised. `None` if it stays.
    pub bump: Option<Bump>,
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
    let custom = options.ownership == Ownership::Written && has_custom_module(&config.output)?;
    let (config, release) = match &options.bump {
        Some(bump) => release::plan(config, bump, custom, console)?,
        None => (config.clone(), None),
    };
    let config = &config;
    let spec = read_with(config, READ)?;
    let findings = Findings { spec: &spec, format: options.format };
    watch.lap("read");
    let shows_progress = options.format == Format::Text && console.shows_progress();
    let progress = if shows_progress { Progress::on_terminal() } else { Progress::hidden() };
    let source = Generator { config, spec: &spec, marker, has_custom_module: custom };
    let generated = source.run(&mut |stage| {
        watch.lap(stage);
        progress.ended(stage);
    })?;
    drop(progress);
    let Some(mut output) = accept(generated, config, &findings, console)? else { return Ok(Outcome::Failed) };
    print_input(&spec, &output, console);
    if let (Ownership::Written, Some(marker)) = (options.ownership, marker) {
        owned::add_list(&mut output.tree, marker);
    }
    let target = Target { folder: &config.output, tree: &output.tree, release };
    let outcome = target.apply(options, &mut watch, console)?;
    if options.shows_times {
        console.print(&watch.report());
    }
    Ok(outcome)
}

/// Prints the diagnostics. Returns the client, unless one of them is an error.
fn accept(
    generated: Result<Output, Diagnostics>,
    config: &Config,
    findings: &Findings<'_>,
    console: &mut Console,
) -> Result<Option<Output>> {
    let mut output = match generated {
        Ok(output) => output,
        Err(mut diagnostics) => {
            sort_warnings(&mut diagnostics, config);
            findings.show_errors(&diagnostics, "nothing was written", console);
            return Ok(None);
        }
    };
    check_features(config, &output)?;
    let denied = sort_warnings(&mut output.diagnostics, config);
    findings.show_all(&output.diagnostics, console);
    if let (Some(denied), Format::Text) = (&denied, findings.format) {
        console.print_error(&format!("{denied} denied: nothing was written"));
    }
    Ok(denied.is_none().then_some(output))
}

/// Reads the document of a configuration with a function that returns the content of a file.
pub(super) fn read_with(config: &Config, read: Read<'_>) -> Result<Spec> {
    let mut spec = Spec::read_with(&config.document, read)?;
    for overlay in &config.overlays {
        spec.read_overlay_with(overlay, read)?;
    }
    if let Some(overlay) = config.overlay() {
        spec.add_overlay(crate::config::FILE, overlay.to_string());
    }
    spec.is_lenient = config.lenient;
    if let Some((shown, text)) = &config.source {
        spec.set_configuration(shown, text.clone(), config.types.customisations());
    }
    Ok(spec)
}

/// What a client is generated from.
pub(super) struct Generator<'a> {
    pub(super) config: &'a Config,
    pub(super) spec: &'a Spec,
    /// What the first line of each file states, if not the default.
    pub(super) marker: Option<&'a str>,
    pub(super) has_custom_module: bool,
}

impl Generator<'_> {
    /// Generates the client. The inner error is that of the document.
    pub(super) fn run(&self, ended: &mut (dyn FnMut(&'static str) + Send)) -> Result<Result<Output, Diagnostics>> {
        let (dependencies, types) = (self.config.dependency_lines(), self.config.types.extras());
        let settings = Settings {
            marker: self.marker,
            dependencies: &dependencies,
            types: Some(&types),
            has_custom_module: self.has_custom_module,
            ..self.config.settings()
        };
        self.spec.run(|input| {
            let settings = Settings { customisations: input.settings.customisations, ..settings };
            generator::generate_in_stages(&generator::Input { settings, ..*input }, ended)
        })
    }
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
pub(super) fn has_custom_module(folder: &Path) -> Result<bool> {
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

/// What is written, and where.
struct Target<'a> {
    folder: &'a Path,
    tree: &'a CrateTree,
    release: Option<Release>,
}

impl<'a> Target<'a> {
    /// Compares the generated files with the folder, then checks, lists or writes the changes.
    fn apply(&self, options: &Options, watch: &mut Stopwatch, console: &mut Console) -> Result<Outcome> {
        let folder = self.folder;
        let drift = self.compare(options)?;
        watch.lap("compare");
        match options.mode {
            Mode::Check if !drift.is_empty() => {
                show_drift(options, folder, &drift, console);
                return Ok(Outcome::Failed);
            }
            Mode::Write => return self.write(drift, options, watch, console),
            Mode::DryRun if !drift.is_empty() => {
                let list = if options.lists_files { report::actions(&drift) } else { String::new() };
                replace::reject_foreign(folder, &drift)?;
                console.print(&format!("{list}would write {}; nothing was written", self.summary(&drift)));
            }
            Mode::Check | Mode::DryRun => console.print(&self.up_to_date()),
        }
        if let Some(release) = &self.release {
            console.print(&format!("would write {}: {}", release.target(), release.summary()));
        }
        Ok(Outcome::Passed)
    }

    fn compare(&self, options: &Options) -> Result<Drift<'a>> {
        match options.ownership {
            Ownership::Folder => drift::compare(self.tree, self.folder),
            Ownership::Written => drift::compare_owned(self.tree, self.folder),
        }
    }

    fn write(
        &self,
        mut drift: Drift<'a>,
        options: &Options,
        watch: &mut Stopwatch,
        console: &mut Console,
    ) -> Result<Outcome> {
        if options.keeps_edited && !drift.is_empty() {
            keep_edited(self.folder, &drift, console)?;
            drift = self.compare(options)?;
        }
        replace::reject_foreign(self.folder, &drift)?;
        // These come first: until the crate is written, the next run plans the same version.
        if let Some(release) = &self.release {
            release.write(self.folder, console)?;
        }
        if drift.is_empty() {
            console.print(&self.up_to_date());
            return Ok(Outcome::Passed);
        }
        let list = if options.lists_files { report::actions(&drift) } else { String::new() };
        let summary = self.summary(&drift);
        replace::replace(self.folder, self.tree, &drift)?;
        watch.lap("write");
        console.print(&format!("{list}wrote {summary}"));
        self.help_with_workspace(console);
        Ok(Outcome::Passed)
    }

    /// Prints what is missing in the workspace around the crate.
    fn help_with_workspace(&self, console: &mut Console) {
        if let Some(Workspace { manifest, member }) = unlisted_in(self.folder) {
            console.print(&format!(
                "help: the workspace {} does not list this crate; add {member:?} to its `members` or its `exclude`",
                shown(&manifest)
            ));
        }
    }

    fn summary(&self, drift: &Drift<'_>) -> String {
        let files = plural(self.tree.len(), "file");
        format!("{}: {} ({files} in total)", shown(self.folder), report::action_counts(drift))
    }

    fn up_to_date(&self) -> String {
        format!("{} is up to date ({}): nothing to write", shown(self.folder), plural(self.tree.len(), "file"))
    }
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
    let edited = drift.entries.iter().filter(|entry| matches!(entry.state, State::Edited { .. }));
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
