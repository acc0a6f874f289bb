//! A long run: batches of inputs in separate processes, one at a time, each with a new seed.
//!
//! A process that exits normally reports its findings. A process that overflows its stack or exceeds its time limit reports
//! nothing: its batch is repeated, and each input is written to a file before it is run.

use std::collections::hash_map::RandomState;
use std::env;
use std::fs;
use std::hash::{BuildHasher as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use crate::campaign::Outcome;
use crate::clock;
use crate::target::Entry;

/// The maximum CPU time per input. The limit in wall time is thirty times as long.
pub const LIMIT: Duration = Duration::from_secs(20);

/// The duration of a batch.
const BATCH: Duration = Duration::from_secs(20);

/// The report of a batch, printed as one line of JSON.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Report {
    /// The number of inputs run.
    pub executions: u64,
    /// The CPU time, in seconds.
    pub processor: f64,
    /// The reason and the input of a failure, if there was one.
    pub finding: Option<(String, String)>,
}

impl From<Outcome> for Report {
    fn from(outcome: Outcome) -> Self {
        let finding = outcome.finding.map(|finding| (finding.reason, finding.input));
        Self { executions: outcome.executions, processor: outcome.processor.as_secs_f64(), finding }
    }
}

/// The result of a long run.
#[derive(Debug, Default)]
pub struct Sum {
    /// The number of inputs run.
    pub executions: u64,
    /// The CPU time, in seconds.
    pub processor: f64,
    /// The files of the findings.
    pub findings: Vec<PathBuf>,
}

/// Runs batches until the time is up. Writes each finding to a file in the folder.
///
/// # Errors
/// A process cannot be started, or a file cannot be written.
pub fn run(target: &Entry, time: Duration, folder: &Path) -> Result<Sum> {
    let started = Instant::now();
    let mut sum = Sum::default();
    loop {
        let left = time.saturating_sub(started.elapsed());
        if left.is_zero() {
            return Ok(sum);
        }
        let seed = RandomState::new().build_hasher().finish();
        let report = batch(target, seed, left.min(BATCH), folder)?;
        sum.executions += report.executions;
        sum.processor += report.processor;
        if let Some((reason, input)) = report.finding {
            fs::create_dir_all(folder).context("cannot create the folder for findings")?;
            let file = folder.join(format!("{}-{seed:016x}.txt", target.name));
            fs::write(&file, format!("{reason}\nseed {seed}\n\n{input}\n")).context("cannot write a finding")?;
            sum.findings.push(file);
        }
    }
}

fn batch(target: &Entry, seed: u64, time: Duration, folder: &Path) -> Result<Report> {
    let output = process(target, seed, time, None)?;
    if let Some(report) = report(&output) {
        return Ok(report);
    }
    fs::create_dir_all(folder).context("cannot create the folder for findings")?;
    let note = folder.join(format!("{}.note", target.name));
    // Writing the inputs takes time, and the run must reach the same input.
    let again = process(target, seed, time * 20, Some(&note))?;
    let input = fs::read_to_string(&note).unwrap_or_default();
    let _ = fs::remove_file(&note);
    let reason = match report(&again) {
        None => describe_end(&again),
        Some(_) => format!("{}, but not when the batch was repeated: {input}", describe_end(&output)),
    };
    Ok(Report { executions: 0, processor: 0.0, finding: Some((reason, input)) })
}

fn process(target: &Entry, seed: u64, time: Duration, note: Option<&Path>) -> Result<Output> {
    let program = env::current_exe().context("cannot determine the path of this executable")?;
    let mut command = Command::new(program);
    command.args([target.name, "--batch", &seed.to_string(), "--seconds", &time.as_secs_f64().to_string()]);
    if let Some(note) = note {
        command.arg("--note").arg(note);
    }
    command.output().context("cannot start a batch")
}

fn report(output: &Output) -> Option<Report> {
    output.status.success().then(|| serde_json::from_slice(&output.stdout).ok()).flatten()
}

fn describe_end(output: &Output) -> String {
    if output.status.code() == Some(clock::TOO_SLOW) {
        return format!("one input took more than {} s of CPU time, or waited for too long", LIMIT.as_secs());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    let last = stderr.trim().lines().last().unwrap_or("it printed no message").to_owned();
    format!("the process ended with {}: {last}", output.status)
}
