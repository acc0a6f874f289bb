//! `conform components`: sends random values of the components of documents, or those of the JSON Schema Test Suite, through generated
//! types, and writes a section of the page.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clientsmith::paths::shown;

use crate::cli::Components;
use crate::commands::plural;
use crate::conform::components::batch::{Batch, Settings};
use crate::conform::components::codec::{self, Codec};
use crate::conform::components::record::{self, Record};
use crate::conform::components::section::{self, Folder, Sums};
use crate::conform::components::suite;
use crate::conform::page::{self, Section};
use crate::corpus::documents;
use crate::workspace;
use clientsmith::commands::Outcome;
use clientsmith::console::Console;
use clientsmith::spec::Spec;

pub(crate) fn run(args: &Components, console: &mut Console) -> Result<Outcome> {
    let settings = Settings { samples: args.samples.get(), seed: args.seed };
    let work = args.work.clone().unwrap_or_else(|| workspace::root().join("target/conform/components"));
    let mut folders = Vec::new();
    for path in &args.folders {
        folders.push(folder(args, path, &work, settings, console)?);
    }
    finish(args, &folders, settings, console)
}

/// Checks the documents of a folder that have no record yet, and reads the records of the others.
fn folder(args: &Components, path: &Path, work: &Path, settings: Settings, console: &mut Console) -> Result<Folder> {
    let mut folder =
        Run { name: name_of(path), work, settings, sources: sources()?, open: Vec::new(), outcomes: BTreeMap::new() };
    for path in documents::paths(path)? {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_named =
            |name: &String| *name == file || Path::new(&file).file_stem().is_some_and(|stem| stem == name.as_str());
        if !args.only.is_empty() && !args.only.iter().any(is_named) {
            continue;
        }
        for (file, spec) in specs(file, &path)? {
            folder.add(file, &spec)?;
            if folder.open.len() == args.batch.get() {
                console.eprint(&format!("{}: {} done", folder.name, plural(folder.outcomes.len(), "document")));
                folder.check()?;
            }
        }
    }
    folder.check()?;
    Ok(Folder { name: folder.name, documents: folder.outcomes.into_iter().collect() })
}

/// Returns the documents in a file: itself, or those of the cases in a file of the JSON Schema Test Suite.
fn specs(file: String, path: &Path) -> Result<Vec<(String, Spec)>> {
    let spec = Spec::read(path)?;
    let Some(cases) = suite::documents(&spec.text) else { return Ok(vec![(file, spec)]) };
    let name = |index: usize| format!("{file}, case {}", index + 1);
    let cases = cases.into_iter().enumerate();
    Ok(cases.map(|(index, document)| (name(index), Spec::of_text("case.json", document.to_string()))).collect())
}

/// The documents of a folder while they are checked.
struct Run<'a> {
    name: String,
    work: &'a Path,
    settings: Settings,
    /// A hash of the sources that all programs share.
    sources: u64,
    /// Documents without a record: their names, the keys of their records, and their programs.
    open: Vec<(String, String, Codec)>,
    outcomes: BTreeMap<String, record::Outcome>,
}

impl Run<'_> {
    /// Generates the program of a document, and reads its record.
    fn add(&mut self, file: String, spec: &Spec) -> Result<()> {
        match codec::generate(spec)? {
            Err(reason) => _ = self.outcomes.insert(file, record::Outcome::Rejected(reason)),
            Ok(codec) => {
                let key = self.key(&codec);
                match Record::read(&self.record(&file), &key) {
                    Some(record) => _ = self.outcomes.insert(file, record.outcome),
                    None => self.open.push((file, key, codec)),
                }
            }
        }
        Ok(())
    }

    /// Checks the documents without a record.
    fn check(&mut self) -> Result<()> {
        if self.open.is_empty() {
            return Ok(());
        }
        let (mut names, mut codecs) = (Vec::new(), Vec::new());
        for (file, key, codec) in self.open.drain(..) {
            names.push((file, key));
            codecs.push(codec);
        }
        let outcomes = Batch { codecs }.run(self.work, self.settings)?;
        for ((file, key), outcome) in names.into_iter().zip(outcomes) {
            let record = Record { key, outcome };
            record.write(&self.record(&file))?;
            self.outcomes.insert(file, record.outcome);
        }
        Ok(())
    }

    fn record(&self, file: &str) -> PathBuf {
        self.work.join("records").join(&self.name).join(format!("{file}.json"))
    }

    /// Identifies the program, the document and the settings.
    fn key(&self, codec: &Codec) -> String {
        let mut hasher = DefaultHasher::new();
        let Settings { samples, seed } = self.settings;
        (&codec.files, codec.document.to_string(), self.sources, samples, seed).hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }
}

/// A hash of the sources of the package `roundtrip` and of the runtime.
fn sources() -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    let folders = ["tests/roundtrip/src", "generator/runtime/src"];
    let mut pending: Vec<_> = folders.iter().map(|folder| workspace::root().join(folder)).collect();
    while let Some(path) = pending.pop() {
        let unreadable = || format!("cannot read {}", shown(&path));
        if path.is_dir() {
            let entries = fs::read_dir(&path).with_context(unreadable)?;
            let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
            paths.sort();
            pending.extend(paths);
        } else {
            fs::read(&path).with_context(unreadable)?.hash(&mut hasher);
        }
    }
    Ok(hasher.finish())
}

/// The last two parts of a path, since several suites have folders of the same name.
fn name_of(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    parts.get(parts.len().saturating_sub(2)..).unwrap_or_default().join("/")
}

fn finish(args: &Components, folders: &[Folder], settings: Settings, console: &mut Console) -> Result<Outcome> {
    let text = section::markdown(folders, settings);
    match &args.page {
        Some(path) => page::write(path, Section::Components, &text)?,
        None if args.only.is_empty() => page::write(&page::path(), Section::Components, &text)?,
        None => console.print(&text),
    }
    let sums = Sums::of(folders.iter().flat_map(|folder| &folder.documents).map(|(_, outcome)| outcome));
    let Sums { components, samples, lossy, failed, .. } = sums;
    console.eprint(&format!(
        "{} with {}: {lossy} with losses; {} failed",
        plural(components, "component"),
        plural(samples, "value"),
        plural(failed, "document")
    ));
    Ok(if lossy + failed > 0 { Outcome::Failed } else { Outcome::Passed })
}
