//! Counts the instructions of a program, without the kernel. Independent of the load of the machine.

use std::process::Command;

use anyhow::{Context as _, Result};

/// Whether valgrind is installed.
pub(crate) fn is_available() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok()
}

/// Runs a program under callgrind and returns its instruction count.
pub(crate) fn instructions(program: &Command) -> Result<f64> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    let output =
        command.arg(program.get_program()).args(program.get_args()).output().context("cannot start valgrind")?;
    let text = String::from_utf8_lossy(&output.stderr);
    let collected = text.lines().find_map(|line| line.split_once("Collected : ")).map(|(_, number)| number.trim());
    let number = collected.with_context(|| format!("callgrind printed no count: {text}"))?;
    number.parse().context("callgrind's count is not a number")
}
