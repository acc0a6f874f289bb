//! `conform components`: sends random values of the components of documents through generated types, and writes a section of
//! the page.

use std::env;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::cli::{Components, Outcome};
use crate::commands::plural;
use crate::conform::components::batch::{Batch, Settings};
use crate::conform::components::codec;
use crate::conform::components::record::{self, Record};
use crate::conform::components::section::{self, Folder, Sums};
use crate::conform::page::{self, Section};
use crate::console::Console;
use crate::corpus::documents::{self, File};
use crate::spec::Spec;
use crate::workspace;

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
    let name = name_of(path);
    let program = env::current_exe().context("cannot find this program")?;
    let mut files = documents::list(path, &program)?;
    files.retain(|file| args.only.is_empty() || args.only.contains(&file.name));
    let key = |file: &File| format!("{} {} {}", file.key, settings.samples, settings.seed);
    let mut open = Vec::new();
    for file in &files {
        if Record::read(&record::path(work, &name, &file.name), &key(file)).is_none() {
            open.push(file);
        }
    }
    for (index, files) in open.chunks(args.batch.get()).enumerate() {
        let done = index * args.batch.get();
        console.eprint(&format!("{name}: {done} of {} done", plural(open.len(), "document")));
        for (file, outcome) in outcomes(files, work, settings)? {
            Record { key: key(file), outcome }.write(&record::path(work, &name, &file.name))?;
        }
    }
    let records = files.iter().map(|file| {
        let record = Record::read(&record::path(work, &name, &file.name), &key(file));
        Ok((file.name.clone(), record.context("a record cannot be read")?.outcome))
    });
    let documents = records.collect::<Result<_>>()?;
    Ok(Folder { name, documents })
}

/// The outcomes of a batch of documents.
fn outcomes<'a>(files: &[&'a File], work: &Path, settings: Settings) -> Result<Vec<(&'a File, record::Outcome)>> {
    let (mut outcomes, mut generated, mut codecs) = (Vec::new(), Vec::new(), Vec::new());
    for file in files {
        match codec::generate(&Spec::read(&file.path)?)? {
            Ok(codec) => {
                generated.push(*file);
                codecs.push(codec);
            }
            Err(reason) => outcomes.push((*file, record::Outcome::Rejected(reason))),
        }
    }
    if !codecs.is_empty() {
        let checked = Batch { codecs }.run(work, settings)?;
        outcomes.extend(generated.into_iter().zip(checked));
    }
    Ok(outcomes)
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
