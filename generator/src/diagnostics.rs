//! What the generator has to say about a document: collected, ordered by place, rendered in one way.
//!
//! Stages push diagnostics and go on; only the gates between stages stop a run. Nothing here decides what is wrong.

pub mod catalogue;
mod json;
mod render;

pub use render::Palette;

use std::collections::HashSet;

use crate::document::{Document, Fault, Location, Pointer, Span};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// The client is written, with the loss or the doubt that is named.
    Warning,
}

/// A kind of diagnostic, with a number that never changes its meaning.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// `E001`, `W001`.
    pub id: &'static str,
    /// What a maintainer can do about it, unless the diagnostic knows better.
    pub help: &'static str,
    /// What it means and why it is reported, in full sentences.
    pub explanation: &'static str,
}

impl Code {
    /// Read off the first letter of the number.
    #[must_use]
    pub fn severity(&self) -> Severity {
        if self.id.starts_with('E') { Severity::Error } else { Severity::Warning }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its kind.
    pub code: &'static Code,
    /// The place in the document, as a JSON pointer.
    pub pointer: Pointer,
    /// The place in the text, where the document could be parsed far enough to know it.
    pub span: Option<Span>,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// The findings of one run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
    known: HashSet<(&'static str, Pointer, String)>,
}

impl Diagnostics {
    /// Reports a finding at a place of the document, with the remedy of its code.
    pub fn report(&mut self, document: &Document, code: &'static Code, pointer: &Pointer, message: impl Into<String>) {
        self.report_at(code, Some(&document.location(pointer)), message);
    }

    /// Reports a finding at a location, or at the document as a whole.
    pub fn report_at(&mut self, code: &'static Code, location: Option<&Location>, message: impl Into<String>) {
        let (pointer, span) =
            location.map_or_else(|| (Pointer::root(), None), |location| (location.pointer.clone(), location.span));
        self.push(Diagnostic { code, pointer, span, message: message.into(), help: code.help.to_owned() });
    }

    /// Adds a finding that is complete already.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let is_new = self.known.insert((diagnostic.code.id, diagnostic.pointer.clone(), diagnostic.message.clone()));
        if is_new {
            self.items.push(diagnostic);
        }
    }

    /// Adds all findings of another run.
    pub fn extend(&mut self, other: Self) {
        other.items.into_iter().for_each(|item| self.push(item));
    }

    /// Those of the findings that are warnings.
    #[must_use]
    pub fn only_warnings(mut self) -> Self {
        self.items.retain(|item| item.code.severity() == Severity::Warning);
        self
    }

    /// All findings: errors first, each kind in the order of the text.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut items: Vec<_> = self.items.iter().collect();
        items.sort_by_key(|item| (item.code.severity(), item.span, item.code.id));
        items
    }

    /// How many findings are errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    /// How many findings are warnings.
    #[must_use]
    pub fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    fn count(&self, severity: Severity) -> usize {
        self.items.iter().filter(|item| item.code.severity() == severity).count()
    }

    /// Adds the findings of a stage, and returns what it made.
    pub fn keep<T>(&mut self, (value, more): (T, Self)) -> T {
        self.extend(more);
        value
    }

    /// The gate between two stages.
    ///
    /// # Errors
    ///
    /// All findings, which are moved out, if one of them is an error.
    pub fn gate(&mut self) -> Result<(), Self> {
        if self.errors() == 0 { Ok(()) } else { Err(std::mem::take(self)) }
    }

    /// These findings and those of a stage that failed.
    #[must_use]
    pub fn with(mut self, more: Self) -> Self {
        self.extend(more);
        self
    }
}

impl Diagnostic {
    /// Why a text could not be read, as a finding of this kind.
    #[must_use]
    pub fn of_fault(code: &'static Code, fault: Fault) -> Self {
        Self { code, pointer: Pointer::root(), span: fault.span, message: fault.message, help: code.help.to_owned() }
    }

    /// What is wrong with the generator itself, and so at no place of the document.
    #[must_use]
    pub fn of_generator(code: &'static Code, message: String) -> Self {
        Self { code, pointer: Pointer::root(), span: None, message, help: code.help.to_owned() }
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        let mut diagnostics = Self::default();
        diagnostics.push(diagnostic);
        diagnostics
    }
}

impl From<Fault> for Diagnostics {
    fn from(fault: Fault) -> Self {
        let code = if fault.is_sound { &catalogue::NOT_AN_OBJECT } else { &catalogue::NOT_YAML };
        let mut diagnostics = Self::default();
        diagnostics.push(Diagnostic::of_fault(code, fault));
        diagnostics
    }
}
