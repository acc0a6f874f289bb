//! Measures the build of a program that uses the client: clean builds of a small program for each client.

mod consumer;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use self::consumer::{ALL, Consumer, WITH_RING};
use super::machine;
use super::programs::{Programs, cargo};
use super::table::{Row, markdown};
use crate::processor;

/// Why a program with the generated client has crates that a hand-written one does not have.
const REASONS: [(&str, &str); 3] = [
    ("fastrand", "the jitter of retry delays"),
    ("httpdate", "dates in `Retry-After`"),
    ("intuned_client", "the client itself"),
];

/// The maximum ratio to the hand-written program.
const AIM: f64 = 1.05;

/// How many times each program is built. Build times vary by a few percent.
const ROUNDS: usize = 3;

/// The fastest times of a clean build.
#[derive(Clone, Copy, Default)]
struct Built {
    seconds: Option<f64>,
    processor_seconds: Option<f64>,
}

impl Built {
    fn min(self, other: Self) -> Self {
        let min = |one: Option<f64>, other: Option<f64>| one.into_iter().chain(other).reduce(f64::min);
        Self {
            seconds: min(self.seconds, other.seconds),
            processor_seconds: min(self.processor_seconds, other.processor_seconds),
        }
    }
}

/// The results for a program.
struct Results {
    crates: BTreeSet<String>,
    check: Built,
    release: Built,
    /// The stripped program, in bytes.
    size: u64,
}

struct Bench {
    work: TempDir,
    /// The folder of progenitor's output.
    output: PathBuf,
}

/// Measures, and reports the section of the page twice: before and after the measurements with ring, which double the time.
pub(crate) fn measure(report: &mut dyn FnMut(&str) -> Result<()>) -> Result<()> {
    let output = Programs::build("bench")?.output_folder()?;
    let bench = Bench { work: tempfile::tempdir()?, output };
    let machine = machine::describe(&["reqwest", "rustls", "aws-lc-rs", "ring", "progenitor-client"])?;
    let results = bench.all(&ALL)?;
    let difference = match results.as_slice() {
        [ours, by_hand, ..] => difference(&ours.crates, &by_hand.crates),
        _ => String::new(),
    };
    let same = format!("{machine}\n\n{}\n\n{}\n{difference}", introduction(), table(&ALL, &results));
    report(&same)?;
    let ring = table(&WITH_RING, &bench.all(&WITH_RING)?);
    report(&format!("{same}\n{PROVIDER}\n\n{ring}"))
}

fn introduction() -> String {
    format!(
        "Minimal programs that call both operations: with the generated client and its default features, with hand-written \
         reqwest code, and with progenitor's output for `openapi.yaml`. All use rustls and aws-lc-rs and the versions in \
         `Cargo.lock`. Each gets {ROUNDS} clean builds, alternating between the programs; the fastest counts. On a busy machine, \
         CPU time is more reliable than wall time. Crates are counted with `cargo tree`, without build dependencies and \
         including the program itself."
    )
}

const PROVIDER: &str = "Most of this time is spent on the TLS crypto provider. The client uses reqwest's default, aws-lc-rs: it \
needs no setup, and a program that also uses reqwest directly shares it. To use another provider, disable the client's \
default features, enable `reqwest/rustls-no-provider`, and install the provider. With ring:";

impl Bench {
    /// The results for each program, measured in alternating rounds.
    fn all(&self, consumers: &[Consumer]) -> Result<Vec<Results>> {
        let folders: Vec<_> = consumers.iter().map(|consumer| self.write(consumer)).collect::<Result<_>>()?;
        let initial = |folder: &PathBuf| {
            Ok(Results { crates: self.crates(folder)?, check: Built::default(), release: Built::default(), size: 0 })
        };
        let mut results: Vec<_> = folders.iter().map(initial).collect::<Result<_>>()?;
        for _ in 0..ROUNDS {
            for (results, folder) in results.iter_mut().zip(&folders) {
                results.check = results.check.min(self.built(folder, &["check"])?);
            }
            for ((results, folder), consumer) in results.iter_mut().zip(&folders).zip(consumers) {
                results.release = results.release.min(self.built(folder, &["build", "--release"])?);
                let program = self.target().join("release").join(consumer.name());
                results.size =
                    fs::metadata(&program).with_context(|| format!("cargo did not build {}", consumer.name()))?.len();
            }
        }
        Ok(results)
    }

