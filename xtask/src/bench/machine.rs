//! Describes the environment of a measurement: the hardware, the load and the relevant versions. Contains no host name.

use std::process::Command;
use std::{env, fs, thread};

use anyhow::{Context as _, Result};

use crate::workspace;

/// A sentence with the machine and the versions of these packages.
pub(crate) fn describe(packages: &[&str]) -> Result<String> {
    let lock = fs::read_to_string(workspace::root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let versions: Vec<_> =
        packages.iter().filter_map(|name| Some(format!("{name} {}", version(&lock, name)?))).collect();
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let (os, arch) = (env::consts::OS, env::consts::ARCH);
    let model = model().map(|model| format!(", {model}")).unwrap_or_default();
    let load = load().map(|load| format!(" Load average at the start: {load}.")).unwrap_or_default();
    Ok(format!("{os} on {arch}{model}, {processors} processors; {}; {}.{load}", rustc()?, versions.join(", ")))
}

/// The load average of the last minute, where the system reports it.
fn load() -> Option<String> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next().map(str::to_owned)
}

/// The model name of the processor, where the system reports it.
fn model() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn rustc() -> Result<String> {
    let program = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(program).arg("--version").output().context("cannot start rustc")?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.split(" (").next().unwrap_or_default().trim().to_owned())
}

fn version<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
    rest.split('"').next()
}
