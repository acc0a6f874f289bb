//! `conform scenarios`: runs the scenarios of a suite against generated clients, and writes a section of the page.

use std::path::Path;

use anyhow::Result;

use crate::cli::{Scenarios, Version};
use crate::commands::plural;
use crate::conform::page::{self, Section};
use crate::conform::report::{self, Counts, Entry};
use crate::conform::suite::{Selection, Suite};
use crate::conform::workspace::Workspace;
use crate::workspace;
use clientsmith::commands::Outcome;
use clientsmith::console::Console;

pub(crate) fn run(args: &Scenarios, console: &mut Console) -> Result<Outcome> {
    let own = workspace::root().join("tests/conformance");
    let folder = args.folder.as_ref().unwrap_or(&own);
    let versions = args.version.map_or(Version::ALL.to_vec(), |version| vec![version]);
    let suite = Suite::read(folder, &Selection::of(&versions, &args.only))?;
    for (document, reason) in suite.rejected() {
        console.eprint(&format!("{} ({}) is rejected: {reason}", document.name, document.version));
    }
    let default = workspace::root().join("target/conform/scenarios");
    let workspace = Workspace::new(args.work.as_ref().unwrap_or(&default));
    let clients = suite.clients();
    workspace.write(&clients)?;
    console.eprint(&format!("compiling {}", plural(clients.len(), "client")));
    let built = workspace.build(&[])?;
    let program = |package: &str| built.program_of(package).map(Path::to_path_buf);
    let entries = suite.run(&versions, &program)?;
    finish(args, &entries, &versions, console)
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
    let Counts { scenarios, passed, failed, not_checked, .. } = counts;
    console.eprint(&format!(
        "{}: {passed} passed, {failed} failed, {not_checked} not checked",
        plural(scenarios, "scenario")
    ));
    Ok(if failed > 0 { Outcome::Failed } else { Outcome::Passed })
}
