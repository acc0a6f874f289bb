//! The records of a run as a table with totals, as text and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::record::{CargoOutcome, GenerateOutcome, Record};

const HEAD: [&str; 9] =
    ["document", "parsed", "generated", "compiled", "clippy", "seconds", "operations", "lines", "longest file"];

/// The table, the reasons of all failures, and the totals.
pub(crate) fn text(records: &[Record]) -> String {
    let rows: Vec<_> = std::iter::once(HEAD.map(str::to_owned)).chain(records.iter().map(row)).collect();
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: [usize; HEAD.len()] = std::array::from_fn(width);
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
            // Text is left-aligned, numbers are right-aligned.
            if column < 5 { format!("{cell:width$}") } else { format!("{cell:>width$}") }
        });
        let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    let reasons: String = records.iter().filter_map(reason).fold(String::new(), |text, line| text + &line + "\n");
    if !reasons.is_empty() {
        let _ = write!(text, "\n{reasons}");
    }
    let _ = write!(text, "\n{}", Totals::of(records).text());
    text
}

/// The same as JSON, for programs.
pub(crate) fn json(records: &[Record]) -> Value {
    json!({ "documents": records, "totals": Totals::of(records).json() })
}

/// The result for a document, in one line.
pub(crate) fn outcome(record: &Record) -> String {
    let report = &record.report;
    match record.outcome {
        GenerateOutcome::Generated => format!("generated, {} lines, {:.1} s", report.lines, record.seconds),
        GenerateOutcome::Rejected => format!("rejected, {}", counts(&report.errors)),
        GenerateOutcome::Crashed => "crashed".to_owned(),
        GenerateOutcome::TimedOut => "timed out".to_owned(),
    }
}

fn row(record: &Record) -> [String; HEAD.len()] {
    let report = &record.report;
    let is_generated = record.outcome == GenerateOutcome::Generated;
    let number = |number: usize| if is_generated { number.to_string() } else { "-".to_owned() };
    let generated = match record.outcome {
        GenerateOutcome::Generated => "yes",
        GenerateOutcome::Rejected => "no",
        GenerateOutcome::Crashed => "crashed",
        GenerateOutcome::TimedOut => "timed out",
    };
    [
        record.name.clone(),
        if report.parsed { "yes" } else { "no" }.to_owned(),
        generated.to_owned(),
        yes_or_no(record.compiled.as_ref()),
        yes_or_no(record.clippy.as_ref()),
        format!("{:.1}", seconds(record)),
        number(report.operations),
        number(report.lines),
        number(report.longest_file),
    ]
}

fn yes_or_no(outcome: Option<&CargoOutcome>) -> String {
    outcome.map_or("-", |outcome| if outcome.ok { "yes" } else { "no" }).to_owned()
}

/// The total time spent on the document.
fn seconds(record: &Record) -> f64 {
    let outcomes = [&record.compiled, &record.clippy, &record.parts].into_iter().flatten();
    record.seconds + outcomes.map(|outcome| outcome.seconds).sum::<f64>()
}

/// Why there is no client, or why it does not compile.
fn reason(record: &Record) -> Option<String> {
    let outcomes = [
        ("does not compile", &record.compiled),
        ("clippy complains", &record.clippy),
        ("a part does not compile", &record.parts),
    ];
    let broken = outcomes.into_iter().find_map(|(what, outcome)| Some((what, outcome.as_ref()?.error.as_ref()?)));
    let report = &record.report;
    let what = match (record.outcome, &report.rejection, broken) {
        (GenerateOutcome::Crashed, _, _) => format!("crashed: {}", record.crash.as_deref().unwrap_or_default()),
        (GenerateOutcome::TimedOut, _, _) => format!("timed out after {:.0} s", record.seconds),
        (_, Some(rejection), _) => {
            let location = rejection
                .location
                .map_or_else(|| "an unknown location".to_owned(), |(line, column)| format!("{line}:{column}"));
            let all = counts(&report.errors);
            format!(
                "rejected ({all}), first {} at {location} {}: {}",
                rejection.code, rejection.pointer, rejection.message
            )
        }
        (_, _, Some((what, error))) => format!("{what}: {error}"),
        _ => return None,
    };
    Some(format!("{}: {what}", record.name).replace(char::is_control, " "))
}

fn counts(errors: &BTreeMap<String, usize>) -> String {
    errors.iter().map(|(code, number)| format!("{code} ×{number}")).collect::<Vec<_>>().join(", ")
}

/// The totals of the table.
#[derive(Default)]
struct Totals {
    documents: usize,
    parsed: usize,
    generated: usize,
    rejected: usize,
    crashed: usize,
    timed_out: usize,
    /// The number that succeeded, of the number that were checked.
    compiled: (usize, usize),
    clippy: (usize, usize),
    parts: (usize, usize),
    seconds: f64,
    operations: usize,
    lines: usize,
    /// How many documents have errors of each code.
    codes: BTreeMap<String, usize>,
}

impl Totals {
    fn of(records: &[Record]) -> Self {
        let mut totals = Self::default();
        for record in records {
            totals.documents += 1;
            totals.parsed += usize::from(record.report.parsed);
            match record.outcome {
                GenerateOutcome::Generated => totals.generated += 1,
                GenerateOutcome::Rejected => totals.rejected += 1,
                GenerateOutcome::Crashed => totals.crashed += 1,
                GenerateOutcome::TimedOut => totals.timed_out += 1,
            }
            let checks = [
                (&mut totals.compiled, &record.compiled),
                (&mut totals.clippy, &record.clippy),
                (&mut totals.parts, &record.parts),
            ];
            for (sum, outcome) in checks {
                sum.0 += usize::from(outcome.as_ref().is_some_and(|outcome| outcome.ok));
                sum.1 += usize::from(outcome.is_some());
            }
            totals.seconds += seconds(record);
            totals.operations += record.report.operations;
            totals.lines += record.report.lines;
            for code in record.report.errors.keys() {
                *totals.codes.entry(code.clone()).or_default() += 1;
            }
        }
        totals
    }

    fn text(&self) -> String {
        let Self { documents, parsed, generated, rejected, crashed, timed_out, .. } = self;
        let mut text = format!(
            "{documents} documents: {parsed} parsed, {generated} generated, {rejected} rejected, {crashed} crashed, \
             {timed_out} timed out"
        );
        for (what, (good, all)) in
            [("compile", self.compiled), ("clippy-clean", self.clippy), ("compile in parts", self.parts)]
        {
            if all > 0 {
                let _ = write!(text, ", {good} of {all} {what}");
            }
        }
        let _ = write!(text, "; {:.1} s, {} operations, {} lines", self.seconds, self.operations, self.lines);
        if !self.codes.is_empty() {
            let _ = write!(text, "\ndocuments with errors by code: {}", counts(&self.codes));
        }
        text
    }

    fn json(&self) -> Value {
        json!({
            "documents": self.documents,
            "parsed": self.parsed,
            "generated": self.generated,
            "rejected": self.rejected,
            "crashed": self.crashed,
            "timed_out": self.timed_out,
            "compiled": self.compiled.0,
            "compiled_of": self.compiled.1,
            "clippy_clean": self.clippy.0,
            "clippy_of": self.clippy.1,
            "seconds": self.seconds,
            "operations": self.operations,
            "lines": self.lines,
            "documents_by_code": self.codes,
        })
    }
}
