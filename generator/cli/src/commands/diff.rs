//! `diff`: compares the public APIs of two clients. Each is generated from a document, or read from the files of a crate, in a folder
//! or in a commit.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use serde_json::json;

use super::generate::{Generator, has_custom_module, read_with};
use super::{Findings, Format, Outcome, plural};
use crate::changelog;
use crate::config::{Config, Package};
use crate::console::Console;
use crate::git::{Entry, Revision};
use crate::paths::shown;
use crate::spec::{READ, Read, STDIN, url_help};
use crate::surface::{Change, Impact, Surface, bumped, compare};

/// How a comparison is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Layout {
    /// For people.
    #[default]
    Text,
    /// For comments and release notes.
    Markdown,
    /// For programs: one JSON object.
    Json,
}

/// What is compared.
#[derive(Debug, Clone)]
pub struct Options {
    /// The earlier client: a document, the folder of a crate, a commit that contains the crate, or a path in a commit, such as
    /// `v1.0:openapi.yaml`, or `-` for a document from standard input. By default the crate in the commit `HEAD`.
    pub old: Option<String>,
    /// The later client. By default what the configuration generates.
    pub new: Option<String>,
    /// How the comparison is printed.
    pub layout: Layout,
    /// Whether breaking changes are a failure.
    pub denies_breaking: bool,
}

/// Compares two clients. `config` has the settings with which documents are read, if there is a configuration.
///
/// # Errors
///
/// A side does not exist, or is neither a document nor a crate.
pub fn run(config: Option<&Config>, options: &Options, console: &mut Console) -> Result<Outcome> {
    let old = options.old.as_deref().unwrap_or("HEAD");
    if old == STDIN && options.new.as_deref() == Some(STDIN) {
        bail!("only one side can be read from standard input");
    }
    let Some(old) = side(old, config, console)? else { return Ok(Outcome::Failed) };
    let new = match (&options.new, config) {
        (Some(new), _) => side(new, config, console)?,
        (None, Some(config)) => generated(config, READ, console)?,
        (None, None) => {
            bail!("there is no configuration, so both sides are needed\nhelp: `clientsmith diff OLD NEW`")
        }
    };
    let Some(new) = new else { return Ok(Outcome::Failed) };
    let changes = compare(&old, &new);
    print(&old, &new, &changes, options.layout, console)?;
    let is_breaking = changes.iter().any(|change| change.impact == Impact::Major);
    Ok(if is_breaking && options.denies_breaking { Outcome::Failed } else { Outcome::Passed })
}

/// Reads one side. `None` if it is a document with errors, which are printed.
fn side(name: &str, config: Option<&Config>, console: &mut Console) -> Result<Option<Surface>> {
    let path = Path::new(name);
    if path.is_dir() {
        return surface_of_folder(path).map(Some);
    }
    // A URL is an error of reading.
    if path.is_file() || name == STDIN || url_help(path).is_some() {
        return generated(&config_of(path, config), READ, console);
    }
    let (commit, inner) = match name.split_once(':') {
        Some((commit, inner)) => (commit, Path::new(inner)),
        None => (name, config.map_or(Path::new(""), |config| config.output.as_path())),
    };
    let Some(revision) = Revision::find(commit, inner)? else {
        bail!("{name:?} is neither a file, nor a folder, nor a commit of this repository");
    };
    match revision.entry(inner)? {
        Some(Entry::Folder) => match Surface::read(texts(&revision.files(inner, is_source)?)) {
            Ok(surface) => Ok(Some(surface)),
            Err(error) => bail!(
                "{} in {commit} is not a generated crate: {error:#}\nhelp: to compare with a document, name it: {commit}:FILE",
                shown(inner)
            ),
        },
        Some(Entry::File) => {
            let config = config_of(inner, config);
            let overlays = overlays_in(&revision, commit, config.overlays, console)?;
            let config = Config { overlays, ..config };
            generated(&config, &|path| revision.read(path), console)
        }
        None => bail!("{commit} does not contain {}", shown(inner)),
    }
}

/// Returns the overlays that a commit contains.
fn overlays_in(
    revision: &Revision,
    commit: &str,
    overlays: Vec<PathBuf>,
    console: &mut Console,
) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for overlay in overlays {
        if revision.entry(&overlay)?.is_some() {
            found.push(overlay);
        } else {
            console
                .eprint(&format!("note: {commit} does not contain the overlay {}, which is left out", shown(&overlay)));
        }
    }
    Ok(found)
}

