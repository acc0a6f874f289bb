//! `corpus`: generates from every document in a folder, compiles the requested clients, and prints a table of the results.

use std::fs;
use std::sync::Mutex;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};

use crate::cli::{Corpus, CorpusDocument};
use crate::corpus::documents::{self, File};
use crate::corpus::ledger::Ledger;
use crate::corpus::progress::Progress;
use crate::corpus::record::{GenerateOutcome, GenerateReport, Record};
use crate::corpus::{cargo, child, table};
use crate::workspace;
use clientsmith::commands::Outcome;
use clientsmith::console::Console;
use clientsmith::paths::shown;
use clientsmith::spec::Spec;
use clientsmith::{drift, replace};

pub(crate) fn run(args: &Corpus, console: &mut Console) -> Result<Outcome> {
    let files = documents::list(&args.folder, &child::program()?)?;
    require_names(args, &files)?;
    let work = args.work.clone().unwrap_or_else(|| workspace::root().join("target/corpus"));
    let ledger = Ledger::open(&work, args.fresh)?;
    let mut records = generate_all(args, &files, &ledger, console)?;
    compile_all(args, &mut records, &ledger, console)?;
    if let Some(path) = &args.json {
        let text = serde_json::to_string_pretty(&table::json(&records))?;
        fs::write(path, text + "\n").with_context(|| format!("cannot write {}", shown(path)))?;
    }
    console.print(&table::text(&records));
    Ok(if records.iter().any(Record::is_failure) { Outcome::Failed } else { Outcome::Passed })
}

/// Rejects a name that no document has before anything is generated.
fn require_names(args: &Corpus, files: &[File]) -> Result<()> {
    match args.check.iter().flatten().find(|name| !files.iter().any(|file| file.name == **name)) {
        Some(name) => bail!("{} has no document {name:?}", shown(&args.folder)),
        None => Ok(()),
    }
}

/// The result of each document, in their order.
fn generate_all(args: &Corpus, files: &[File], ledger: &Ledger, console: &mut Console) -> Result<Vec<Record>> {
    let mut records: Vec<Option<Record>> = files.iter().map(|file| ledger.recall(file)).collect();
    let pending = records.iter().enumerate().filter(|(_, record)| record.is_none());
    let pending: Vec<usize> = pending.map(|(index, _)| index).collect();
    let mut progress = Progress::new("generate", pending.len());
    let (queue, limit) = (Mutex::new(pending.into_iter()), Duration::from_secs(args.timeout));
    let work = |sender: Sender<Event>| {
        loop {
            let next = queue.lock().map_or(None, |mut queue| queue.next());
            let Some((index, file)) = next.and_then(|index| Some((index, files.get(index)?))) else { return };
            let record = |()| child::run(file, &ledger.client(&file.name), limit);
            let sent = sender.send(Event::Started(index));
            // The receiver is gone once an error has ended the run.
            if sent.map(record).map_or(true, |record| sender.send(Event::Finished(index, Box::new(record))).is_err()) {
                return;
            }
        }
    };
    thread::scope(|scope| {
        let (sender, events) = mpsc::channel();
        for _ in 0..args.jobs.get() {
            let sender = sender.clone();
            scope.spawn(|| work(sender));
        }
        drop(sender);
        for event in events {
            match event {
                Event::Started(index) => {
                    files.get(index).into_iter().for_each(|file| progress.begin(&file.name, console));
                }
                Event::Finished(index, record) => {
                    let record = (*record)?;
                    ledger.remember(&record)?;
                    progress.end(&record.name, &table::outcome(&record), console);
                    if let Some(slot) = records.get_mut(index) {
                        *slot = Some(record);
                    }
                }
            }
        }
        Progress::clear(console);
        Ok(())
    })
    .and_then(|()| {
        records.into_iter().map(|record| record.ok_or_else(|| anyhow!("a document has no result"))).collect()
    })
}

/// The progress that the generating threads report.
enum Event {
    Started(usize),
    Finished(usize, Box<Result<Record>>),
}

/// Compiles the requested clients that were not compiled before.
fn compile_all(args: &Corpus, records: &mut [Record], ledger: &Ledger, console: &mut Console) -> Result<()> {
    let Some(names) = &args.check else { return Ok(()) };
    let is_pending = |record: &&mut Record| {
        let is_done = record.compiled.is_some()
            && (!args.clippy || record.clippy.is_some())
            && (!args.parts || record.parts.is_some());
        let is_requested = names.is_empty() || names.contains(&record.name);
        is_requested && !is_done && record.outcome == GenerateOutcome::Generated
    };
    let mut pending: Vec<_> = records.iter_mut().filter(is_pending).collect();
    pending.sort_by_key(|record| record.report.lines);
    let mut progress = Progress::new("compile", pending.len());
    for record in pending {
        progress.begin(&record.name, console);
        let client = ledger.client(&record.name);
        if record.compiled.is_none() {
            record.compiled = Some(cargo::check(&client, &ledger.target())?);
        }
        if args.clippy && record.clippy.is_none() {
            record.clippy = Some(cargo::clippy(&client, &ledger.target())?);
        }
        if args.parts && record.parts.is_none() {
            record.parts = Some(cargo::check_parts(&client, &ledger.target())?);
        }
        ledger.remember(record)?;
        let result = if record.is_failure() { "does not compile" } else { "compiles" };
        progress.end(&record.name, result, console);
    }
    Progress::clear(console);
    Ok(())
}

/// Generates from one document and prints the result as JSON. A panic is an error of the command.
pub(crate) fn document(args: &CorpusDocument, console: &mut Console) -> Result<Outcome> {
    let spec = Spec::read(&args.spec)?;
    let generate = |input: &generator::Input<'_>| {
        let settings = generator::Settings { has_lints: true, ..input.settings };
        generator::generate(&generator::Input { settings, ..*input })
    };
    let (report, outcome) = match spec.run(generate)? {
        Ok(output) => {
            let drift = drift::compare(&output.tree, &args.out)?;
            replace::replace(&args.out, &output.tree, &drift)?;
            (GenerateReport::of_output(&output), Outcome::Passed)
        }
        Err(diagnostics) => (GenerateReport::of_errors(&diagnostics), Outcome::Failed),
    };
    console.print(&serde_json::to_string(&report)?);
    Ok(outcome)
}
