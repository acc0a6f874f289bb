//! The command line of the long runs.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Parser;
use fuzz::campaign::Plan;
use fuzz::session::{self, Report};
use fuzz::{Entry, targets};

/// Try inputs made at random on what reads what others wrote.
///
/// Exit codes: 0 nothing was found; 1 something was, and its files are named; 2 the run could not be carried out.
#[derive(Debug, Parser)]
#[command(name = "fuzz")]
struct Cli {
    /// What is tried; without it, all targets are listed.
    target: Option<String>,
    /// How long, in seconds.
    #[arg(long, value_name = "N", default_value_t = 60.0)]
    seconds: f64,
    /// Where the inputs that failed are written.
    #[arg(long, value_name = "DIR", default_value = "target/fuzz")]
    findings: PathBuf,
    /// Try the inputs of this seed in this process: what a finding names to be seen again, and what each batch of a run does.
    #[arg(long, value_name = "SEED")]
    batch: Option<u64>,
    /// Write each input of a batch here before it is tried.
    #[arg(long, value_name = "FILE", requires = "batch")]
    note: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    let Some(name) = &cli.target else {
        for target in targets::ALL {
            println!("{:12} {}", target.name, target.about);
        }
        return Ok(ExitCode::SUCCESS);
    };
    let target = targets::ALL.iter().find(|target| target.name == name).context("there is no such target")?;
    let time = Duration::try_from_secs_f64(cli.seconds).context("--seconds takes a number of seconds")?;
    match cli.batch {
        Some(seed) => {
            batch(target, &Plan { seed, cases: None, time: Some(time), note: cli.note, limit: Some(session::LIMIT) })
        }
        None => long(target, time, &cli.findings),
    }
}

/// A batch: the report is the last word, also where something failed.
fn batch(target: &Entry, plan: &Plan) -> Result<ExitCode> {
    // What panics is shown by its input; a thousand of them on the way to a smaller one say nothing more.
    std::panic::set_hook(Box::new(|_| {}));
    println!("{}", serde_json::to_string(&Report::from(target.run(plan)))?);
    Ok(ExitCode::SUCCESS)
}

fn long(target: &Entry, time: Duration, folder: &std::path::Path) -> Result<ExitCode> {
    let sum = session::run(target, time, folder)?;
    let (name, inputs, minutes) = (target.name, sum.executions, sum.processor / 60.0);
    println!("{name}: {inputs} inputs, {minutes:.1} minutes of a processor, findings: {}", sum.findings.len());
    for file in &sum.findings {
        println!("  {}", file.display());
    }
    Ok(if sum.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