/// The configuration for another document.
fn config_of(document: &Path, config: Option<&Config>) -> Config {
    let output = Path::new(".").to_path_buf();
    let base = config.cloned().unwrap_or_else(|| Config::of_document(document.to_path_buf(), output));
    // The version in the configuration is that of the next client.
    let package = Package { version: None, ..base.package };
    Config { document: document.to_path_buf(), package, ..base }
}

/// Generates a client without writing it.
fn generated(config: &Config, read: Read<'_>, console: &mut Console) -> Result<Option<Surface>> {
    let spec = read_with(config, read)?;
    let has_custom_module = has_custom_module(&config.output)?;
    let generator = Generator { config, spec: &spec, marker: None, has_custom_module };
    let result = generator.run(&mut |_| {})?;
    match result {
        Ok(output) => Surface::read(output.tree.iter()).map(Some),
        Err(diagnostics) => {
            let findings = Findings { spec: &spec, format: Format::Text };
            findings.show_errors(&diagnostics, "nothing was compared", console);
            Ok(None)
        }
    }
}

/// Reads the public API of the generated files in a folder.
fn surface_of_folder(folder: &Path) -> Result<Surface> {
    let mut files = Vec::new();
    read_folder(folder, "", &mut files).with_context(|| format!("cannot read the crate {}", shown(folder)))?;
    Surface::read(texts(&files)).with_context(|| format!("{} is not a crate", shown(folder)))
}

/// Returns files in the form that [`Surface::read`] takes.
pub(super) fn texts(files: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
}

/// Reads `Cargo.toml` and the sources of a crate.
fn read_folder(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            if name.starts_with("src") {
                read_folder(&entry.path(), &format!("{name}/"), files)?;
            }
        } else if is_source(&name) {
            files.push((name, fs::read_to_string(entry.path())?));
        }
    }
    Ok(())
}

/// Whether a file of a crate takes part in its public API.
fn is_source(path: &str) -> bool {
    let is_rust = Path::new(path).extension().is_some_and(|extension| extension == "rs");
    path == "Cargo.toml" || path.starts_with("src/") && is_rust
}

/// Returns the strongest impact. `None` if nothing changed.
#[must_use]
pub fn impact(changes: &[Change]) -> Option<Impact> {
    changes.iter().map(|change| change.impact).max()
}

fn print(old: &Surface, new: &Surface, changes: &[Change], layout: Layout, console: &mut Console) -> Result<()> {
    let impact = impact(changes);
    let version = impact.map(|impact| bumped(&old.version, impact)).transpose()?;
    let text = match layout {
        Layout::Json => {
            let side = |surface: &Surface| json!({ "package": surface.package, "version": surface.version });
            let all = json!({
                "old": side(old), "new": side(new), "impact": impact, "next-version": version, "changes": changes,
            });
            all.to_string()
        }
        Layout::Markdown => {
            format!("{}\n{}\n", changelog::markdown(changes, "###").trim_end(), next(old, version.as_deref()))
        }
        Layout::Text => format!("{}{}{}", lines(changes), summary(changes), next(old, version.as_deref())),
    };
    console.print(&text);
    Ok(())
}

fn next(old: &Surface, version: Option<&str>) -> String {
    version.map_or_else(String::new, |version| format!("\nThe version after {} is {version}.", old.version))
}

/// Returns the number of changes of each impact in words.
#[must_use]
pub fn summary(changes: &[Change]) -> String {
    let count = |impact: Impact| changes.iter().filter(|change| change.impact == impact).count();
    let (breaking, added, other) = (count(Impact::Major), count(Impact::Minor), count(Impact::Patch));
    if changes.is_empty() {
        return "The public API is the same.".to_owned();
    }
    let [breaking, added, other] = [(breaking, "breaking change"), (added, "addition"), (other, "other change")]
        .map(|(count, word)| plural(count, word));
    format!("{breaking}, {added}, {other}.")
}

fn lines(changes: &[Change]) -> String {
    let mut text = String::new();
    for change in changes {
        let word = match change.impact {
            Impact::Major => "breaking",
            Impact::Minor => "addition",
            Impact::Patch => "other",
        };
        text.push_str(&format!("{word}: {}\n", change.message));
        if let Some(hint) = &change.hint {
            text.push_str(&format!("  help: {hint}\n"));
        }
    }
    if text.is_empty() { text } else { format!("{text}\n") }
}
