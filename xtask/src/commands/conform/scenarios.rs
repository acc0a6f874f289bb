//! `conform scenarios`: runs the scenarios of a suite against generated clients, and writes a section of the page.

use std::path::Path;

use anyhow::{Result, bail};

use crate::cli::{Outcome, Scenarios, Version};
use crate::commands::plural;
use crate::conform::documents::{self, Client, Document};
use crate::conform::matching;
use crate::conform::page::{self, Section};
use crate::conform::report::{self, Counts, Entry};
use crate::conform::run::{self, Verdict};
use crate::conform::scenarios::{self, Scenario};
use crate::conform::workspace::{Built, Workspace};
use crate::console::Console;
use crate::workspace::{self, shown};

/// A document and its client, or why the document is rejected.
struct Generated {
    document: Document,
    client: Result<Client, String>,
}

pub(crate) fn run(args: &Scenarios, console: &mut Console) -> Result<Outcome> {
    let own = workspace::root().join("tests/conformance");
    let folder = args.folder.as_ref().unwrap_or(&own);
    let scenarios = scenarios::read(folder)?;
    let versions = args.version.map_or(Version::ALL.to_vec(), |version| vec![version]);
    let generated = generate(args, folder, &versions, console)?;
    let workspace = Workspace::new(&args.work.clone().unwrap_or_else(|| workspace::root().join("target/conform/scenarios")));
    let clients = generated.iter().filter_map(|one| Some((one.document.package(), one.client.as_ref().ok()?)));
    let clients: Vec<_> = clients.collect();
    workspace.write(&clients)?;
    console.eprint(&format!("compiling {}", plural(clients.len(), "client")));
    let built = workspace.build()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let entries = runtime.block_on(run_all(&scenarios, &generated, &versions, &built))?;
    finish(args, &entries, &versions, console)
}

/// Runs the scenarios whose documents were generated, in each version.
async fn run_all<'a>(
    scenarios: &'a [Scenario],
    generated: &[Generated],
    versions: &[Version],
    built: &Built,
) -> Result<Vec<Entry<'a>>> {
    let mut entries = Vec::new();
    for version in versions {
        let documents: Vec<_> = generated.iter().filter(|one| one.document.version == *version).collect();
        for scenario in scenarios.iter().filter(|scenario| scenario.is_expressible()) {
            let candidates = documents.iter().copied().filter(|one| one.document.describes(scenario));
            let candidates: Vec<_> = candidates.collect();
            if let Some(chosen) = choose(scenario, &candidates) {
                let verdict = verdict(scenario, chosen, built).await?;
                entries.push(Entry { version: *version, scenario, verdict });
            }
        }
    }
    Ok(entries)
}

/// Generates the clients of the requested documents.
fn generate(args: &Scenarios, folder: &Path, versions: &[Version], console: &mut Console) -> Result<Vec<Generated>> {
    let mut generated = Vec::new();
    for version in versions {
        for document in documents::list(folder, *version)? {
            if args.only.is_empty() || args.only.contains(&document.name) {
                let client = document.generate()?;
                if let Err(reason) = &client {
                    console.eprint(&format!("{} ({version}) is rejected: {reason}", document.name));
                }
                generated.push(Generated { document, client });
            }
        }
    }
    match args.only.iter().find(|name| !generated.iter().any(|one| one.document.name == **name)) {
        Some(name) => bail!("{} has no document {name:?}", shown(folder)),
        None => Ok(generated),
    }
}

/// The document of a scenario: the one whose version the requests name, or the last one that has all operations.
fn choose<'a>(scenario: &Scenario, candidates: &[&'a Generated]) -> Option<&'a Generated> {
    let names_version = |one: &&&Generated| {
        let version = one.document.api_version();
        version.is_some_and(|version| {
            scenario.apis.iter().any(|exchange| {
                let in_path = exchange.path().split('/').any(|part| part == format!("api-version:{version}"));
                in_path || exchange.query().iter().any(|(_, value)| value == version)
            })
        })
    };
    let has_operations = |one: &&&Generated| {
        let client = one.client.as_ref();
        client.is_ok_and(|client| scenario.apis.iter().all(|exchange| matching::find(&client.api, exchange).is_some()))
    };
    let named = candidates.iter().find(names_version);
    let complete = || candidates.iter().rev().find(has_operations);
    named.or_else(complete).or(candidates.last()).copied()
}

async fn verdict(scenario: &Scenario, chosen: &Generated, built: &Built) -> Result<Verdict> {
    let client = match &chosen.client {
        Ok(client) => client,
        Err(reason) => return Ok(Verdict::Failed(format!("the document is rejected: {reason}"))),
    };
    match built.program_of(&chosen.document.package()) {
        Ok(program) => run::run(scenario, &client.api, program).await,
        Err(reason) => Ok(Verdict::Failed(reason)),
    }
}

fn finish(args: &Scenarios, entries: &[Entry<'_>], versions: &[Version], console: &mut Console) -> Result<Outcome> {
    let section = if args.folder.is_some() { Section::Scenarios } else { Section::Own };
    let text = report::markdown(entries, versions, section);
    let is_complete = args.only.is_empty() && args.version.is_none();
    match &args.page {
        Some(path) => page::write(path, section, &text)?,
        None if is_complete => page::write(&page::path(), section, &text)?,
        None => console.print(&text),
    }
    let counts = Counts::of(entries);
    let Counts { scenarios, passed, failed, not_checked } = counts;
    console.eprint(&format!(
        "{}: {passed} passed, {failed} failed, {not_checked} not checked",
        plural(scenarios, "scenario")
    ));
    Ok(if failed > 0 { Outcome::Failed } else { Outcome::Passed })
}
