//! The command line for long runs.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Parser;
use fuzz::campaign::Plan;
use fuzz::session::{self, Report};
use fuzz::{Entry, targets};

/// Fuzz code that parses untrusted data.
///
/// Exit codes: 0 no findings; 1 there are findings, and their files are listed; 2 the run failed.
#[derive(Debug, Parser)]
#[command(name = "fuzz")]
struct Cli {
    /// The target. Without it, lists all targets.
    target: Option<String>,
    /// The duration, in seconds.
    #[arg(long, value_name = "N", default_value_t = 60.0)]
    seconds: f64,
    /// The folder to write failing inputs to.
    #[arg(long, value_name = "DIR", default_value = "target/fuzz")]
    findings: PathBuf,
    /// Run the inputs of this seed in this process. Use it to reproduce a finding; a long run uses it for each batch.
    #[arg(long, value_name = "SEED")]
    batch: Option<u64>,
    /// Write each input of a batch to this file before running it.
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
    let target = targets::ALL.iter().find(|target| target.name == name).context("unknown target")?;
    let time = Duration::try_from_secs_f64(cli.seconds).context("--seconds must be a valid number of seconds")?;
    match cli.batch {
        Some(seed) => {
            batch(target, &Plan { seed, cases: None, time: Some(time), note: cli.note, limit: Some(session::LIMIT) })
        }
        None => long(target, time, &cli.findings),
    }
}

/// Runs one batch and prints its report, with or without a finding.
fn batch(target: &Entry, plan: &Plan) -> Result<ExitCode> {
    // Shrinking repeats a panic many times; the finding contains its message.
    std::panic::set_hook(Box::new(|_| {}));
    println!("{}", serde_json::to_string(&Report::from(target.run(plan)))?);
    Ok(ExitCode::SUCCESS)
}

fn long(target: &Entry, time: Duration, folder: &std::path::Path) -> Result<ExitCode> {
    let sum = session::run(target, time, folder)?;
    let (name, inputs, minutes) = (target.name, sum.executions, sum.processor / 60.0);
    println!("{name}: {inputs} inputs, {minutes:.1} CPU minutes, findings: {}", sum.findings.len());
    for file in &sum.findings {
        println!("  {}", file.display());
    }
    Ok(if sum.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
