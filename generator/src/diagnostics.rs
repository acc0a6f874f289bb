//! Diagnostics: what the generator reports about a document, collected by all stages and printed in one format.
//!
//! Stages push diagnostics and continue; only the gates between stages stop a run. Nothing here decides what is wrong.

pub mod catalogue;
mod json;
mod render;

pub use render::Palette;

use std::collections::HashSet;
use std::fmt;

use crate::document::{Document, Fault, Location, Pointer, Span};

/// How severe a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// No client is written.
    Error,
    /// The client is written, with the loss or the uncertainty that the message names.
    Warning,
}

/// A kind of diagnostic, with a number whose meaning never changes.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// The number, such as `E001` or `W001`.
    pub id: &'static str,
    /// What a maintainer can do about it, unless the diagnostic has more specific help.
    pub help: &'static str,
    /// What it means, and what the client then does or why there is none, in full sentences.
    pub explanation: &'static str,
    /// What causes it, and what does not.
    pub example: Example,
}

/// An example of a diagnostic.
#[derive(Debug, PartialEq, Eq)]
pub enum Example {
    /// Fragments of a document or an overlay, from the root on. What they leave out is valid.
    Fragments {
        /// Causes the diagnostic.
        wrong: &'static str,
        /// Causes none.
        right: &'static str,
    },
    /// No known document causes the diagnostic, for this reason.
    Unknown(&'static str),
}

impl Code {
    /// Returns the severity, which the first letter of the number determines.
    #[must_use]
    pub fn severity(&self) -> Severity {
        if self.id.starts_with('E') { Severity::Error } else { Severity::Warning }
    }
}

/// One diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind.
    pub code: &'static Code,
    /// The location in the document, as a JSON pointer.
    pub pointer: Pointer,
    /// The position in the source, if the document could be parsed far enough to know it.
    pub span: Option<Span>,
    /// How severe it is: as its code, unless the user denies the code.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// `error[E006] at 14:17: message`, and the help in another line.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}[{}]", self.code.id)?;
        if let Some(span) = self.span {
            write!(f, " at {}:{}", span.line, span.column)?;
        }
        write!(f, ": {}\n  help: {}", self.message, self.help)
    }
}

/// The diagnostics of one run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
    known: HashSet<(&'static str, Pointer, String)>,
}

/// One diagnostic after the other, errors first. [`Diagnostics::render_sources`] shows the lines of the document too.
impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.sorted().into_iter().enumerate() {
            write!(f, "{}{diagnostic}", if index == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

impl Diagnostics {
    /// Reports a diagnostic at a location in the document, with the help of its code.
    pub fn report(&mut self, document: &Document, code: &'static Code, pointer: &Pointer, message: impl Into<String>) {
        self.report_at(code, Some(&document.location(pointer)), message);
    }

    /// Reports a diagnostic at a location, or for the document as a whole.
    pub fn report_at(&mut self, code: &'static Code, location: Option<&Location>, message: impl Into<String>) {
        let (pointer, span) =
            location.map_or_else(|| (Pointer::root(), None), |location| (location.pointer.clone(), location.span));
        let (severity, help) = (code.severity(), code.help.to_owned());
        self.push(Diagnostic { code, pointer, span, severity, message: message.into(), help });
    }

    /// Reports a diagnostic at a position in the configuration, which no pointer describes, with its own help.
    pub(crate) fn report_in_configuration(
        &mut self,
        code: &'static Code,
        (source, (line, column)): (usize, (usize, usize)),
        message: String,
        help: &str,
    ) {
        let span = Some(Span { source, line, column });
        let (severity, help) = (code.severity(), help.to_owned());
        self.push(Diagnostic { code, pointer: Pointer::root(), span, severity, message, help });
    }

    /// Adds a complete diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let is_new = self.known.insert((diagnostic.code.id, diagnostic.pointer.clone(), diagnostic.message.clone()));
        if is_new {
            self.items.push(diagnostic);
        }
    }

    /// Adds all diagnostics of `other`.
    pub fn extend(&mut self, other: Self) {
        other.items.into_iter().for_each(|item| self.push(item));
    }

    /// Returns only the warnings.
    #[must_use]
    pub fn only_warnings(mut self) -> Self {
        self.items.retain(|item| item.severity == Severity::Warning);
        self
    }

    /// Returns all diagnostics: errors first, each severity in source order.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut items: Vec<_> = self.items.iter().collect();
        items.sort_by_key(|item| (item.severity, item.span, item.code.id));
        items
    }

    /// Leaves out the diagnostics whose code does not match.
    pub fn retain(&mut self, matches: impl Fn(&Code) -> bool) {
        self.items.retain(|diagnostic| matches(diagnostic.code));
    }

    /// Makes the diagnostics whose code matches errors.
    pub fn deny(&mut self, matches: impl Fn(&Code) -> bool) {
        for diagnostic in self.items.iter_mut().filter(|diagnostic| matches(diagnostic.code)) {
            diagnostic.severity = Severity::Error;
        }
    }

    /// Whether there is a diagnostic with a code.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.items.iter().any(|diagnostic| diagnostic.code.id == id)
    }

    /// Returns the number of errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    /// Returns the number of warnings.
    #[must_use]
    pub fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    fn count(&self, severity: Severity) -> usize {
        self.items.iter().filter(|item| item.severity == severity).count()
    }

    /// Adds the diagnostics of a stage and returns the stage's result.
    pub fn keep<T>(&mut self, (value, more): (T, Self)) -> T {
        self.extend(more);
        value
    }

    /// The gate between two stages.
    ///
    /// # Errors
    ///
    /// Returns all diagnostics, and leaves none behind, if one of them is an error.
    pub fn gate(&mut self) -> Result<(), Self> {
        if self.errors() == 0 { Ok(()) } else { Err(std::mem::take(self)) }
    }

    /// Returns these diagnostics together with those of a stage that failed.
    #[must_use]
    pub fn with(mut self, more: Self) -> Self {
        self.extend(more);
        self
    }
}

impl Diagnostic {
    /// Returns a diagnostic of this kind for a source that could not be parsed.
    #[must_use]
    pub fn of_fault(code: &'static Code, fault: Fault) -> Self {
        let help = fault.help.unwrap_or_else(|| code.help.to_owned());
        let severity = code.severity();
        Self { code, pointer: Pointer::root(), span: fault.span, severity, message: fault.message, help }
    }

    /// Returns a diagnostic about the generator itself, which has no location in the document.
    #[must_use]
    pub fn of_generator(code: &'static Code, message: String) -> Self {
        let (severity, help) = (code.severity(), code.help.to_owned());
        Self { code, pointer: Pointer::root(), span: None, severity, message, help }
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
