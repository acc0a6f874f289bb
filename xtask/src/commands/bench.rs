//! `bench`: measures, shows the figures, and writes them to the page of benchmarks.

use std::path::Path;

use anyhow::Result;

use crate::bench::page::{self, Section};
use crate::bench::{build, call, generate};
use crate::cli::{Bench, BenchCall, BenchGenerate, Verdict};
use crate::console::Console;
use crate::workspace::shown;

/// How often the whole process of `regen` runs.
const REGENS: usize = 10;

pub(crate) fn run(what: Option<&Bench>, page: Option<&Path>, console: &mut Console) -> Result<Verdict> {
    let page = &page.map_or_else(page::path, Path::to_path_buf);
    match what {
        None => {
            run_generate(&BenchGenerate::default(), page, console)?;
            run_call(&BenchCall::default(), page, console)?;
            run_build(page, console)?;
        }
        Some(Bench::Call(asked)) => run_call(asked, page, console)?,
        Some(Bench::Build) => run_build(page, console)?,
        Some(Bench::Generate(asked)) => run_generate(asked, page, console)?,
        Some(Bench::GenerateOnce { operations }) => {
            console.say(&serde_json::to_string(&generate::once(*operations)?)?);
        }
    }
    Ok(Verdict::Sound)
}

fn run_call(asked: &BenchCall, page: &Path, console: &mut Console) -> Result<()> {
    let extent = call::Extent { rounds: asked.rounds.get(), calls: asked.calls.get() };
    write(page, Section::Call, &call::measure(&extent)?, console)
}

fn run_build(page: &Path, console: &mut Console) -> Result<()> {
    build::measure(&mut |text| write(page, Section::Build, text, console))
}

fn run_generate(asked: &BenchGenerate, page: &Path, console: &mut Console) -> Result<()> {
    let program = generate::program(asked.as_built)?;
    let mut sizes = Vec::new();
    for size in &asked.operations {
        let mut run = generate::best(&program, *size, asked.runs)?;
        if asked.instructions {
            run.instructions = generate::instructions(&program, *size)?;
        }
        sizes.push((*size, run));
    }
    let regen = generate::regen(&program, REGENS)?;
    write(page, Section::Generate, &generate::section(&sizes, regen)?, console)
}

fn write(page: &Path, section: Section, text: &str, console: &mut Console) -> Result<()> {
    console.say(text);
    page::write(page, section, text)?;
    console.say(&format!("wrote {}", shown(page)));
    Ok(())
}
