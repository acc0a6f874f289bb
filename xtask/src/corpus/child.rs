//! Generates from one document in a separate process, so that a stack overflow or an endless loop affects only that
//! document.

use std::env;
use std::io::{Read, Seek as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use super::documents::File;
use super::record::{GenerateOutcome, GenerateReport, Record};

/// How often to check whether a process has ended.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// The program that generates: this executable.
pub(crate) fn program() -> Result<PathBuf> {
    env::current_exe().context("cannot determine the path of this executable")
}

/// Generates from a document into a folder.
pub(crate) fn run(file: &File, out: &Path, limit: Duration) -> Result<Record> {
    let start = Instant::now();
    // Files rather than pipes: a process that prints a lot would block on a full pipe.
    let (mut stdout, mut stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
    let mut command = Command::new(program()?);
    command.args(["corpus-document", "--spec"]).arg(&file.path).arg("--out").arg(out);
    let child = command.stdout(stdout.try_clone()?).stderr(stderr.try_clone()?).spawn();
    let status = wait(child.context("cannot start the generator")?, start + limit)?;
    let (stdout, stderr) = (read(&mut stdout)?, read(&mut stderr)?);
    let (outcome, crash, report) = classify(status, &stdout, &stderr);
    let seconds = start.elapsed().as_secs_f64();
    let (name, key) = (file.name.clone(), file.key.clone());
    Ok(Record { name, key, outcome, seconds, crash, report, compiled: None, clippy: None, parts: None })
}

/// The exit status of the process; `None` if it was killed at the deadline.
fn wait(mut child: Child, deadline: Instant) -> Result<Option<ExitStatus>> {
    loop {
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(POLL_INTERVAL);
    }
}

fn read(file: &mut std::fs::File) -> Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn classify(
    status: Option<ExitStatus>,
    stdout: &str,
    stderr: &str,
) -> (GenerateOutcome, Option<String>, GenerateReport) {
    let Some(status) = status else {
        return (GenerateOutcome::TimedOut, None, GenerateReport::default());
    };
    let outcome = match status.code() {
        Some(0) => GenerateOutcome::Generated,
        Some(1) => GenerateOutcome::Rejected,
        _ => GenerateOutcome::Crashed,
    };
    match serde_json::from_str(stdout) {
        Ok(report) if outcome != GenerateOutcome::Crashed => (outcome, None, report),
        _ => (GenerateOutcome::Crashed, Some(crash(status, stderr)), GenerateReport::default()),
    }
}

fn crash(status: ExitStatus, stderr: &str) -> String {
    let lines: Vec<_> = stderr.lines().filter(|line| !line.trim().is_empty()).take(3).collect();
    format!("{status}: {}", lines.join(" ")).replace(char::is_control, " ")
}
