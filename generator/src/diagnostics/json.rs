//! Diagnostics for other programs: one JSON object per line.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Diagnostic, Diagnostics, Severity};
use crate::document::Source;

impl Diagnostics {
    /// Returns all diagnostics, one JSON object per line, in the order of [`Diagnostics::sorted`]. The first source is
    /// the document, the others are its overlays.
    ///
    /// Each object has these members; later versions may add more: `code` (`"E006"`), `severity` (`"error"` or
    /// `"warning"`), `message`, `file`, `line` and `column` (numbers that count from one, columns in characters; `null`
    /// if the position is not known), `pointer` (RFC 6901, into the document as it was when the diagnostic was
    /// reported), and `help`.
    #[must_use]
    pub fn to_json(&self, sources: &[Source<'_>]) -> String {
        let mut lines = String::new();
        for item in self.sorted() {
            let _ = writeln!(lines, "{}", object(item, sources));
        }
        lines
    }
}

fn object(item: &Diagnostic, sources: &[Source<'_>]) -> Value {
    let severity = match item.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let source = sources.get(item.span.map_or(0, |span| span.source));
    json!({
        "code": item.code.id,
        "severity": severity,
        "message": item.message,
        "file": source.map(|source| source.name),
        "line": item.span.map(|span| span.line),
        "column": item.span.map(|span| span.column),
        "pointer": item.pointer.as_str(),
        "help": item.help,
    })
}
