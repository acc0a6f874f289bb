//! Runs a program, and measures what it needs.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::{memory, processor};

/// Programs that run longer are ended.
pub(crate) const LIMIT: Duration = Duration::from_mins(5);

/// How often the memory is read.
const INTERVAL: Duration = Duration::from_millis(2);

/// What a program needed. `None` on systems without `/proc`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    /// Processor time in seconds, with that of child processes.
    pub(crate) seconds: Option<f64>,
    /// The peak of its resident memory, without child processes.
    pub(crate) memory_kib: Option<u64>,
}

/// Runs a program to its end. `None` if it fails, or takes longer than [`LIMIT`].
pub(crate) fn run(command: &mut Command) -> Result<Option<Usage>> {
    let before = processor::seconds_of_children();
    let name = command.get_program().to_owned();
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut child = child.with_context(|| format!("cannot start {}", name.display()))?;
    let status = format!("/proc/{}/status", child.id());
    let (started, mut memory_kib) = (Instant::now(), None);
    let ended = loop {
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        if started.elapsed() > LIMIT {
            end(&mut child)?;
            return Ok(None);
        }
        memory_kib = fs::read_to_string(&status).ok().and_then(|text| memory::peak_in(&text)).max(memory_kib);
        thread::sleep(INTERVAL);
    };
    let seconds = processor::seconds_of_children().zip(before).map(|(after, before)| after - before);
    Ok(ended.success().then_some(Usage { seconds, memory_kib }))
}

/// Ends a program and, where the system has process groups, the programs that it started, such as compilers.
fn end(child: &mut Child) -> Result<()> {
    if cfg!(unix) {
        Command::new("kill")
            .args(["-KILL", "--", &format!("-{}", child.id())])
            .status()
            .context("cannot start kill")?;
    }
    child.kill().and_then(|()| child.wait()).context("cannot end a program")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_has_no_usage() {
        let usage = |argument: &str| run(Command::new("cargo").arg(argument)).expect("cargo can be started");
        assert!(usage("--version").is_some());
        assert!(usage("--no-such-option").is_none());
    }
}
