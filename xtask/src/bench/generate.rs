//! Measures the time of each stage and the memory of the generator, by the size of the document. Each run is a separate
//! process.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use super::programs::Programs;
use super::{callgrind, machine, synthetic};
use crate::memory;
use clientsmith::spec::Spec;
use clientsmith::stopwatch::Stopwatch;

/// The measurements of one run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Run {
    /// The number of operations.
    pub(crate) operations: usize,
    /// The size of the document, in bytes.
    pub(crate) bytes: usize,
    /// Lines of all generated files.
    pub(crate) lines: usize,
    /// Lines of the Rust files other than the runtime.
    pub(crate) own_lines: usize,
    /// Lines of the longest Rust file.
    pub(crate) longest_file: usize,
    /// The stages in order, with their times in milliseconds.
    pub(crate) stages: Vec<(String, f64)>,
    /// The peak memory, in kibibytes.
    pub(crate) memory_kib: Option<u64>,
    /// Instructions of the whole process, if requested.
    #[serde(default)]
    pub(crate) instructions: Option<f64>,
}

/// The maximum growth of the time for ten times as many operations.
const AIM: f64 = 10.5;

/// The maximum time of `regen`, in milliseconds.
const REGEN_AIM: f64 = 12.0;

/// The largest document whose instructions are counted: counting is about fifty times slower than running.
const MOST_COUNTED: usize = 1000;

/// Generates from a synthetic document once, in this process.
pub(crate) fn once(operations: usize) -> Result<Run> {
    once_from(&Spec::of_text("synthetic.json", synthetic::document(operations).to_string()))
}

/// Generates once, in this process.
pub(crate) fn once_from(spec: &Spec) -> Result<Run> {
    let mut watch = Stopwatch::start();
    let output = spec.run(|input| generator::generate_in_stages(input, &mut |stage| watch.lap(stage)))?;
    let Ok(output) = output else { bail!("{} was rejected", spec.shown) };
    let rust = || output.tree.iter().filter(|(path, _)| path.starts_with("src/"));
    let own = rust().filter(|(path, _)| !path.starts_with("src/runtime"));
    Ok(Run {
        operations: output.api.operations.len(),
        own_lines: own.map(|(_, text)| text.lines().count()).sum(),
        bytes: spec.text.len(),
        lines: output.tree.iter().map(|(_, text)| text.lines().count()).sum(),
        longest_file: rust().map(|(_, text)| text.lines().count()).max().unwrap_or_default(),
        stages: watch.laps().map(|(stage, time)| (stage.to_owned(), time.as_secs_f64() * 1000.0)).collect(),
        memory_kib: memory::peak(),
        instructions: None,
    })
}

/// The fastest time of each stage in several runs.
pub(crate) fn best(program: &Path, operations: usize, runs: usize) -> Result<Run> {
    let mut best = run_once(program, operations)?;
    for _ in 1..runs {
        let next = run_once(program, operations)?;
        for (least, (_, time)) in best.stages.iter_mut().zip(next.stages) {
            least.1 = least.1.min(time);
        }
        best.memory_kib = best.memory_kib.min(next.memory_kib);
    }
    Ok(best)
}

/// The instructions of a run. `None` if the document is too large to count them.
pub(crate) fn instructions(program: &Path, operations: usize) -> Result<Option<f64>> {
    let is_counted = operations <= MOST_COUNTED;
    is_counted.then(|| callgrind::instructions(&once_command(program, operations))).transpose()
}

/// The program to measure: a release build of this package, or this executable if `as_built` is set.
pub(crate) fn program(as_built: bool) -> Result<PathBuf> {
    if cfg!(debug_assertions) && !as_built {
        return Ok(Programs::build("xtask")?.path("xtask")?.to_owned());
    }
    env::current_exe().context("cannot determine the path of this executable")
}

fn once_command(program: &Path, operations: usize) -> Command {
    let mut command = Command::new(program);
    command.args(["bench", "generate-once", &operations.to_string()]);
    command
}

/// The fastest time of `regen` of the workspace's document as a whole process, in milliseconds: with all files to write, and
/// with nothing to do.
pub(crate) fn regen(program: &Path, runs: usize) -> Result<[f64; 2]> {
    let mut best = [f64::INFINITY; 2];
    for _ in 0..runs {
        let folder = tempfile::tempdir()?;
        let out = folder.path().join("client");
        let out = out.to_str().context("the path of the temporary folder is not UTF-8")?;
        for least in &mut best {
            let start = Instant::now();
            let output = Command::new(program).args(["regen", "--out", out]).output()?;
            *least = least.min(start.elapsed().as_secs_f64() * 1000.0);
            if !output.status.success() {
                bail!("regen: {}", String::from_utf8_lossy(&output.stderr));
            }
        }
    }
    Ok(best)
}

