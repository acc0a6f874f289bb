//! A suite: scenarios, the clients of their documents, and the programs that call them.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::documents::{self, Client, Document};
use super::matching;
use super::report::Entry;
use super::run::{self, Verdict};
use super::scenarios::{self, Scenario};
use super::workspace;
use crate::cli::Version;
use clientsmith::paths::shown;

/// Finds the program of a package, or says why it cannot be built.
type Programs<'a> = &'a dyn Fn(&str) -> Result<PathBuf, String>;

/// Scenarios and clients.
pub struct Suite {
    scenarios: Vec<Scenario>,
    generated: Vec<Generated>,
}

/// A document and its client, or why the document is rejected.
struct Generated {
    document: Document,
    client: Result<Client, String>,
}

/// Which documents of a suite are used.
pub struct Selection<'a> {
    versions: &'a [Version],
    /// Their names. All, if it is empty.
    names: &'a [String],
}

impl<'a> Selection<'a> {
    pub(crate) fn of(versions: &'a [Version], names: &'a [String]) -> Self {
        Self { versions, names }
    }

    /// The documents with these names, in all versions.
    #[must_use]
    pub fn of_names(names: &'a [String]) -> Self {
        Self { versions: &Version::ALL, names }
    }
}

/// A package, by name, and its files.
pub struct Package {
    /// Its name.
    pub name: String,
    /// Paths and contents.
    pub files: Vec<(String, String)>,
}

impl Suite {
    /// Reads a folder with `scenarios.json`, `openapi-3.0` and `openapi-3.1`, and generates a client from each document.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or a selected document does not exist.
    pub fn read(folder: &Path, selection: &Selection<'_>) -> Result<Self> {
        let scenarios = scenarios::read(folder)?;
        let mut generated = Vec::new();
        for version in selection.versions {
            for document in documents::list(folder, *version)? {
                if selection.names.is_empty() || selection.names.contains(&document.name) {
                    let client = document.generate()?;
                    generated.push(Generated { document, client });
                }
            }
        }
        match selection.names.iter().find(|name| !generated.iter().any(|one| one.document.name == **name)) {
            Some(name) => bail!("{} has no document {name:?}", shown(folder)),
            None => Ok(Self { scenarios, generated }),
        }
    }

    /// The documents that are rejected, with the reasons.
    pub(crate) fn rejected(&self) -> impl Iterator<Item = (&Document, &str)> {
        self.generated.iter().filter_map(|one| Some((&one.document, one.client.as_ref().err()?.as_str())))
    }

    /// The clients, by the names of their packages.
    pub(crate) fn clients(&self) -> Vec<(String, &Client)> {
        self.generated.iter().filter_map(|one| Some((one.document.package(), one.client.as_ref().ok()?))).collect()
    }

    /// The packages to compile: each client, and its program.
    #[must_use]
    pub fn packages(&self) -> Vec<Package> {
        self.clients().iter().flat_map(|(package, client)| workspace::packages(package, client)).collect()
    }

    /// Runs all scenarios, and returns the name of each and why it failed. `program` returns the path of the program of a package.
    ///
    /// # Errors
    ///
    /// A server or a program cannot be started.
    pub fn failures(&self, program: impl Fn(&str) -> PathBuf) -> Result<Vec<(String, Option<String>)>> {
        let found = |package: &str| Ok(program(&workspace::program_name(package)));
        let entries = self.run(&Version::ALL, &found)?;
        let result = |entry: &Entry<'_>| {
            let name = format!("{} ({})", entry.scenario.name, entry.version);
            match &entry.verdict {
                Verdict::Passed => (name, None),
                Verdict::Failed(reason) | Verdict::NotChecked(reason) => (name, Some(reason.clone())),
            }
        };
        Ok(entries.iter().map(result).collect())
    }

    /// Runs the scenarios whose documents were generated, in each version.
    pub(crate) fn run(&self, versions: &[Version], program: Programs<'_>) -> Result<Vec<Entry<'_>>> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let mut entries = Vec::new();
        for version in versions {
            for scenario in self.scenarios.iter().filter(|scenario| scenario.is_expressible()) {
                let of_version = self.generated.iter().filter(|one| one.document.version == *version);
                let candidates: Vec<_> = of_version.filter(|one| one.document.describes(scenario)).collect();
                if let Some(chosen) = choose(scenario, &candidates) {
                    let verdict = runtime.block_on(verdict(scenario, chosen, program))?;
                    entries.push(Entry { version: *version, scenario, verdict });
                }
            }
        }
        Ok(entries)
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

async fn verdict(scenario: &Scenario, chosen: &Generated, program: Programs<'_>) -> Result<Verdict> {
    let client = match &chosen.client {
        Ok(client) => client,
        Err(reason) => return Ok(Verdict::Failed(format!("the document is rejected: {reason}"))),
    };
    match program(&chosen.document.package()) {
        Ok(program) => run::run(scenario, &client.api, &program).await,
        Err(reason) => Ok(Verdict::Failed(reason)),
    }
}
