//! Compiles the programs of some documents, and checks the components of each.

use std::env;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use clientsmith::paths::shown;
use serde_json::json;

use super::codec::Codec;
use super::record::{Component, Outcome};
use crate::conform::workspace::{Built, Workspace, write_if_changed};
use crate::workspace;

/// The number of values, and the seed of all random choices.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) samples: usize,
    pub(crate) seed: u64,
}

/// Programs to compile at the same time.
pub(crate) struct Batch {
    pub(crate) codecs: Vec<Codec>,
}

impl Batch {
    /// Checks all documents of the batch. The results have the order of the programs.
    pub(crate) fn run(&self, work: &Path, settings: Settings) -> Result<Vec<Outcome>> {
        let folder = Workspace::new(work);
        // The programs of an earlier batch have the same names, so they are replaced.
        remove(folder.root())?;
        let packages: Vec<_> = (0..self.codecs.len()).map(|index| format!("components-{index}")).collect();
        for (name, codec) in packages.iter().zip(&self.codecs) {
            for (path, text) in codec.package(name)?.files {
                write_if_changed(&folder.root().join(name).join(path), &text)?;
            }
        }
        folder.write_root(&packages)?;
        let built = folder.build(&["types"])?;
        let outcomes =
            packages.iter().zip(&self.codecs).map(|(package, codec)| outcome(&built, package, codec, settings));
        outcomes.collect()
    }
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", shown(folder)))
        }
        _ => Ok(()),
    }
}

fn outcome(built: &Built, package: &str, codec: &Codec, settings: Settings) -> Result<Outcome> {
    match built.program(package) {
        Ok(program) => check(program, codec, settings),
        Err(reason) => Ok(Outcome::Failed(format!("the types do not compile: {reason}"))),
    }
}

/// Runs the package `roundtrip` for a document.
fn check(program: &Path, codec: &Codec, settings: Settings) -> Result<Outcome> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["run", "--release", "--quiet", "--package", "roundtrip"]).current_dir(workspace::root());
    let mut child = cargo.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("cannot start cargo")?;
    let Settings { samples, seed } = settings;
    let job = json!({"document": codec.document, "components": codec.components, "program": program, "samples": samples, "seed": seed});
    let mut stdin = child.stdin.take().context("the program has no standard input")?;
    stdin.write_all(job.to_string().as_bytes()).context("the package `roundtrip` did not read its job")?;
    drop(stdin);
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Ok(Outcome::Failed(format!("the package `roundtrip` ended with {}", output.status)));
    }
    let components: Vec<Component> = serde_json::from_slice(&output.stdout)?;
    if components.len() != codec.components.len() {
        bail!("the package `roundtrip` reported {} components instead of {}", components.len(), codec.components.len());
    }
    Ok(Outcome::Checked(components))
}
