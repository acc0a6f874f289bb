//! `corpus`: generates from every document of a folder, compiles what is asked for, and shows what came of each.

use std::fs;
use std::sync::Mutex;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};

use crate::cli::{Corpus, CorpusDocument, Verdict};
use crate::console::Console;
use crate::corpus::documents::{self, File};
use crate::corpus::ledger::Ledger;
use crate::corpus::progress::Progress;
use crate::corpus::record::{Made, Outcome, Record};
use crate::corpus::{cargo, child, table};
use crate::spec::Spec;
use crate::workspace::shown;
use crate::{drift, replace, workspace};

pub(crate) fn run(asked: &Corpus, console: &mut Console) -> Result<Verdict> {
    let files = documents::list(&asked.folder, &child::program()?)?;
    require_names(asked, &files)?;
    let work = asked.work.clone().unwrap_or_else(|| workspace::root().join("target/corpus"));
    let ledger = Ledger::open(&work, asked.fresh)?;
    let mut records = generate_all(asked, &files, &ledger, console)?;
    compile_all(asked, &mut records, &ledger, console)?;
    if let Some(place) = &asked.json {
        let text = serde_json::to_string_pretty(&table::json(&records))?;
        fs::write(place, text + "\n").with_context(|| format!("cannot write {}", shown(place)))?;
    }
    console.say(&table::text(&records));
    Ok(if records.iter().any(Record::is_failure) { Verdict::Unsound } else { Verdict::Sound })
}

/// Refuses a name that no document has before anything is generated.
fn require_names(asked: &Corpus, files: &[File]) -> Result<()> {
    match asked.check.iter().flatten().find(|name| !files.iter().any(|file| file.name == **name)) {
        Some(name) => bail!("{} has no document {name:?}", shown(&asked.folder)),
        None => Ok(()),
    }
}

/// What came of each document, in their order.
fn generate_all(asked: &Corpus, files: &[File], ledger: &Ledger, console: &mut Console) -> Result<Vec<Record>> {
    let mut records: Vec<Option<Record>> = files.iter().map(|file| ledger.recall(file)).collect();
    let pending = records.iter().enumerate().filter(|(_, record)| record.is_none());
    let pending: Vec<usize> = pending.map(|(index, _)| index).collect();
    let mut progress = Progress::new("generate", pending.len());
    let (queue, limit) = (Mutex::new(pending.into_iter()), Duration::from_secs(asked.timeout));
    let work = |sender: Sender<News>| {
        loop {
            let next = queue.lock().map_or(None, |mut queue| queue.next());
            let Some((index, file)) = next.and_then(|index| Some((index, files.get(index)?))) else { return };
            let record = |()| child::run(file, &ledger.client(&file.name), limit);
            let told = sender.send(News::Begun(index));
            // Nobody listens any more once something could not be carried out.
            if told.map(record).map_or(true, |record| sender.send(News::Ended(index, Box::new(record))).is_err()) {
                return;
            }
        }
    };
    thread::scope(|scope| {
        let (sender, news) = mpsc::channel();
        for _ in 0..asked.jobs.get() {
            let sender = sender.clone();
            scope.spawn(|| work(sender));
        }
        drop(sender);
        for news in news {
            match news {
                News::Begun(index) => {
                    files.get(index).into_iter().for_each(|file| progress.begin(&file.name, console));
                }
                News::Ended(index, record) => {
                    let record = (*record)?;
                    ledger.remember(&record)?;
                    progress.end(&record.name, &table::outcome(&record), console);
                    if let Some(place) = records.get_mut(index) {
                        *place = Some(record);
                    }
                }
            }
        }
        Progress::clear(console);
        Ok(())
    })
    .and_then(|()| records.into_iter().map(|record| record.ok_or_else(|| anyhow!("a document was left out"))).collect())
}

/// What the threads that generate tell.
enum News {
    Begun(usize),
    Ended(usize, Box<Result<Record>>),
}

/// Compiles the clients that are asked for and were not compiled before.
fn compile_all(asked: &Corpus, records: &mut [Record], ledger: &Ledger, console: &mut Console) -> Result<()> {
    let Some(names) = &asked.check else { return Ok(()) };
    let is_wanted = |record: &&mut Record| {
        let is_done = record.compiled.is_some() && (!asked.clippy || record.clippy.is_some());
        let is_asked = names.is_empty() || names.contains(&record.name);
        is_asked && !is_done && record.outcome == Outcome::Generated
    };
    let mut wanted: Vec<_> = records.iter_mut().filter(is_wanted).collect();
    wanted.sort_by_key(|record| record.made.lines);
    let mut progress = Progress::new("compile", wanted.len());
    for record in wanted {
        progress.begin(&record.name, console);
        let client = ledger.client(&record.name);
        if record.compiled.is_none() {
            record.compiled = Some(cargo::check(&client, &ledger.target())?);
        }
        if asked.clippy && record.clippy.is_none() {
            record.clippy = Some(cargo::clippy(&client, &ledger.target())?);
        }
        ledger.remember(record)?;
        let verdict = if record.is_failure() { "does not compile" } else { "compiles" };
        progress.end(&record.name, verdict, console);
    }
    Progress::clear(console);
    Ok(())
}

/// Generates from one document and says what came of it, as JSON. What panics is an error of the command.
pub(crate) fn document(asked: &CorpusDocument, console: &mut Console) -> Result<Verdict> {
    let spec = Spec::read(&asked.spec)?;
    let (made, verdict) = match spec.ask(generator::generate)? {
        Ok(output) => {
            let drift = drift::compare(&output.tree, &asked.out)?;
            replace::replace(&asked.out, &output.tree, &drift)?;
            (Made::of_output(&output), Verdict::Sound)
        }
        Err(found) => (Made::of_refusal(&found), Verdict::Unsound),
    };
    console.say(&serde_json::to_string(&made)?);
    Ok(verdict)
}
