//! `bench`: measures, and shows the figures.

use anyhow::Result;

use crate::bench::generate;
use crate::cli::{Bench, Verdict};
use crate::console::Console;

pub(crate) fn run(what: &Bench, console: &mut Console) -> Result<Verdict> {
    match what {
        Bench::Generate { operations, runs } => {
            let mut sizes = Vec::new();
            for size in operations {
                sizes.push((*size, generate::best(*size, *runs)?));
            }
            console.say(&generate::table(&sizes));
        }
        Bench::GenerateOnce { operations } => console.say(&serde_json::to_string(&generate::once(*operations)?)?),
    }
    Ok(Verdict::Sound)
}
