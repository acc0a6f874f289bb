//! Compiles clients into one target folder, with the dependency versions locked in this repository and without network.

use std::path::Path;
use std::process::Command;
use std::time::Instant;
use std::{env, fs};

use anyhow::{Context as _, Result, bail};
use clientsmith::paths::shown;
use generator::emit;

use super::record::CargoOutcome;
use crate::workspace;

/// All features except TLS: the TLS library takes minutes to compile and does not test the client.
const FEATURES: [&str; 3] = ["--no-default-features", "--features", "full,tracing,blocking,test-util"];

/// Compiles a client without linking it.
pub(crate) fn check(client: &Path, target: &Path) -> Result<CargoOutcome> {
    run(&[&["check"][..], &FEATURES].concat(), &[], client, target)
}

/// Compiles a client with these features only.
pub(crate) fn check_with(features: &str, client: &Path, target: &Path) -> Result<CargoOutcome> {
    run(&["check", "--no-default-features", "--features", features], &[], client, target)
}

/// Runs clippy on a client; warnings are errors.
pub(crate) fn clippy(client: &Path, target: &Path) -> Result<CargoOutcome> {
    run(&[&["clippy"][..], &FEATURES].concat(), &["--", "-D", "warnings"], client, target)
}

/// Compiles a client with each feature that enables a part of the API, alone. Warnings are errors.
pub(crate) fn check_parts(client: &Path, target: &Path) -> Result<CargoOutcome> {
    let mut all = CargoOutcome { ok: true, seconds: 0.0, error: None };
    for part in parts(client)? {
        let outcome = run(
            &["rustc", "--profile", "check", "--no-default-features", "--features", &part],
            &["--", "-D", "warnings"],
            client,
            target,
        )?;
        all.seconds += outcome.seconds;
        if let Some(error) = outcome.error {
            return Ok(CargoOutcome { ok: false, error: Some(format!("with the feature `{part}`: {error}")), ..all });
        }
    }
    Ok(all)
}

/// Returns the features of a client that enable a part of the API.
pub(crate) fn parts(client: &Path) -> Result<Vec<String>> {
    let manifest = client.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).with_context(|| format!("cannot read {}", shown(&manifest)))?;
    let parts = emit::parts(&text);
    if parts.is_empty() {
        bail!("{} is not the manifest of a client", shown(&manifest));
    }
    Ok(parts)
}

fn run(command: &[&str], more: &[&str], client: &Path, target: &Path) -> Result<CargoOutcome> {
    let start = Instant::now();
    let lock = workspace::root().join("Cargo.lock");
    fs::copy(&lock, client.join("Cargo.lock")).with_context(|| format!("cannot copy {}", shown(&lock)))?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(command).args(["--lib", "--offline", "--quiet", "--message-format=short"]).args(more);
    cargo.current_dir(client).env("CARGO_TARGET_DIR", target).env("CARGO_PROFILE_DEV_DEBUG", "0");
    let output = cargo.env_remove("RUSTFLAGS").output().context("cannot start cargo")?;
    let text = String::from_utf8_lossy(&output.stderr);
    let is_error = |line: &&str| line.contains("error");
    let first = text.lines().find(is_error).or_else(|| text.lines().last()).unwrap_or("cargo printed no message");
    let error = (!output.status.success()).then(|| first.replace(char::is_control, " "));
    Ok(CargoOutcome { ok: output.status.success(), seconds: start.elapsed().as_secs_f64(), error })
}
