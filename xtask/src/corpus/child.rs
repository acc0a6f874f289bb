//! Generates from one document in a process of its own, so that a stack that overflows or a loop without end is that
//! document's fate alone.

use std::env;
use std::io::{Read, Seek as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use super::documents::File;
use super::record::{Made, Outcome, Record};

/// How often a process is asked whether it has ended.
const GLANCE: Duration = Duration::from_millis(10);

/// What generates: this very program.
pub(crate) fn program() -> Result<PathBuf> {
    env::current_exe().context("the program does not know where it stands")
}

/// Generates from a document into a folder.
pub(crate) fn run(file: &File, out: &Path, limit: Duration) -> Result<Record> {
    let start = Instant::now();
    // Files rather than pipes, which a process that says much would have to wait at.
    let (mut said, mut complaints) = (tempfile::tempfile()?, tempfile::tempfile()?);
    let mut command = Command::new(program()?);
    command.args(["corpus-document", "--spec"]).arg(&file.path).arg("--out").arg(out);
    let child = command.stdout(said.try_clone()?).stderr(complaints.try_clone()?).spawn();
    let status = wait(child.context("cannot start the generator")?, start + limit)?;
    let (said, complaints) = (read(&mut said)?, read(&mut complaints)?);
    let (outcome, crash, made) = judge(status, &said, &complaints);
    let seconds = start.elapsed().as_secs_f64();
    let (name, key) = (file.name.clone(), file.key.clone());
    Ok(Record { name, key, outcome, seconds, crash, made, compiled: None, clippy: None })
}

/// How the process ended; `None` when it had to be ended.
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
        thread::sleep(GLANCE);
    }
}

fn read(file: &mut std::fs::File) -> Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn judge(status: Option<ExitStatus>, said: &str, complaints: &str) -> (Outcome, Option<String>, Made) {
    let Some(status) = status else {
        return (Outcome::TimedOut, None, Made::default());
    };
    let outcome = match status.code() {
        Some(0) => Outcome::Generated,
        Some(1) => Outcome::Refused,
        _ => Outcome::Crashed,
    };
    match serde_json::from_str(said) {
        Ok(made) if outcome != Outcome::Crashed => (outcome, None, made),
        _ => (Outcome::Crashed, Some(crash(status, complaints)), Made::default()),
    }
}

fn crash(status: ExitStatus, complaints: &str) -> String {
    let lines: Vec<_> = complaints.lines().filter(|line| !line.trim().is_empty()).take(3).collect();
    format!("{status}: {}", lines.join(" ")).replace(char::is_control, " ")
}
