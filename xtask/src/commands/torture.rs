//! `torture`: builds the program that does it, and runs it. It is no part of this one, which must build fast.

use std::env;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::cli::{Torture, Verdict};
use crate::workspace;

pub(crate) fn run(asked: &Torture) -> Result<Verdict> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["run", "--release", "--quiet", "--package", "torture", "--"]).current_dir(workspace::root());
    let Torture { calls, operations, concurrency, seed } = asked;
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
        Some(0) => Ok(Verdict::Sound),
        Some(1) => Ok(Verdict::Unsound),
        _ => bail!("the run could not be carried out"),
    }
}
