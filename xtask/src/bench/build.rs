//! What a program that uses the client costs to build: programs over each client in a folder of their own, built from
//! nothing.

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

/// Why a program over the generated client has crates that one by hand has not.
const REASONS: [(&str, &str); 3] = [
    ("fastrand", "the jitter of the wait before a retry"),
    ("httpdate", "dates in `Retry-After`"),
    ("intuned_client", "the client itself"),
];

/// What a program costs is to be at most this in parts of one by hand.
const AIM: f64 = 1.05;

/// How often each program is built. One build is some parts in a hundred more than the next.
const TURNS: usize = 3;

/// What building from nothing took at best.
#[derive(Clone, Copy, Default)]
struct Built {
    seconds: Option<f64>,
    processor_seconds: Option<f64>,
}

impl Built {
    fn or_less(self, other: Self) -> Self {
        let less = |one: Option<f64>, other: Option<f64>| one.into_iter().chain(other).reduce(f64::min);
        Self {
            seconds: less(self.seconds, other.seconds),
            processor_seconds: less(self.processor_seconds, other.processor_seconds),
        }
    }
}

/// A program with what was found out about it.
struct Found {
    crates: BTreeSet<String>,
    check: Built,
    release: Built,
    /// The stripped program, in bytes.
    size: u64,
}

struct Bench {
    work: TempDir,
    /// Where progenitor's output stands.
    output: PathBuf,
}

/// Builds, and gives the section of the page: first without the part that takes as long again, then with it.
pub(crate) fn measure(tell: &mut dyn FnMut(&str) -> Result<()>) -> Result<()> {
    let output = Programs::build("bench")?.output_folder()?;
    let bench = Bench { work: tempfile::tempdir()?, output };
    let machine = machine::describe(&["reqwest", "rustls", "aws-lc-rs", "ring", "progenitor-client"])?;
    let found = bench.all(&ALL)?;
    let difference = match found.as_slice() {
        [ours, by_hand, ..] => difference(&ours.crates, &by_hand.crates),
        _ => String::new(),
    };
    let same = format!("{machine}\n\n{}\n\n{}\n{difference}", introduction(), table(&ALL, &found));
    tell(&same)?;
    let ring = table(&WITH_RING, &bench.all(&WITH_RING)?);
    tell(&format!("{same}\n{PROVIDER}\n\n{ring}"))
}

fn introduction() -> String {
    format!(
        "The smallest programs that use both operations, with the generated client and its default features, \
         with reqwest by hand, and with the client that progenitor generates from `openapi.yaml`. All use rustls \
         and aws-lc-rs, in the versions of `Cargo.lock`. Each is checked and built from scratch {TURNS} times, \
         in turn with the others, and its minimum counts. If the machine has other work, processor time is more \
         meaningful than elapsed time. Crates are counted with `cargo tree`, without build scripts, and include \
         the program itself."
    )
}

const PROVIDER: &str = "Most of this time goes to the cryptography provider. The client uses reqwest's default, aws-lc-rs: it needs no \
setup in the program, and other users of reqwest in the same program share it. To use another provider, disable \
the client's default features, enable `reqwest/rustls-no-provider`, and install the provider. With ring:";

impl Bench {
    /// What is found out about each, turn by turn.
    fn all(&self, consumers: &[Consumer]) -> Result<Vec<Found>> {
        let folders: Vec<_> = consumers.iter().map(|consumer| self.write(consumer)).collect::<Result<_>>()?;
        let begin = |folder: &PathBuf| {
            Ok(Found { crates: self.crates(folder)?, check: Built::default(), release: Built::default(), size: 0 })
        };
        let mut found: Vec<_> = folders.iter().map(begin).collect::<Result<_>>()?;
        for _ in 0..TURNS {
            for (found, folder) in found.iter_mut().zip(&folders) {
                found.check = found.check.or_less(self.built(folder, &["check"])?);
            }
            for ((found, folder), consumer) in found.iter_mut().zip(&folders).zip(consumers) {
                found.release = found.release.or_less(self.built(folder, &["build", "--release"])?);
                let program = self.target().join("release").join(consumer.name());
                found.size =
                    fs::metadata(&program).with_context(|| format!("cargo built no {}", consumer.name()))?.len();
            }
        }
        Ok(found)
    }

    /// The crate of a program, with all it needs from the registry.
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
        let (begun, spent) = (Instant::now(), processor::seconds_of_children());
        run(self.cargo(folder, arguments).args(["--offline", "--quiet"]))?;
        let processor_seconds = processor::seconds_of_children().zip(spent).map(|(end, begin)| end - begin);
        Ok(Built { seconds: Some(begun.elapsed().as_secs_f64()), processor_seconds })
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
        // Progenitor's output is included from where a build script would have put it.
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

/// What a command says.
fn run(command: &mut Command) -> Result<String> {
    let output = command.output().context("cannot start cargo")?;
    if !output.status.success() {
        bail!("{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn table(consumers: &[Consumer], found: &[Found]) -> String {
    let row = |name: &str, decimals: usize, of: &dyn Fn(&Found) -> Option<f64>| Row {
        name: name.to_owned(),
        values: found.iter().map(of).collect(),
        decimals,
        aim: Some(AIM),
    };
    let rows = [
        row("crates", 0, &|found| Some(count(found.crates.len()))),
        row("`cargo check`, seconds of processors", 1, &|found| found.check.processor_seconds),
        row("`cargo check`, seconds", 1, &|found| found.check.seconds),
        row("`cargo build --release`, seconds of processors", 1, &|found| found.release.processor_seconds),
        row("`cargo build --release`, seconds", 1, &|found| found.release.seconds),
        row("stripped program, MB", 2, &|found| Some(bytes(found.size) / 1e6)),
    ];
    markdown(&consumers.iter().map(|consumer| consumer.title).collect::<Vec<_>>(), &rows)
}

/// The crates that ours has and the other has not, each with its reason.
fn difference(ours: &BTreeSet<String>, other: &BTreeSet<String>) -> String {
    let mut text = "Compared with the program by hand, ours also has:\n\n".to_owned();
    // The library's name comes first, and none for the program itself.
    for name in ours.difference(other).filter_map(|line| line.split(' ').next()).filter(|name| !name.is_empty()) {
        let reason = REASONS.iter().find(|(known, _)| *known == name).map_or("not known", |(_, reason)| reason);
        text.push_str(&format!("- `{name}`: {reason}\n"));
    }
    text
}

#[expect(clippy::cast_precision_loss, reason = "a figure to read")]
fn count(number: usize) -> f64 {
    number as f64
}

#[expect(clippy::cast_precision_loss, reason = "a figure to read")]
fn bytes(number: u64) -> f64 {
    number as f64
}
