//! `bench`: measures, prints the results, and writes them to `docs/BENCHMARKS.md`.

use std::path::Path;

use anyhow::Result;

use crate::bench::page::{self, Section};
use crate::bench::{build, call, check, generate, transfer};
use crate::cli::{Bench, BenchCall, BenchGenerate, LENGTH};
use clientsmith::commands::Outcome;
use clientsmith::console::Console;
use clientsmith::paths::shown;
use clientsmith::spec::Spec;

/// How many times `regen` is run as a whole process.
const REGENS: usize = 10;

pub(crate) fn run(what: Option<&Bench>, page: Option<&Path>, console: &mut Console) -> Result<Outcome> {
    let page = &page.map_or_else(page::path, Path::to_path_buf);
    match what {
        None => {
            run_generate(&BenchGenerate::default(), page, console)?;
            run_call(&BenchCall::default(), page, console)?;
            run_transfer(LENGTH, page, console)?;
            run_build(page, console)?;
        }
        Some(Bench::Call(args)) => run_call(args, page, console)?,
        Some(Bench::Build) => run_build(page, console)?,
        Some(Bench::Generate(args)) => run_generate(args, page, console)?,
        Some(Bench::Check { folder }) => {
            let text = check::measure(folder, &generate::program(false)?)?;
            write(page, Section::Check, &text, console)?;
        }
        Some(Bench::Transfer { bytes }) => run_transfer(*bytes, page, console)?,
        Some(Bench::GenerateDocument { document }) => {
            let spec = Spec::read(document)?;
            console.print(&serde_json::to_string(&generate::once_from(&spec)?)?);
        }
        Some(Bench::GenerateOnce { operations }) => {
            console.print(&serde_json::to_string(&generate::once(*operations)?)?);
        }
    }
    Ok(Outcome::Passed)
}

fn run_call(args: &BenchCall, page: &Path, console: &mut Console) -> Result<()> {
    let extent = call::Extent { rounds: args.rounds.get(), calls: args.calls.get() };
    write(page, Section::Call, &call::measure(&extent)?, console)
}

fn run_transfer(length: u64, page: &Path, console: &mut Console) -> Result<()> {
    write(page, Section::Transfer, &transfer::measure(length)?, console)
}

fn run_build(page: &Path, console: &mut Console) -> Result<()> {
    build::measure(&mut |text| write(page, Section::Build, text, console))
}

fn run_generate(args: &BenchGenerate, page: &Path, console: &mut Console) -> Result<()> {
    let program = generate::program(args.as_built)?;
    let mut sizes = Vec::new();
    for size in &args.operations {
        let mut run = generate::best(&program, *size, args.runs)?;
        if args.instructions {
            run.instructions = generate::instructions(&program, *size)?;
        }
        sizes.push((*size, run));
    }
    let regen = generate::regen(&program, REGENS)?;
    write(page, Section::Generate, &generate::section(&sizes, regen)?, console)
}

fn write(page: &Path, section: Section, text: &str, console: &mut Console) -> Result<()> {
    console.print(text);
    page::write(page, section, text)?;
    console.print(&format!("wrote {}", shown(page)));
    Ok(())
}
