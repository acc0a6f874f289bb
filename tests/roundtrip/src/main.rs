//! Sends random values of the schemas of a document through a generated program, which decodes and encodes each.
//!
//! `cargo xtask conform components` writes and compiles the program, and starts this one with a job on standard input. It is a separate package so that `cargo xtask regen` does not build the validator.
//!
//! `translate` turns the schemas of OpenAPI into those of JSON Schema Draft 2020-12, `sample` makes random values of
//! them, `judge` is the independent validator, `codec` is the generated program, and `check` compares.

mod check;
mod codec;
mod judge;
mod sample;
mod translate;

use std::io::Read as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::Value;

/// What to do.
#[derive(Deserialize)]
struct Job {
    /// The document.
    document: Value,
    /// The names of the components. The program knows each by its index.
    components: Vec<String>,
    /// The generated program.
    program: PathBuf,
    /// The number of values for each component.
    samples: usize,
    seed: u64,
}

fn main() -> Result<()> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).context("cannot read the job")?;
    let job: Job = serde_json::from_str(&text).context("the job is invalid")?;
    // Values and schemas are nested.
    let running = std::thread::Builder::new().stack_size(256 << 20).spawn(move || check::document(&job))?;
    let reports = running.join().map_err(|_| anyhow::anyhow!("the thread panicked"))??;
    println!("{}", serde_json::to_string(&reports)?);
    Ok(())
}
