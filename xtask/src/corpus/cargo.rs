//! Compiles clients into one target folder, with the dependency versions locked in this repository and without network.

use std::path::Path;
use std::process::Command;
use std::time::Instant;
use std::{env, fs};

use anyhow::{Context as _, Result};
use clientsmith::paths::shown;

use super::record::CargoOutcome;
use crate::workspace;

/// All features except TLS: the TLS library takes minutes to compile and does not test the client.
const FEATURES: [&str; 3] = ["--no-default-features", "--features", "tracing,blocking,test-util"];

/// Compiles a client without linking it.
pub(crate) fn check(client: &Path, target: &Path) -> Result<CargoOutcome> {
    run("check", &[], client, target)
}

/// Runs clippy on a client; warnings are errors.
pub(crate) fn clippy(client: &Path, target: &Path) -> Result<CargoOutcome> {
    run("clippy", &["--", "-D", "warnings"], client, target)
}

fn run(subcommand: &str, more: &[&str], client: &Path, target: &Path) -> Result<CargoOutcome> {
    let start = Instant::now();
    let lock = workspace::root().join("Cargo.lock");
    fs::copy(&lock, client.join("Cargo.lock")).with_context(|| format!("cannot copy {}", shown(&lock)))?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args([subcommand, "--lib", "--offline", "--quiet", "--message-format=short"]).args(FEATURES).args(more);
    cargo.current_dir(client).env("CARGO_TARGET_DIR", target).env("CARGO_PROFILE_DEV_DEBUG", "0");
    let output = cargo.env_remove("RUSTFLAGS").output().context("cannot start cargo")?;
    let text = String::from_utf8_lossy(&output.stderr);
    let is_error = |line: &&str| line.contains("error");
    let first = text.lines().find(is_error).or_else(|| text.lines().last()).unwrap_or("cargo printed no message");
    let error = (!output.status.success()).then(|| first.replace(char::is_control, " "));
    Ok(CargoOutcome { ok: output.status.success(), seconds: start.elapsed().as_secs_f64(), error })
}
