//! `torture`: builds and runs the program of the package `torture`. It is separate because this program must build fast.

use std::env;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::cli::Torture;
use crate::workspace;
use clientsmith::commands::Outcome;

pub(crate) fn run(args: &Torture) -> Result<Outcome> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["run", "--release", "--quiet", "--package", "torture", "--"]).current_dir(workspace::root());
    let Torture { calls, operations, concurrency, seed } = args;
    let options = [
        ("--calls", calls.map(u64::from)),
        ("--operations", operations.map(u64::from)),
        ("--concurrency", concurrency.map(u64::from)),
        ("--seed", *seed),
    ];
    for (name, value) in options {
        if let Some(value) = value {
            cargo.args([name, &value.to_string()]);
        }
    }
    match cargo.status().context("cannot start cargo")?.code() {
        Some(0) => Ok(Outcome::Passed),
        Some(1) => Ok(Outcome::Failed),
        _ => bail!("the torture run could not be completed"),
    }
}
