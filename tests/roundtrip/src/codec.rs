//! The generated program: it decodes and encodes values, one on each line.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Result};
use serde_json::Value;

/// The running program.
pub(crate) struct Codec {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Codec {
    pub(crate) fn start(program: &Path) -> Result<Self> {
        let mut command = Command::new(program);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let input = child.stdin.take().context("there is no standard input")?;
        let output = BufReader::new(child.stdout.take().context("there is no standard output")?);
        Ok(Self { child, input, output })
    }

    /// Decodes a value as a component, and encodes it again. The error is that of the program.
    pub(crate) fn round_trip(&mut self, component: usize, value: &Value) -> Result<Result<Value, String>> {
        writeln!(self.input, "{component} [{value}]").and_then(|()| self.input.flush()).context("the program ended")?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let line = line.trim_end_matches('\n');
        if let Some(error) = line.strip_prefix('-') {
            return Ok(Err(error.to_owned()));
        }
        let text = line.strip_prefix('+').context("the program ended")?;
        match serde_json::from_str(text)? {
            Value::Array(items) => items.into_iter().next().map(Ok).context("the value is lost"),
            other => Ok(Ok(other)),
        }
    }
}

impl Drop for Codec {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