/// The section of the page. A value that misses its target has an exclamation mark.
pub(crate) fn section(sizes: &[(usize, Run)], [written, idle]: [f64; 2]) -> Result<String> {
    let machine = machine::describe(&["progenitor-impl", "syn", "prettyplease"])?;
    let [written, idle] = [written, idle].map(|time| {
        let mark = if time.round() > REGEN_AIM { "!" } else { "" };
        format!("{time:.0} ms{mark}")
    });
    Ok(format!(
        "{machine}\n\nSynthetic documents; each run is a separate process of a release build, and the fastest time of each stage \
         counts. Between two sizes is the growth factor for ten times as many operations, with an exclamation mark if a time \
         grows more than {AIM} times.\n\n\
         ```text\n{}```\n\n`cargo xtask regen` of `openapi.yaml`, as a whole process, fastest run: {written} with all files to \
         write, {idle} with nothing to do.\n",
        table(sizes)
    ))
}

/// Generates from a document in a separate process.
pub(crate) fn of_document(program: &Path, document: &Path) -> Result<Run> {
    let mut command = Command::new(program);
    let output =
        command.args(["bench", "generate-document"]).arg(document).output().context("cannot start the generator")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    serde_json::from_slice(&output.stdout).context("the run printed invalid JSON")
}

fn run_once(program: &Path, operations: usize) -> Result<Run> {
    let output = once_command(program, operations).output()?;
    if !output.status.success() {
        bail!("{operations} operations: {}", String::from_utf8_lossy(&output.stderr));
    }
    serde_json::from_slice(&output.stdout).context("the run printed invalid JSON")
}

/// A row for each stage and a column for each size; between two sizes the growth factor for ten times as many operations.
pub(crate) fn table(sizes: &[(usize, Run)]) -> String {
    let mut rows = vec![row("operations", sizes.iter().map(|(operations, _)| operations.to_string()).collect(), None)];
    let stages: Vec<String> =
        sizes.iter().take(1).flat_map(|(_, run)| run.stages.iter().map(|(stage, _)| stage.clone())).collect();
    for (index, stage) in stages.iter().enumerate() {
        rows.push(measured(&format!("{stage}, ms"), Some(AIM), sizes, |run| {
            run.stages.get(index).map_or(f64::NAN, |stage| stage.1)
        }));
    }
    rows.push(measured("total, ms", Some(AIM), sizes, |run| run.stages.iter().map(|(_, time)| time).sum()));
    if sizes.iter().any(|(_, run)| run.instructions.is_some()) {
        rows.push(measured("instructions, M", None, sizes, |run| {
            run.instructions.map_or(f64::NAN, |number| number / 1e6)
        }));
    }
    rows.push(measured("memory, MiB", None, sizes, |run| {
        run.memory_kib.map_or(f64::NAN, |kib| to_float(kib) / 1024.0)
    }));
    rows.push(measured("document, KiB", None, sizes, |run| count(run.bytes) / 1024.0));
    rows.push(measured("lines, thousands", None, sizes, |run| count(run.lines) / 1000.0));
    rows.push(row("longest file, lines", sizes.iter().map(|(_, run)| run.longest_file.to_string()).collect(), None));
    rows.concat()
}

fn measured(name: &str, aim: Option<f64>, sizes: &[(usize, Run)], of: impl Fn(&Run) -> f64) -> String {
    let values: Vec<f64> = sizes.iter().map(|(_, run)| of(run)).collect();
    let growth = sizes.windows(2).zip(values.windows(2)).map(|(sizes, values)| {
        let ([(few, _), (many, _)], [less, more]) = (sizes, values) else { return String::new() };
        let steps = (count(*many) / count(*few)).log10();
        let growth = ((more / less).powf(1.0 / steps) * 10.0).round() / 10.0;
        figure("×", growth) + if aim.is_some_and(|aim| growth > aim) { "!" } else { "" }
    });
    row(name, values.iter().map(|value| figure("", *value)).collect(), Some(growth.collect()))
}

/// A value that was not measured is shown as a dash.
fn figure(sign: &str, value: f64) -> String {
    if value.is_nan() { "–".to_owned() } else { format!("{sign}{value:.1}") }
}

fn row(name: &str, cells: Vec<String>, between: Option<Vec<String>>) -> String {
    let mut between = between.unwrap_or_default().into_iter();
    let mut text = format!("{name:20}");
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            text.push_str(&format!(" {:>6}", between.next().unwrap_or_default()));
        }
        text.push_str(&format!(" {cell:>10}"));
    }
    text + "\n"
}

#[expect(clippy::cast_precision_loss, reason = "a number for display")]
fn count(number: usize) -> f64 {
    number as f64
}

#[expect(clippy::cast_precision_loss, reason = "a number for display")]
fn to_float(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_scaled_to_ten_times_as_many_operations() {
        let run = |time: f64| Run {
            operations: 10,
            own_lines: 8,
            bytes: 1024,
            lines: 1000,
            longest_file: 70,
            stages: vec![("types".to_owned(), time)],
            memory_kib: Some(2048),
            instructions: None,
        };
        let text = table(&[(10, run(1.0)), (1000, run(400.0))]);
        let line = |name: &str| text.lines().find(|line| line.starts_with(name)).map(str::split_whitespace);
        let types: Vec<_> = line("types").into_iter().flatten().collect();
        assert_eq!(types, ["types,", "ms", "1.0", "×20.0!", "400.0"]);
        let memory: Vec<_> = line("memory").into_iter().flatten().collect();
        assert_eq!(memory, ["memory,", "MiB", "2.0", "×1.0", "2.0"]);
    }
}
