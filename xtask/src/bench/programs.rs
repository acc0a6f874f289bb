//! Programs of the workspace, built for release, and the server of the package `bench` in a process of its own.

use std::env;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::workspace;

/// Names of functions and lines for who looks at a profile; the code is the same.
const DEBUG: &str = "profile.release.debug='line-tables-only'";

/// What building gave.
pub(crate) struct Programs {
    /// What cargo said of each thing it built.
    messages: Vec<Value>,
}

impl Programs {
    /// Builds those of a package.
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

    /// Where a program stands.
    pub(crate) fn path(&self, name: &str) -> Result<&Path> {
        let is_it = |message: &&Value| {
            message.pointer("/target/name").is_some_and(|target| target == name) && message["executable"].is_string()
        };
        let message = self.messages.iter().find(is_it).with_context(|| format!("cargo built no program {name}"))?;
        Ok(Path::new(message["executable"].as_str().unwrap_or_default()))
    }

    /// The folder of what the build script of `bench` wrote: progenitor's output.
    pub(crate) fn output_folder(&self) -> Result<PathBuf> {
        let is_it = |message: &&Value| {
            let id = message["package_id"].as_str().unwrap_or_default();
            message["reason"] == "build-script-executed" && id.contains("/tests/bench#")
        };
        let message = self.messages.iter().find(is_it).context("cargo ran no build script of `bench`")?;
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
        let said = child.stdout.take().context("the server has no output")?;
        BufReader::new(said).read_line(&mut address)?;
        Ok(Server { child, address: address.trim().to_owned() })
    }
}

/// The cargo that runs this program.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The server, until it is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends with its input; whatever goes wrong here, nobody waits for it any more.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
