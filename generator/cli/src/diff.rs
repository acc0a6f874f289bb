//! Formats the differences of two strings as a unified diff.

use std::fmt;

use generator::diagnostics::Palette;
use similar::{ChangeTag, TextDiff};

/// The number of lines that a change adds and removes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Lines that only the new text has.
    pub added: usize,
    /// Lines that only the old text has.
    pub removed: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{} -{}", self.added, self.removed)
    }
}

/// Counts the lines that differ between two texts.
#[must_use]
pub fn count(before: &str, after: &str) -> Counts {
    let mut counts = Counts::default();
    for change in TextDiff::from_lines(before, after).iter_all_changes() {
        match change.tag() {
            ChangeTag::Insert => counts.added += 1,
            ChangeTag::Delete => counts.removed += 1,
            ChangeTag::Equal => {}
        }
    }
    counts
}

/// A unified diff; `names` are the labels of the old and the new text. Empty if the texts are equal.
#[must_use]
pub fn unified(names: (&str, &str), before: &str, after: &str, palette: Palette) -> String {
    if before == after {
        return String::new();
    }
    let diff = TextDiff::from_lines(before, after);
    let mut text = paint(palette, "1", &format!("--- {}", names.0)) + &paint(palette, "1", &format!("+++ {}", names.1));
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        text += &paint(palette, "36", &hunk.header().to_string());
        for change in hunk.iter_changes() {
            let sgr = match change.tag() {
                ChangeTag::Insert => "32",
                ChangeTag::Delete => "31",
                ChangeTag::Equal => "",
            };
            text += &paint(palette, sgr, &format!("{}{}", change.tag(), change.value().trim_end_matches('\n')));
            if change.missing_newline() {
                text += "\\ no newline at the end\n";
            }
        }
    }
    text
}

/// One line of a diff. Control characters are escaped: a carriage return must be visible as a difference, and an escape
/// sequence in a file must not reach the terminal.
fn paint(palette: Palette, sgr: &str, line: &str) -> String {
    let mut text = String::with_capacity(line.len() + 16);
    for c in line.chars() {
        if c.is_control() && c != '\t' { text.extend(c.escape_default()) } else { text.push(c) }
    }
    match palette {
        Palette::Ansi if !sgr.is_empty() => format!("\u{1b}[{sgr}m{text}\u{1b}[0m\n"),
        _ => text + "\n",
    }
}
