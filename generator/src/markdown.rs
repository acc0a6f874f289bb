//! Converts descriptions of the document into Markdown that rustdoc renders with the same meaning, or else as plain
//! text.
//!
//! Paragraphs, lists, tables, emphasis, code and web links are kept. Everything that could have an effect becomes plain
//! text: HTML tags, entities, images, headings (which would become anchors of the page), and intra-doc links. Code
//! never becomes a doc test. No description can end a block or a span that surrounds it.

#[cfg(test)]
mod tests;

/// Returns a description as safe Markdown.
#[must_use]
pub fn safe(text: &str) -> String {
    let text: String = text.trim_end().chars().filter_map(visible).collect();
    let mut out = Vec::new();
    let mut lines = text.lines().skip_while(|line| line.trim().is_empty());
    let mut list = List::default();
    while let Some(whole) = lines.next() {
        let line = whole.trim();
        if let Some(fence) = Fence::of(line) {
            let code: Vec<&str> = lines.by_ref().take_while(|line| !fence.is_closed_by(line)).collect();
            out.push(block(fence.words(), &code.join("\n")).trim_end().to_owned());
            list = List::default();
            continue;
        }
        let room = list.room(line, whole.len() - whole.trim_start().len());
        out.push(" ".repeat(room) + &safe_line(&close_up(line)));
    }
    out.join("\n")
}

/// The list items that a line is in, outermost first.
#[derive(Default)]
struct List {
    items: Vec<Item>,
    after_blank: bool,
}

/// The columns at which the content of an item starts, in the document and in the output.
struct Item {
    there: usize,
    here: usize,
}

impl List {
    /// Returns the indentation that keeps a line in its list item.
    ///
    /// It never reaches that of a code block, so that a list which Markdown parses differently cannot become code.
    /// Deeper items become items of the level above.
    fn room(&mut self, line: &str, indent: usize) -> usize {
        const MOST: usize = 3;
        if line.is_empty() {
            self.after_blank = true;
            return 0;
        }
        let after_blank = std::mem::take(&mut self.after_blank);
        let Some(length) = marker(line) else {
            if after_blank {
                self.items.clear();
            }
            return self.items.last().map_or(0, |item| item.here.min(MOST));
        };
        while self.items.last().is_some_and(|item| item.there > indent) {
            self.items.pop();
        }
        let room = self.items.last().map_or(0, |item| item.here.min(MOST));
        self.items.push(Item { there: indent + length, here: room + length });
        room
    }
}

/// Returns a line with one space after its list marker.
fn close_up(line: &str) -> String {
    match marker(line).and_then(|length| line.split_at_checked(length)) {
        Some((marker, words)) => format!("{marker}{}", words.trim_start()),
        None => line.to_owned(),
    }
}

/// Returns a description on one line.
#[must_use]
pub fn line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line: String = words.join(" ").chars().filter_map(visible).collect();
    safe_line(&line)
}

/// Returns a string as a code span, whatever it contains.
#[must_use]
pub fn code(text: &str) -> String {
    let text: String = text.chars().filter_map(visible).map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let fence = "`".repeat(longest_run(&text, '`') + 1);
    let pad = if text.is_empty() || text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Returns a code block with a fence that its content cannot close. `words` is the info string.
#[must_use]
pub fn block(words: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run(text, '`').max(2) + 1);
    format!("{fence}{words}\n{}\n{fence}\n", text.trim_end_matches('\n'))
}

/// Returns the replacement of a character. The compiler rejects docs that have bidirectional control characters or a
/// bare carriage return.
fn visible(c: char) -> Option<char> {
    match c {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
        '\n' => Some(c),
        _ if c.is_control() => Some(' '),
        _ => Some(c),
    }
}

fn longest_run(text: &str, wanted: char) -> usize {
    text.split(|c| c != wanted).map(str::len).max().unwrap_or(0)
}

/// The opening fence of a code block.
struct Fence<'a> {
    sign: char,
    length: usize,
    info: &'a str,
}

