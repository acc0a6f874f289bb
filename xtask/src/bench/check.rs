//! Measures the clients of documents: what it costs to generate them and to compile them, and how long they are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use clientsmith::paths::shown;

use super::generate::{self, Run};
use super::peers::{self, Peer};
use super::targets::{self, Target};
use super::{compile, machine};
use crate::corpus::record::CargoOutcome;
use crate::corpus::{cargo, documents};
use crate::processor;

/// Clients of more operations are not compiled: that would take hours, and more memory than most machines have.
const MOST_COMPILED: usize = 2_000;

/// The target of the median of the lines per operation.
const MOST_LINES: usize = 200;

/// How many features of namespaces are measured.
const PARTS: usize = 5;

/// The features of the smallest client: the part of it that each namespace needs.
const WHOLE: [&str; 2] = ["client", "types"];

/// What a client costs. Times are seconds of processor time.
struct Costs {
    name: String,
    run: Run,
    generate: Option<f64>,
    check: Option<f64>,
    /// The median for one namespace.
    part: Option<f64>,
}

/// Measures the clients of the documents in a folder, and returns the section of the page. `program` is a release build of this
/// package.
pub(crate) fn measure(folder: &Path, program: &Path) -> Result<String> {
    let documents = documents::paths(folder)?;
    let target = tempfile::tempdir()?;
    let machine = machine::describe(&["progenitor-impl", "syn", "serde"])?;
    let costs = documents.iter().map(|document| costs(document, program, target.path())).collect::<Result<Vec<_>>>()?;
    let peers = peers_section(&documents, &costs, program, target.path())?;
    let targets = targets::read(folder)?;
    let parts = [machine, sources(&targets), table(&costs, &targets), peers];
    Ok(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n"))
}

/// Lists where the documents come from. Returns an empty string if the folder does not state it.
fn sources(targets: &BTreeMap<String, Target>) -> String {
    let lines: Vec<String> = targets.iter().map(|(name, target)| format!("- {name}: {}", target.source)).collect();
    if lines.is_empty() { String::new() } else { format!("The documents:\n\n{}", lines.join("\n")) }
}

/// Measures our generator beside the others. Returns an empty string if no other generator is installed.
fn peers_section(documents: &[PathBuf], ours: &[Costs], program: &Path, target: &Path) -> Result<String> {
    let installed = Peer::installed();
    if installed.is_empty() {
        return Ok(String::new());
    }
    let mut rows = Vec::new();
    for (document, ours) in documents.iter().zip(ours) {
        let is_compiled = ours.run.operations <= MOST_COMPILED;
        let mut costs = vec![peers::ours(document, program, target, is_compiled)?];
        for (peer, _) in &installed {
            costs.push(peer.measure(document, target, is_compiled)?);
        }
        rows.push((name(document), costs));
    }
    Ok(peers::table(&installed, &rows))
}

fn name(document: &Path) -> String {
    document.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn costs(document: &Path, program: &Path, target: &Path) -> Result<Costs> {
    let (run, generate) = timed(|| generate::of_document(program, document))?;
    let client = tempfile::tempdir()?;
    let mut command = Command::new(program);
    command.args(["corpus-document", "--spec"]).arg(document).arg("--out").arg(client.path());
    if !command.output().context("cannot start the generator")?.status.success() {
        bail!("{} was rejected", shown(document));
    }
    let name = name(document);
    if run.operations > MOST_COMPILED {
        return Ok(Costs { name, run, generate, check: None, part: None });
    }
    let check = fastest(document, client.path(), target, cargo::check)?;
    let part = median_part(document, client.path(), target)?;
    Ok(Costs { name, run, generate, check, part })
}

/// Returns the median time to compile a client with one namespace, of a few namespaces. `None` if it has no features for them.
fn median_part(document: &Path, client: &Path, target: &Path) -> Result<Option<f64>> {
    let mut parts = cargo::parts(client)?;
    parts.retain(|part| !WHOLE.contains(&part.as_str()));
    let step = parts.len().div_ceil(PARTS).max(1);
    let mut times = Vec::new();
    for part in parts.iter().step_by(step) {
        times.extend(fastest(document, client, target, |client, target| cargo::check_with(part, client, target))?);
    }
    times.sort_by(f64::total_cmp);
    Ok(times.get(times.len() / 2).copied())
}

/// Returns the time of the fastest compilation.
fn fastest(
    document: &Path,
    client: &Path,
    target: &Path,
    compile: impl Fn(&Path, &Path) -> Result<CargoOutcome>,
) -> Result<Option<f64>> {
    compile::fastest(client, || {
        let (outcome, seconds) = timed(|| compile(client, target))?;
        match outcome.error {
            None => Ok(Some(seconds)),
            Some(error) => bail!("the client of {} does not compile: {error}", shown(document)),
        }
    })
}

/// Runs a function that waits for child processes. Returns their processor time, if the system reports it.
fn timed<T>(run: impl FnOnce() -> Result<T>) -> Result<(T, Option<f64>)> {
    let before = processor::seconds_of_children();
    let value = run()?;
    let after = processor::seconds_of_children();
    Ok((value, after.zip(before).map(|(after, before)| after - before)))
}

fn table(all: &[Costs], targets: &BTreeMap<String, Target>) -> String {
    let mut text = format!(
        "Generated with a release build, without writing the files, and compiled with `cargo check` and the features `full`, `tracing`, \
         `blocking` and `test-util`, after the dependencies; the faster of two compilations counts, and those that take over a minute are \
         not repeated. Clients of more than {MOST_COMPILED} operations are not compiled. \
         One namespace is the median of up to five features of namespaces, without the others. Times are seconds of processor time. \
         Lines are those of Rust, without the runtime. A value above its target is bold, and – is a value that was not measured.\n\n\
         | document | operations | generate, s | target | memory, MiB | target | `cargo check`, s | with one namespace, s | ratio | lines | lines per operation |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n"
    );
    let seconds = |time: Option<f64>| time.map_or("–".to_owned(), |time| format!("{time:.2}"));
    for Costs { name, run, generate, check, part } in all {
        let target = targets.get(name).cloned().unwrap_or_default();
        let memory = run.memory_kib.map(|kib| kib / 1024);
        let each = run.own_lines.checked_div(run.operations).map_or("–".to_owned(), |lines| lines.to_string());
        let ratio = part.zip(*check).map(|(part, check)| part / check);
        let cells = [
            name.clone(),
            run.operations.to_string(),
            marked(seconds(*generate), generate.zip(target.seconds).is_some_and(|(time, most)| time > most)),
            seconds(target.seconds),
            marked(
                memory.map_or("–".to_owned(), |mib| mib.to_string()),
                memory.zip(target.memory_mib).is_some_and(|(mib, most)| mib > most),
            ),
            target.memory_mib.map_or("–".to_owned(), |mib| mib.to_string()),
            seconds(*check),
            seconds(*part),
            seconds(ratio),
            run.own_lines.to_string(),
            each,
        ];
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    let mut each: Vec<_> =
        all.iter().filter_map(|costs| costs.run.own_lines.checked_div(costs.run.operations)).collect();
    each.sort_unstable();
    if let Some(median) = each.get(each.len() / 2) {
        let median = marked(median.to_string(), *median > MOST_LINES);
        text.push_str(&format!("\nMedian of the lines per operation: {median}; the target is at most {MOST_LINES}.\n"));
    }
    text
}

fn marked(value: String, is_missed: bool) -> String {
    if is_missed { format!("**{value}**") } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_measured_is_not_a_number_and_missed_targets_are_bold() {
        let run = |operations, own_lines| Run { operations, own_lines, memory_kib: Some(2048), ..Run::default() };
        let costs =
            |name: &str, run, check| Costs { name: name.to_owned(), run, generate: Some(0.5), check, part: check };
        let target = |seconds, memory_mib| Target { source: "x 1.0".to_owned(), seconds, memory_mib };
        let targets = BTreeMap::from([
            ("a.yaml".to_owned(), target(Some(0.4), Some(1))),
            ("b.yaml".to_owned(), target(Some(0.5), Some(2))),
        ]);
        let table = table(&[costs("a.yaml", run(10, 1234), Some(1.25)), costs("b.yaml", run(0, 50), None)], &targets);
        assert!(
            table.contains("| a.yaml | 10 | **0.50** | 0.40 | **2** | 1 | 1.25 | 1.25 | 1.00 | 1234 | 123 |\n"),
            "{table}"
        );
        assert!(table.contains("| b.yaml | 0 | 0.50 | 0.50 | 2 | 2 | – | – | – | 50 | – |\n"), "{table}");
        assert!(table.ends_with("\nMedian of the lines per operation: 123; the target is at most 200.\n"), "{table}");
    }
}
