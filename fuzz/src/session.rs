//! A long run: batches of inputs in processes of their own, one after the other, each from a new seed.
//!
//! A process that ends by itself says what it found. One that is killed by its stack or its clock says nothing: its batch is
//! made once more with each input written down before it is tried.

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
use crate::target::Entry;

/// The exit code of a batch in which one input took too long.
pub const TOO_SLOW: i32 = 3;

/// How much of the processor's time one input may take. One that waits has thirty times as long.
pub const LIMIT: Duration = Duration::from_secs(20);

/// How long a batch is.
const BATCH: Duration = Duration::from_secs(20);

/// What a batch says in one line of JSON.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Report {
    /// How many inputs were tried.
    pub executions: u64,
    /// How long that took the processor, in seconds.
    pub processor: f64,
    /// What failed, if something did: the reason and the input.
    pub finding: Option<(String, String)>,
}

impl From<Outcome> for Report {
    fn from(outcome: Outcome) -> Self {
        let finding = outcome.finding.map(|finding| (finding.reason, finding.input));
        Self { executions: outcome.executions, processor: outcome.processor.as_secs_f64(), finding }
    }
}

/// What a long run came to.
#[derive(Debug, Default)]
pub struct Sum {
    /// How many inputs were tried.
    pub executions: u64,
    /// How long that took the processor, in seconds.
    pub processor: f64,
    /// The files of what failed.
    pub findings: Vec<PathBuf>,
}

/// Runs batches until the time is over. Each finding becomes a file in the folder.
///
/// # Errors
/// If a process cannot be started, or a file not be written.
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
            fs::create_dir_all(folder).context("no folder for what was found")?;
            let file = folder.join(format!("{}-{seed:016x}.txt", target.name));
            fs::write(&file, format!("{reason}\nseed {seed}\n\n{input}\n")).context("a finding cannot be written")?;
            sum.findings.push(file);
        }
    }
}

fn batch(target: &Entry, seed: u64, time: Duration, folder: &Path) -> Result<Report> {
    let output = process(target, seed, time, None)?;
    if let Some(report) = report(&output) {
        return Ok(report);
    }
    fs::create_dir_all(folder).context("no folder for what was found")?;
    let note = folder.join(format!("{}.note", target.name));
    // Writing down takes time too, and the same input has to be reached.
    let again = process(target, seed, time * 20, Some(&note))?;
    let input = fs::read_to_string(&note).unwrap_or_default();
    let _ = fs::remove_file(&note);
    let reason = match report(&again) {
        None => how_it_ended(&again),
        Some(_) => format!("{}, but not when it was tried once more: {input}", how_it_ended(&output)),
    };
    Ok(Report { executions: 0, processor: 0.0, finding: Some((reason, input)) })
}

fn process(target: &Entry, seed: u64, time: Duration, note: Option<&Path>) -> Result<Output> {
    let program = env::current_exe().context("the program does not know where it stands")?;
    let mut command = Command::new(program);
    command.args([target.name, "--batch", &seed.to_string(), "--seconds", &time.as_secs_f64().to_string()]);
    if let Some(note) = note {
        command.arg("--note").arg(note);
    }
    command.output().context("a batch cannot be started")
}

fn report(output: &Output) -> Option<Report> {
    output.status.success().then(|| serde_json::from_slice(&output.stdout).ok()).flatten()
}

fn how_it_ended(output: &Output) -> String {
    if output.status.code() == Some(TOO_SLOW) {
        return format!("one input took more than {} s of the processor, or waited for very long", LIMIT.as_secs());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.trim().lines().last().unwrap_or("it said nothing").to_owned();
    format!("the process ended with {}: {last}", output.status)
}
