//! Scans the brackets, strings and comments of a source in JSON, or of the flow collections in YAML. Reads any text, in linear
//! time, so it can be used before a parser and after one has failed.

use std::iter::Peekable;
use std::str::Chars;

use super::Span;

/// The depth at which a scan ends. Parsers need quadratic time for much deeper input.
const LIMIT: usize = 1000;

/// What a scan has found.
#[derive(Debug, Default)]
pub(super) struct Flow {
    /// The brackets that are open at the end, the outermost first.
    pub(super) open: Vec<(char, Span)>,
    /// Where the nesting exceeds any limit.
    pub(super) too_deep: Option<Span>,
    /// The first closing bracket of the wrong kind, and the bracket that is open there.
    pub(super) mismatch: Option<(char, Span, (char, Span))>,
    /// The first comment of JavaScript (`//`, `/*`).
    pub(super) comment: Option<Span>,
    /// The start of a string without an end.
    pub(super) open_string: Option<Span>,
}

/// Whether a text is an object in flow style: in JSON, or in YAML.
pub(super) fn starts_with_brace(text: &str) -> bool {
    without_comments(text).starts_with('{')
}

/// Returns a text without the space and the comments of JavaScript at its start.
fn without_comments(text: &str) -> &str {
    let mut text = text.trim_start();
    loop {
        let rest = match text.strip_prefix("//") {
            Some(comment) => comment.split_once(['\n', '\r']),
            None => text.strip_prefix("/*").and_then(|comment| comment.split_once("*/")),
        };
        let Some((_, rest)) = rest else { return text };
        text = rest.trim_start();
    }
}

/// Whether a text is meant to be JSON: its first key is quoted, or a comment precedes it.
pub(super) fn is_json_like(text: &str) -> bool {
    let inside = without_comments(text).strip_prefix('{').map(str::trim_start);
    inside.is_some_and(|inside| inside.starts_with(['"', '\'', '/']))
}

/// Scans a text.
pub(super) fn scan(text: &str, source: usize) -> Flow {
    let mut scanner = Scanner {
        chars: text.chars().peekable(),
        at: Span { source, line: 1, column: 1 },
        previous: '\n',
        is_start: true,
        indentation: 0,
        is_indentation: true,
        is_json: is_json_like(text),
        flow: Flow::default(),
    };
    while scanner.flow.too_deep.is_none() && scanner.flow.open_string.is_none() && scanner.step().is_some() {}
    scanner.flow
}

struct Scanner<'a> {
    chars: Peekable<Chars<'a>>,
    /// The position of the next character.
    at: Span,
    previous: char,
    /// Whether a value or key can start here.
    is_start: bool,
    /// The indentation of the current line, with the dashes of lists.
    indentation: usize,
    /// Whether the line has only had indentation so far.
    is_indentation: bool,
    is_json: bool,
    flow: Flow,
}

impl Scanner<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.chars.next()?;
        let is_end = next == '\n' || next == '\r' && self.chars.peek() != Some(&'\n');
        if is_end {
            self.at = Span { line: self.at.line + 1, column: 1, ..self.at };
        } else {
            self.at.column += 1;
        }
        Some(next)
    }

    /// Scans one character, or a string or comment that starts there.
    fn step(&mut self) -> Option<()> {
        let at = self.at;
        let next = self.next()?;
        let (previous, was_start) = (self.previous, self.is_start);
        self.previous = next;
        self.count_indentation(next);
        match next {
            '\n' | '\r' if self.flow.open.is_empty() => self.is_start = true,
            _ if next.is_whitespace() => {}
            '#' if previous.is_whitespace() => self.skip_line(),
            '/' if self.starts_comment(previous) => self.comment(at),
            '{' | '[' if was_start || !self.flow.open.is_empty() => self.open(next, at),
            '}' | ']' if !self.flow.open.is_empty() => self.close(next, at),
            '"' | '\'' if was_start => self.string(next, at),
            '|' | '>' if was_start && self.flow.open.is_empty() => self.skip_block(),
            ',' => self.is_start = !self.flow.open.is_empty(),
            ':' | '-' | '?' => self.is_start = next == ':' && self.is_json || self.is_before_space(),
            _ => self.is_start = false,
        }
        Some(())
    }

    fn count_indentation(&mut self, next: char) {
        match next {
            '\n' | '\r' => (self.indentation, self.is_indentation) = (0, true),
            ' ' | '-' if self.is_indentation => self.indentation += 1,
            _ => self.is_indentation = false,
        }
    }

    fn is_before_space(&mut self) -> bool {
        self.chars.peek().is_none_or(|next| next.is_whitespace())
    }

    fn starts_comment(&mut self, previous: char) -> bool {
        let is_possible = previous.is_whitespace() || "{[,]}\"".contains(previous);
        is_possible && (self.is_json || !self.flow.open.is_empty()) && matches!(self.chars.peek(), Some('/' | '*'))
    }

    fn comment(&mut self, at: Span) {
        self.flow.comment.get_or_insert(at);
        if !self.is_json {
            return;
        }
        if self.next() == Some('/') {
            return self.skip_line();
        }
        let mut previous = ' ';
        while let Some(next) = self.next()
            && (previous, next) != ('*', '/')
        {
            previous = next;
        }
        self.previous = ' ';
    }

    fn open(&mut self, bracket: char, at: Span) {
        self.flow.open.push((bracket, at));
        self.is_start = true;
        if self.flow.open.len() > LIMIT {
            self.flow.too_deep = Some(at);
        }
    }

    fn close(&mut self, bracket: char, at: Span) {
        let Some(open) = self.flow.open.pop() else { return };
        if closing(open.0) != bracket {
            self.flow.mismatch.get_or_insert((bracket, at, open));
        }
        self.is_start = false;
    }

    fn string(&mut self, quote: char, at: Span) {
        self.is_start = false;
        while let Some(next) = self.next() {
            match next {
                '\\' if quote == '"' => _ = self.next(),
                '\n' if self.is_json => break,
                _ if next == quote => {
                    self.previous = quote;
                    return;
                }
                _ => {}
            }
        }
        self.flow.open_string = Some(at);
    }

    fn skip_line(&mut self) {
        while self.chars.next_if(|next| !matches!(next, '\n' | '\r')).is_some() {}
        self.previous = ' ';
    }

    /// Skips the lines of a block scalar: those that are indented further, and blank ones.
    fn skip_block(&mut self) {
        let outer = self.indentation;
        self.skip_line();
        while self.next().is_some() {
            let mut rest = self.chars.clone();
            let mut indentation = 0;
            while rest.next_if_eq(&' ').is_some() {
                indentation += 1;
            }
            if indentation <= outer && !matches!(rest.peek(), Some('\n' | '\r') | None) {
                break;
            }
            self.skip_line();
        }
        (self.previous, self.is_start) = ('\n', true);
        (self.indentation, self.is_indentation) = (0, true);
    }
}

/// Returns the bracket that closes another one.
pub(super) fn closing(open: char) -> char {
    if open == '{' { '}' } else { ']' }
}
