//! How many instructions a program takes, without those of the kernel: the same however busy the machine is.

use std::process::Command;

use anyhow::{Context as _, Result};

/// Whether the tool that counts is installed.
pub(crate) fn is_there() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok()
}

/// Runs a program under it.
pub(crate) fn instructions(program: &Command) -> Result<f64> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    let output =
        command.arg(program.get_program()).args(program.get_args()).output().context("cannot start valgrind")?;
    let text = String::from_utf8_lossy(&output.stderr);
    let collected = text.lines().find_map(|line| line.split_once("Collected : ")).map(|(_, number)| number.trim());
    let number = collected.with_context(|| format!("callgrind counted nothing: {text}"))?;
    number.parse().context("callgrind's count is no number")
}