    /// Writes the crate of a program and fetches its dependencies.
    fn write(&self, consumer: &Consumer) -> Result<PathBuf> {
        let folder = self.work.path().join(consumer.name());
        consumer.write(&folder)?;
        run(&mut self.cargo(&folder, &["fetch"]))?;
        Ok(folder)
    }

    fn built(&self, folder: &Path, arguments: &[&str]) -> Result<Built> {
        if self.target().exists() {
            fs::remove_dir_all(self.target())?;
        }
        let (started, cpu_before) = (Instant::now(), processor::seconds_of_children());
        run(self.cargo(folder, arguments).args(["--offline", "--quiet"]))?;
        let processor_seconds = processor::seconds_of_children().zip(cpu_before).map(|(end, start)| end - start);
        Ok(Built { seconds: Some(started.elapsed().as_secs_f64()), processor_seconds })
    }

    fn crates(&self, folder: &Path) -> Result<BTreeSet<String>> {
        let tree =
            ["tree", "--offline", "--edges", "normal", "--prefix", "none", "--no-dedupe", "--format", "{lib} {p}"];
        let text = run(&mut self.cargo(folder, &tree))?;
        Ok(text.lines().filter_map(|line| line.split(" (").next()).map(str::to_owned).collect())
    }

    fn cargo(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut cargo = cargo();
        cargo.args(arguments).current_dir(folder).env("CARGO_TARGET_DIR", self.target());
        // The source includes progenitor's output from the folder where a build script would write it.
        cargo.env("OUT_DIR", &self.output);
        for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTC_WRAPPER"] {
            cargo.env_remove(variable);
        }
        cargo
    }

    fn target(&self) -> PathBuf {
        self.work.path().join("target")
    }
}

/// Runs a command and returns its standard output.
fn run(command: &mut Command) -> Result<String> {
    let output = command.output().context("cannot start cargo")?;
    if !output.status.success() {
        bail!("{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn table(consumers: &[Consumer], results: &[Results]) -> String {
    let row = |name: &str, decimals: usize, of: &dyn Fn(&Results) -> Option<f64>| Row {
        name: name.to_owned(),
        values: results.iter().map(of).collect(),
        decimals,
        aim: Some(AIM),
    };
    let rows = [
        row("crates", 0, &|results| Some(count(results.crates.len()))),
        row("`cargo check`, CPU seconds", 1, &|results| results.check.processor_seconds),
        row("`cargo check`, seconds", 1, &|results| results.check.seconds),
        row("`cargo build --release`, CPU seconds", 1, &|results| results.release.processor_seconds),
        row("`cargo build --release`, seconds", 1, &|results| results.release.seconds),
        row("stripped binary, MB", 2, &|results| Some(bytes(results.size) / 1e6)),
    ];
    markdown(&consumers.iter().map(|consumer| consumer.title).collect::<Vec<_>>(), &rows)
}

/// The crates that ours has and the other does not have, each with its reason.
fn difference(ours: &BTreeSet<String>, other: &BTreeSet<String>) -> String {
    let mut text = "Additional crates compared with the hand-written program:\n\n".to_owned();
    // Each line starts with the library's name, which is empty for the program itself.
    for name in ours.difference(other).filter_map(|line| line.split(' ').next()).filter(|name| !name.is_empty()) {
        let reason = REASONS.iter().find(|(known, _)| *known == name).map_or("unknown reason", |(_, reason)| reason);
        text.push_str(&format!("- `{name}`: {reason}\n"));
    }
    text
}

#[expect(clippy::cast_precision_loss, reason = "a number for display")]
fn count(number: usize) -> f64 {
    number as f64
}

#[expect(clippy::cast_precision_loss, reason = "a number for display")]
fn bytes(number: u64) -> f64 {
    number as f64
}
