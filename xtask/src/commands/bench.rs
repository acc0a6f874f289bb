//! `bench`: measures, shows the figures, and writes them to the page of benchmarks.

use anyhow::Result;

use crate::bench::page::{self, Section};
use crate::bench::{build, call, generate};
use crate::cli::{Bench, BenchCall, BenchGenerate, Verdict};
use crate::console::Console;
use crate::workspace::shown;

/// How often the whole process of `regen` runs.
const REGENS: usize = 10;

pub(crate) fn run(what: Option<&Bench>, console: &mut Console) -> Result<Verdict> {
    match what {
        None => {
            run_generate(&BenchGenerate::default(), console)?;
            run_call(&BenchCall::default(), console)?;
            run_build(console)?;
        }
        Some(Bench::Call(asked)) => run_call(asked, console)?,
        Some(Bench::Build) => run_build(console)?,
        Some(Bench::Generate(asked)) => run_generate(asked, console)?,
        Some(Bench::GenerateOnce { operations }) => {
            console.say(&serde_json::to_string(&generate::once(*operations)?)?);
        }
    }
    Ok(Verdict::Sound)
}

fn run_call(asked: &BenchCall, console: &mut Console) -> Result<()> {
    let extent = call::Extent { rounds: asked.rounds.get(), calls: asked.calls.get() };
    write(Section::Call, &call::measure(&extent)?, console)
}

fn run_build(console: &mut Console) -> Result<()> {
    build::measure(&mut |text| write(Section::Build, text, console))
}

fn run_generate(asked: &BenchGenerate, console: &mut Console) -> Result<()> {
    let mut sizes = Vec::new();
    for size in &asked.operations {
        let mut run = generate::best(*size, asked.runs)?;
        if asked.instructions {
            run.instructions = generate::instructions(*size)?;
        }
        sizes.push((*size, run));
    }
    write(Section::Generate, &generate::section(&sizes, generate::regen(REGENS)?)?, console)
}

fn write(section: Section, text: &str, console: &mut Console) -> Result<()> {
    console.say(text);
    page::write(section, text)?;
    console.say(&format!("wrote {}", shown(&page::path())));
    Ok(())
}
