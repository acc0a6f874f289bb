//! `conform`: measures how exactly clients follow their documents.

mod components;
mod scenarios;
mod versions;

use anyhow::Result;

use crate::cli::Conform;
use clientsmith::commands::Outcome;
use clientsmith::console::Console;

pub(crate) fn run(what: &Conform, console: &mut Console) -> Result<Outcome> {
    match what {
        Conform::Scenarios(args) => scenarios::run(args, console),
        Conform::Components(args) => components::run(args, console),
        Conform::Versions(args) => versions::run(args, console),
    }
}