impl<'a> Fence<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let sign = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let info = line.trim_start_matches(sign);
        let length = line.len() - info.len();
        (length >= 3 && !(sign == '`' && info.contains('`'))).then_some(Self { sign, length, info })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let line = line.trim();
        line.len() >= self.length && line.chars().all(|c| c == self.sign)
    }

    /// Returns the language if it is a known one other than Rust, or else `text`.
    fn words(&self) -> &'a str {
        let word = self.info.split_whitespace().next().unwrap_or_default();
        if LANGUAGES.contains(&word) { word } else { "text" }
    }
}

const LANGUAGES: [&str; 28] = [
    "bash",
    "c",
    "cpp",
    "csharp",
    "css",
    "csv",
    "diff",
    "go",
    "graphql",
    "html",
    "http",
    "ini",
    "java",
    "javascript",
    "js",
    "json",
    "kotlin",
    "php",
    "python",
    "ruby",
    "sh",
    "shell",
    "sql",
    "swift",
    "toml",
    "typescript",
    "xml",
    "yaml",
];

/// Returns the length of a list marker such as `- ` or `10. `.
fn marker(line: &str) -> Option<usize> {
    if ["- ", "* ", "+ "].iter().any(|marker| line.starts_with(marker)) {
        return Some(2);
    }
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - rest.len();
    let is_marker = (1..=9).contains(&digits) && [". ", ") "].iter().any(|end| rest.starts_with(end));
    is_marker.then_some(digits + 2)
}

/// Escapes one line outside of code blocks. Code spans and complete links are kept; other Markdown syntax is escaped.
fn safe_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    if begins_a_block(line)
        && let Some(sign) = line.chars().next()
    {
        out.extend(['\\', sign]);
        rest = line.strip_prefix(sign).unwrap_or_default();
    }
    while let Some(c) = rest.chars().next() {
        if let Some((kept, after)) = code_span(rest).or_else(|| link(rest)) {
            out.push_str(kept);
            rest = after;
            continue;
        }
        if let Some((address, after)) = address(rest) {
            out.push_str(&format!("<{address}>"));
            rest = after;
            continue;
        }
        let after = rest.strip_prefix(c).unwrap_or_default();
        let acts = match c {
            '<' | '>' | '[' | ']' | '`' | '\\' => true,
            '!' => after.starts_with('['),
            '&' => after.trim_start_matches(|next: char| next == '#' || next.is_ascii_alphanumeric()).starts_with(';'),
            _ => false,
        };
        if acts {
            out.push('\\');
        }
        out.push(c);
        rest = after;
    }
    out
}

/// Whether a line is a heading, a fence, a rule, or the underline of a heading.
fn begins_a_block(line: &str) -> bool {
    let is_rule = |sign| !line.is_empty() && line.chars().all(|c| c == sign || c == ' ') && line.starts_with(sign);
    line.starts_with('#') || line.starts_with("~~~") || ['=', '-', '*', '_'].into_iter().any(is_rule)
}

fn code_span(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('`').filter(|inner| !inner.starts_with('`'))?;
    let end = inner.find('`')?;
    Some(text.split_at(end + 2))
}

/// Splits off a leading `[words](https://…)`.
fn link(text: &str) -> Option<(&str, &str)> {
    let (words, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (target, after) = rest.split_once(')')?;
    let is_plain = !words.is_empty()
        && !words.contains(['[', ']', '<', '`', '\\', '&'])
        && !target.contains([' ', '<', '>', '(', '"', '\\', '&', '`']);
    let is_absolute = target.starts_with("https://") || target.starts_with("http://");
    // Words that contain a URL would become a link themselves.
    (is_plain && is_absolute && !words.contains("://")).then(|| text.split_at(text.len() - after.len()))
}

fn address(text: &str) -> Option<(&str, &str)> {
    if !text.starts_with("https://") && !text.starts_with("http://") {
        return None;
    }
    let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | ')' | ']' | '[' | '\\');
    let address =
        text.split(ends).next().unwrap_or_default().trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
    Some(text.split_at(address.len()))
}
