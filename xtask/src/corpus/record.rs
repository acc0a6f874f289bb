//! The result for one document.

use std::collections::BTreeMap;

use generator::Output;
use generator::diagnostics::catalogue::{NOT_AN_OBJECT, NOT_YAML};
use generator::diagnostics::{Diagnostic, Diagnostics, Severity};
use serde::{Deserialize, Serialize};

use crate::memory;

/// Everything recorded for a document.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Its name in the table.
    pub(crate) name: String,
    /// A hash of the document and the generator, to detect changes.
    pub(crate) key: String,
    pub(crate) outcome: GenerateOutcome,
    /// How long it took to generate, in seconds.
    pub(crate) seconds: f64,
    /// The message of the crash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) crash: Option<String>,
    /// The report of the generating process, unless it crashed.
    #[serde(flatten)]
    pub(crate) report: GenerateReport,
    /// The result of `cargo check`, if it was run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) compiled: Option<CargoOutcome>,
    /// The result of `cargo clippy`, if it was run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) clippy: Option<CargoOutcome>,
    /// The result of `cargo check` with each feature that enables a part of the API, if it was run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parts: Option<CargoOutcome>,
}

/// How the generator ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GenerateOutcome {
    Generated,
    Rejected,
    Crashed,
    TimedOut,
}

/// The result of a cargo command.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CargoOutcome {
    pub(crate) ok: bool,
    /// How long it took, in seconds.
    pub(crate) seconds: f64,
    /// The first error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

/// The report of the generating process.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct GenerateReport {
    /// Whether the text is YAML or JSON with an object at its root.
    pub(crate) parsed: bool,
    pub(crate) operations: usize,
    pub(crate) types: usize,
    pub(crate) files: usize,
    /// Lines of the library, without the runtime that all clients share.
    pub(crate) lines: usize,
    /// Lines of the longest file.
    pub(crate) longest_file: usize,
    pub(crate) warnings: usize,
    /// The number of errors with each code.
    pub(crate) errors: BTreeMap<String, usize>,
    /// The first error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rejection: Option<Rejection>,
    /// The number of errors without a location in the document.
    pub(crate) errors_without_location: usize,
    /// The peak memory, in kibibytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) memory_kib: Option<u64>,
}

/// The first error of a rejected document.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Rejection {
    pub(crate) code: String,
    /// The location as a JSON pointer.
    pub(crate) pointer: String,
    /// Line and column, counted from one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) location: Option<(usize, usize)>,
    pub(crate) message: String,
}

impl GenerateReport {
    /// For a document whose client was generated.
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

    /// For a document that was rejected.
    pub(crate) fn of_errors(diagnostics: &Diagnostics) -> Self {
        let errors: Vec<_> =
            diagnostics.sorted().into_iter().filter(|item| item.code.severity() == Severity::Error).collect();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for error in &errors {
            *counts.entry(error.code.id.to_owned()).or_default() += 1;
        }
        Self {
            parsed: ![NOT_YAML.id, NOT_AN_OBJECT.id].iter().any(|code| counts.contains_key(*code)),
            warnings: diagnostics.warnings(),
            errors: counts,
            rejection: errors.first().copied().map(Rejection::of),
            errors_without_location: errors.iter().filter(|error| error.span.is_none()).count(),
            memory_kib: memory::peak(),
            ..Self::default()
        }
    }
}

impl Rejection {
    fn of(error: &Diagnostic) -> Self {
        Self {
            code: error.code.id.to_owned(),
            pointer: error.pointer.as_str().to_owned(),
            location: error.span.map(|span| (span.line, span.column)),
            message: error.message.clone(),
        }
    }
}

impl Record {
    /// Whether the generator is at fault, rather than the document.
    pub(crate) fn is_failure(&self) -> bool {
        let is_broken = |outcome: &Option<CargoOutcome>| outcome.as_ref().is_some_and(|outcome| !outcome.ok);
        matches!(self.outcome, GenerateOutcome::Crashed | GenerateOutcome::TimedOut)
            || is_broken(&self.compiled)
            || is_broken(&self.clippy)
            || is_broken(&self.parts)
    }
}
