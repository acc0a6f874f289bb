//! Builds programs of the workspace in release mode, and runs the server of the package `bench` in a separate process.

use std::env;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::workspace;

/// Debug information for profilers; it does not change the code.
const DEBUG: &str = "profile.release.debug='line-tables-only'";

/// The programs of a package.
pub(crate) struct Programs {
    /// The JSON messages of cargo.
    messages: Vec<Value>,
}

impl Programs {
    /// Builds the programs of a package.
    pub(crate) fn build(package: &str) -> Result<Self> {
        let mut cargo = cargo();
        cargo.args([
            "build",
            "--release",
            "--package",
            package,
            "--config",
            DEBUG,
            "--message-format=json-render-diagnostics",
        ]);
        let output =
            cargo.current_dir(workspace::root()).stderr(Stdio::inherit()).output().context("cannot start cargo")?;
        if !output.status.success() {
            bail!("the package `{package}` does not compile");
        }
        let messages = output.stdout.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
        Ok(Self { messages: messages.collect() })
    }

    /// The path of a program.
    pub(crate) fn path(&self, name: &str) -> Result<&Path> {
        let is_match = |message: &&Value| {
            message.pointer("/target/name").is_some_and(|target| target == name) && message["executable"].is_string()
        };
        let message =
            self.messages.iter().find(is_match).with_context(|| format!("cargo did not build the program {name}"))?;
        Ok(Path::new(message["executable"].as_str().unwrap_or_default()))
    }

    /// The output folder of the build script of `bench`, with progenitor's output.
    pub(crate) fn output_folder(&self) -> Result<PathBuf> {
        let is_match = |message: &&Value| {
            let id = message["package_id"].as_str().unwrap_or_default();
            message["reason"] == "build-script-executed" && id.contains("/tests/bench#")
        };
        let message = self.messages.iter().find(is_match).context("cargo did not run the build script of `bench`")?;
        Ok(PathBuf::from(message["out_dir"].as_str().unwrap_or_default()))
    }

    /// Starts the server.
    pub(crate) fn serve(&self) -> Result<Server> {
        let mut child = Command::new(self.path("bench-server")?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the server")?;
        let mut address = String::new();
        let stdout = child.stdout.take().context("the server has no output")?;
        BufReader::new(stdout).read_line(&mut address)?;
        Ok(Server { child, address: address.trim().to_owned() })
    }
}

/// A command for the cargo that runs this program.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The running server; dropping it stops it.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // The server exits when its standard input closes. A failure to wait for it has no consequence.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
