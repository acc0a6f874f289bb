//! Renders diagnostics for people, in the style of rustc. No other module formats them.

use std::cell::OnceCell;
use std::fmt::Write as _;

use super::{Diagnostic, Diagnostics, Severity};
use crate::document::Source;

/// Whether the output is for a terminal that supports colors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Palette {
    /// No escape sequences.
    Plain,
    /// ANSI colors.
    Ansi,
}

impl Palette {
    fn paint(self, sgr: &str, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Ansi => format!("\u{1b}[{sgr}m{text}\u{1b}[0m"),
        }
    }
}

impl Diagnostics {
    /// Returns all diagnostics, ready to print. `file` and `text` are the name and the source of the document.
    #[must_use]
    pub fn render(&self, file: &str, text: &str, palette: Palette) -> String {
        self.render_sources(&[Source { name: file, text }], palette)
    }

    /// Returns all diagnostics, ready to print. The first source is the document. Its overlays follow, then the
    /// other files that it refers to.
    #[must_use]
    pub fn render_sources(&self, sources: &[Source<'_>], palette: Palette) -> String {
        let files: Vec<File<'_>> =
            sources.iter().map(|source| File { name: source.name, lines: lines(source.text) }).collect();
        let mut text = String::new();
        for item in self.sorted() {
            text.push_str(&render_one(item, &files, palette));
            text.push('\n');
        }
        text
    }
}

/// Splits a source into lines. A carriage return ends a line too, as it does where lines are counted.
fn lines(text: &str) -> Vec<Line<'_>> {
    text.lines().flat_map(|line| line.split('\r')).map(|text| Line { text, marks: OnceCell::new() }).collect()
}

struct File<'a> {
    name: &'a str,
    lines: Vec<Line<'a>>,
}

/// A line of a source. A line of minified JSON may be megabytes long and have many diagnostics.
struct Line<'a> {
    text: &'a str,
    /// The index of every character whose number is a multiple of [`MARKED`].
    marks: OnceCell<Vec<usize>>,
}

/// The number of characters between two marks of a line.
const MARKED: usize = 1024;

impl<'a> Line<'a> {
    /// Returns the rest of the line after a number of characters.
    fn after(&self, characters: usize) -> impl Iterator<Item = char> + use<'a> {
        let marks =
            self.marks.get_or_init(|| self.text.char_indices().step_by(MARKED).map(|(index, _)| index).collect());
        let rest = marks.get(characters / MARKED).and_then(|mark| self.text.get(*mark..)).unwrap_or_default();
        rest.chars().skip(characters % MARKED)
    }
}

fn render_one(item: &Diagnostic, files: &[File<'_>], palette: Palette) -> String {
    let file = files.get(item.span.map_or(0, |span| span.source));
    let name = printable(file.map_or("", |file| file.name));
    let (word, sgr) = match item.severity {
        Severity::Error => ("error", "1;31"),
        Severity::Warning => ("warning", "1;33"),
    };
    let title = palette.paint(sgr, &format!("{word}[{}]", item.code.id));
    let message = palette.paint("1", &printable(&item.message));
    let mut text = format!("{title}: {message}\n");
    let bar = |text: &str| palette.paint("1;34", text);
    match item.span {
        Some(span) => {
            let number = span.line.to_string();
            let margin = " ".repeat(number.len());
            let _ = writeln!(text, "{margin}{} {name}:{}:{}", bar("-->"), span.line, span.column);
            if let Some(line) = file.and_then(|file| file.lines.get(span.line - 1)) {
                let (line, caret) = excerpt(line, span.column);
                let _ = writeln!(text, "{margin} {}", bar("|"));
                let _ = writeln!(text, "{} {line}", bar(&format!("{number} |")));
                let _ = writeln!(text, "{margin} {} {}{}", bar("|"), " ".repeat(caret), palette.paint(sgr, "^"));
            }
            notes(&mut text, item, &margin, &bar("="));
        }
        None => {
            let _ = writeln!(text, " {} {name}", bar("-->"));
            notes(&mut text, item, " ", &bar("="));
        }
    }
    text
}

fn notes(text: &mut String, item: &Diagnostic, margin: &str, equals: &str) {
    if !item.pointer.as_str().is_empty() {
        let _ = writeln!(text, "{margin} {equals} at: {}", printable(item.pointer.as_str()));
    }
    let _ = writeln!(text, "{margin} {equals} help: {}", printable(&item.help));
}

/// Returns the part of a line around a column.
fn excerpt(line: &Line<'_>, column: usize) -> (String, usize) {
    const BEFORE: usize = 60;
    const SHOWN: usize = 110;
    let start = if column > SHOWN { column - 1 - BEFORE } else { 0 };
    let shown: String = line.after(start).take(SHOWN).collect();
    (printable(&shown), column - 1 - start)
}

/// Escapes control characters, so that a document cannot send escape sequences to the terminal or break a line.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
