//! Compiles clients, all into one folder, with the versions that this repository has locked and nothing from the network.

use std::path::Path;
use std::process::Command;
use std::time::Instant;
use std::{env, fs};

use anyhow::{Context as _, Result};

use super::record::Verdict;
use crate::workspace;

/// What is compiled: all but a TLS library, which takes minutes and tells nothing of the client.
const FEATURES: [&str; 3] = ["--no-default-features", "--features", "tracing,blocking,test-util"];

/// Compiles a client without linking it.
pub(crate) fn check(client: &Path, target: &Path) -> Result<Verdict> {
    run("check", &[], client, target)
}

/// Lets clippy look at it; its warnings count.
pub(crate) fn clippy(client: &Path, target: &Path) -> Result<Verdict> {
    run("clippy", &["--", "-D", "warnings"], client, target)
}

fn run(subcommand: &str, more: &[&str], client: &Path, target: &Path) -> Result<Verdict> {
    let start = Instant::now();
    let lock = workspace::root().join("Cargo.lock");
    fs::copy(&lock, client.join("Cargo.lock")).with_context(|| format!("cannot copy {}", workspace::shown(&lock)))?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args([subcommand, "--lib", "--offline", "--quiet", "--message-format=short"]).args(FEATURES).args(more);
    cargo.current_dir(client).env("CARGO_TARGET_DIR", target).env("CARGO_PROFILE_DEV_DEBUG", "0");
    let output = cargo.env_remove("RUSTFLAGS").output().context("cannot start cargo")?;
    let text = String::from_utf8_lossy(&output.stderr);
    let is_error = |line: &&str| line.contains("error");
    let first = text.lines().find(is_error).or_else(|| text.lines().last()).unwrap_or("cargo said nothing");
    let error = (!output.status.success()).then(|| first.replace(char::is_control, " "));
    Ok(Verdict { ok: output.status.success(), seconds: start.elapsed().as_secs_f64(), error })
}
