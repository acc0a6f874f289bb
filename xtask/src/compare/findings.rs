//! The differences between a document and its client, without those that the generator reported.

use std::collections::BTreeSet;
use std::fmt;

use generator::diagnostics::{Diagnostic, Diagnostics};
use generator::document::{Document, Pointer, Span};

use super::rules;

/// A difference between a document and its client.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The position in the document, if it is known.
    pub span: Option<Span>,
    /// The location in the document.
    pub pointer: Pointer,
    /// What the document says there.
    pub document: String,
    /// What the client says instead.
    pub client: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.span {
            Some(span) => write!(f, "{}:{} ", span.line, span.column)?,
            None => f.write_str("?:? ")?,
        }
        write!(f, "{}: document says {}, client says {}", self.pointer, self.document, self.client)
    }
}

/// Collects differences.
pub(super) struct Findings<'a> {
    document: &'a Document,
    diagnostics: Vec<&'a Diagnostic>,
    differences: BTreeSet<Difference>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(document: &'a Document, diagnostics: &'a Diagnostics) -> Self {
        let explains = |item: &&Diagnostic| rules::explains_differences(item) && item.pointer.parent().is_some();
        let diagnostics = diagnostics.sorted().into_iter().filter(explains).collect();
        Self { document, diagnostics, differences: BTreeSet::new() }
    }

    /// Adds a difference at a place, unless the generator reported something about it.
    pub(super) fn add_at(&mut self, place: &Pointer, document: impl Into<String>, client: impl Into<String>) {
        self.add(std::slice::from_ref(place), document, client);
    }

    /// Adds a difference at the first of these places, unless the generator reported something about one of them.
    pub(super) fn add(&mut self, places: &[Pointer], document: impl Into<String>, client: impl Into<String>) {
        let Some(pointer) = places.first() else { return };
        if places.iter().any(|place| self.is_reported(&self.document.origin(place))) {
            return;
        }
        let location = self.document.location(pointer);
        let (pointer, span) = (location.pointer, location.span);
        self.differences.insert(Difference { span, pointer, document: document.into(), client: client.into() });
    }

    /// The differences in the order of the document.
    pub(super) fn into_differences(self) -> Vec<Difference> {
        self.differences.into_iter().collect()
    }

    /// Whether a diagnostic is about a place, something around it, or something in it.
    fn is_reported(&self, place: &Pointer) -> bool {
        let is_below = |inner: &Pointer, outer: &Pointer| {
            let rest = inner.as_str().strip_prefix(outer.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.diagnostics.iter().any(|item| is_below(&item.pointer, place) || is_below(place, &item.pointer))
    }
}
