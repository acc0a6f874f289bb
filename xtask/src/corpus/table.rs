//! The records of a run as a table with its sums, for readers and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::record::{Outcome, Record, Verdict};

const HEAD: [&str; 9] =
    ["document", "parsed", "generated", "compiled", "clippy", "seconds", "operations", "lines", "longest file"];

/// The table, what was refused and why, and the sums.
pub(crate) fn text(records: &[Record]) -> String {
    let rows: Vec<_> = std::iter::once(HEAD.map(str::to_owned)).chain(records.iter().map(row)).collect();
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: [usize; HEAD.len()] = std::array::from_fn(width);
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
            // Words to the left, numbers to the right.
            if column < 5 { format!("{cell:width$}") } else { format!("{cell:>width$}") }
        });
        let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    let reasons: String = records.iter().filter_map(reason).fold(String::new(), |text, line| text + &line + "\n");
    if !reasons.is_empty() {
        let _ = write!(text, "\n{reasons}");
    }
    let _ = write!(text, "\n{}", Sums::of(records).text());
    text
}

/// The same for programs.
pub(crate) fn json(records: &[Record]) -> Value {
    json!({ "documents": records, "sums": Sums::of(records).json() })
}

/// How a document ended, in one line.
pub(crate) fn outcome(record: &Record) -> String {
    let made = &record.made;
    match record.outcome {
        Outcome::Generated => format!("generated, {} lines, {:.1} s", made.lines, record.seconds),
        Outcome::Refused => format!("refused, {}", counts(&made.errors)),
        Outcome::Crashed => "crashed".to_owned(),
        Outcome::TimedOut => "timed out".to_owned(),
    }
}

fn row(record: &Record) -> [String; HEAD.len()] {
    let made = &record.made;
    let is_generated = record.outcome == Outcome::Generated;
    let number = |number: usize| if is_generated { number.to_string() } else { "-".to_owned() };
    let generated = match record.outcome {
        Outcome::Generated => "yes",
        Outcome::Refused => "no",
        Outcome::Crashed => "crashed",
        Outcome::TimedOut => "timed out",
    };
    [
        record.name.clone(),
        if made.parsed { "yes" } else { "no" }.to_owned(),
        generated.to_owned(),
        verdict(record.compiled.as_ref()),
        verdict(record.clippy.as_ref()),
        format!("{:.1}", seconds(record)),
        number(made.operations),
        number(made.lines),
        number(made.longest_file),
    ]
}

fn verdict(verdict: Option<&Verdict>) -> String {
    verdict.map_or("-", |verdict| if verdict.ok { "yes" } else { "no" }).to_owned()
}

/// Of all that was done with the document.
fn seconds(record: &Record) -> f64 {
    let verdicts = [&record.compiled, &record.clippy].into_iter().flatten();
    record.seconds + verdicts.map(|verdict| verdict.seconds).sum::<f64>()
}

/// Why there is no client that compiles.
fn reason(record: &Record) -> Option<String> {
    let verdicts = [("does not compile", &record.compiled), ("clippy complains", &record.clippy)];
    let broken = verdicts.into_iter().find_map(|(what, verdict)| Some((what, verdict.as_ref()?.error.as_ref()?)));
    let made = &record.made;
    let what = match (record.outcome, &made.refusal, broken) {
        (Outcome::Crashed, _, _) => format!("crashed: {}", record.crash.as_deref().unwrap_or_default()),
        (Outcome::TimedOut, _, _) => format!("timed out after {:.0} s", record.seconds),
        (_, Some(refusal), _) => {
            let place =
                refusal.place.map_or_else(|| "no place".to_owned(), |(line, column)| format!("{line}:{column}"));
            let all = counts(&made.errors);
            format!("refused ({all}), first {} at {place} {}: {}", refusal.code, refusal.pointer, refusal.message)
        }
        (_, _, Some((what, error))) => format!("{what}: {error}"),
        _ => return None,
    };
    Some(format!("{}: {what}", record.name).replace(char::is_control, " "))
}

fn counts(errors: &BTreeMap<String, usize>) -> String {
    errors.iter().map(|(code, number)| format!("{code} ×{number}")).collect::<Vec<_>>().join(", ")
}

/// The whole table in one line.
#[derive(Default)]
struct Sums {
    documents: usize,
    parsed: usize,
    generated: usize,
    refused: usize,
    crashed: usize,
    timed_out: usize,
    /// Those that compile, of those that were compiled; and so for clippy.
    compiled: (usize, usize),
    clippy: (usize, usize),
    seconds: f64,
    operations: usize,
    lines: usize,
    /// How many documents have errors of each code.
    codes: BTreeMap<String, usize>,
}

impl Sums {
    fn of(records: &[Record]) -> Self {
        let mut sums = Self::default();
        for record in records {
            sums.documents += 1;
            sums.parsed += usize::from(record.made.parsed);
            match record.outcome {
                Outcome::Generated => sums.generated += 1,
                Outcome::Refused => sums.refused += 1,
                Outcome::Crashed => sums.crashed += 1,
                Outcome::TimedOut => sums.timed_out += 1,
            }
            for (sum, verdict) in [(&mut sums.compiled, &record.compiled), (&mut sums.clippy, &record.clippy)] {
                sum.0 += usize::from(verdict.as_ref().is_some_and(|verdict| verdict.ok));
                sum.1 += usize::from(verdict.is_some());
            }
            sums.seconds += seconds(record);
            sums.operations += record.made.operations;
            sums.lines += record.made.lines;
            for code in record.made.errors.keys() {
                *sums.codes.entry(code.clone()).or_default() += 1;
            }
        }
        sums
    }

    fn text(&self) -> String {
        let Self { documents, parsed, generated, refused, crashed, timed_out, .. } = self;
        let mut text = format!(
            "{documents} documents: {parsed} parsed, {generated} generated, {refused} refused, {crashed} crashed, \
             {timed_out} timed out"
        );
        for (what, (good, all)) in [("compile", self.compiled), ("clippy-clean", self.clippy)] {
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
            "refused": self.refused,
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
