//! What came of a document.

use std::collections::BTreeMap;

use generator::Output;
use generator::diagnostics::catalogue::{NOT_AN_OBJECT, NOT_YAML};
use generator::diagnostics::{Diagnostic, Diagnostics, Severity};
use serde::{Deserialize, Serialize};

use crate::memory;

/// All that is remembered of a document.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Its name in the table.
    pub(crate) name: String,
    /// Tells whether the document or the generator has changed since.
    pub(crate) key: String,
    pub(crate) outcome: Outcome,
    /// How long it took to generate, in seconds.
    pub(crate) seconds: f64,
    /// What there is to say of a crash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) crash: Option<String>,
    /// What the process said of it, unless it crashed.
    #[serde(flatten)]
    pub(crate) made: Made,
    /// Whether what was generated compiles, when it was tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) compiled: Option<Verdict>,
    /// Whether clippy had nothing to say, when it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) clippy: Option<Verdict>,
}

/// How the generator ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Generated,
    Refused,
    Crashed,
    TimedOut,
}

/// What cargo said.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Verdict {
    pub(crate) ok: bool,
    /// How long it took, in seconds.
    pub(crate) seconds: f64,
    /// The first error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

/// What the process that generates says of its document.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Made {
    /// Whether the text is YAML or JSON with an object at its root.
    pub(crate) parsed: bool,
    pub(crate) operations: usize,
    pub(crate) types: usize,
    pub(crate) files: usize,
    /// Lines of the library, without the runtime that all clients share.
    pub(crate) lines: usize,
    /// Those of the longest file.
    pub(crate) longest_file: usize,
    pub(crate) warnings: usize,
    /// How many errors there are of each code.
    pub(crate) errors: BTreeMap<String, usize>,
    /// The first error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refusal: Option<Refusal>,
    /// How many errors have no place in the text.
    pub(crate) errors_without_place: usize,
    /// The most memory it took, in kibibytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) memory_kib: Option<u64>,
}

/// Why nothing came of a document.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    /// The place, as a JSON pointer.
    pub(crate) pointer: String,
    /// Line and column, from one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) place: Option<(usize, usize)>,
    pub(crate) message: String,
}

impl Made {
    /// Of a document that a client came of.
    pub(crate) fn of_output(output: &Output) -> Self {
        let rust = output.tree.iter().filter(|(path, _)| path.starts_with("src/") && !path.starts_with("src/runtime"));
        let lines: Vec<usize> = rust.map(|(_, text)| text.lines().count()).collect();
        Self {
            parsed: true,
            operations: output.api.operations.len(),
            types: output.api.types.len(),
            files: output.tree.len(),
            lines: lines.iter().sum(),
            longest_file: lines.into_iter().max().unwrap_or_default(),
            warnings: output.diagnostics.warnings(),
            memory_kib: memory::peak(),
            ..Self::default()
        }
    }

    /// Of a document that none came of.
    pub(crate) fn of_refusal(found: &Diagnostics) -> Self {
        let errors: Vec<_> =
            found.sorted().into_iter().filter(|item| item.code.severity() == Severity::Error).collect();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for error in &errors {
            *counts.entry(error.code.id.to_owned()).or_default() += 1;
        }
        Self {
            parsed: ![NOT_YAML.id, NOT_AN_OBJECT.id].iter().any(|code| counts.contains_key(*code)),
            warnings: found.warnings(),
            errors: counts,
            refusal: errors.first().copied().map(Refusal::of),
            errors_without_place: errors.iter().filter(|error| error.span.is_none()).count(),
            memory_kib: memory::peak(),
            ..Self::default()
        }
    }
}

impl Refusal {
    fn of(error: &Diagnostic) -> Self {
        Self {
            code: error.code.id.to_owned(),
            pointer: error.pointer.as_str().to_owned(),
            place: error.span.map(|span| (span.line, span.column)),
            message: error.message.clone(),
        }
    }
}

impl Record {
    /// Whether something is wrong with the generator, rather than with the document.
    pub(crate) fn is_failure(&self) -> bool {
        let is_broken = |verdict: &Option<Verdict>| verdict.as_ref().is_some_and(|verdict| !verdict.ok);
        matches!(self.outcome, Outcome::Crashed | Outcome::TimedOut)
            || is_broken(&self.compiled)
            || is_broken(&self.clippy)
    }
}
