//! The document's own words as Markdown that means in rustdoc what it meant in the document, or at least nothing else.

/// A description, made safe: no accidental tags, links, doc tests or bare addresses; at most what Markdown it surely is.
#[must_use]
pub fn safe(text: &str) -> String {
    let mut out = Vec::new();
    let mut in_fence = false;
    for line in text.trim().lines() {
        let line = line.trim_end();
        if let Some(fence) = line.trim_start().strip_prefix("```") {
            out.push(if in_fence || !fence.trim().is_empty() && !fence.contains("rust") {
                format!("```{}", fence.trim())
            } else {
                "```text".to_owned()
            });
            in_fence = !in_fence;
        } else if in_fence {
            out.push(line.to_owned());
        } else {
            out.push(safe_line(line.trim_start()));
        }
    }
    if in_fence {
        out.push("```".to_owned());
    }
    out.join("\n")
}

/// Text as a code span, whatever it contains.
#[must_use]
pub fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.is_empty() || text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// One line outside of code blocks: code spans and whole links stay, other signs that Markdown reads are escaped.
fn safe_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
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
        if matches!(c, '<' | '>' | '[' | ']' | '`' | '\\') {
            out.push('\\');
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}

fn code_span(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('`').filter(|inner| !inner.starts_with('`'))?;
    let end = inner.find('`')?;
    Some(text.split_at(end + 2))
}

/// `[words](https://…)`.
fn link(text: &str) -> Option<(&str, &str)> {
    let words = text.strip_prefix('[')?.find("](")?;
    let target = &text[words + 3..];
    let end = target.find(')')?;
    let is_plain = !text[1..=words].contains(['[', ']', '<', '`']) && !target[..end].contains([' ', '<', '(', '"']);
    let is_absolute = target.starts_with("https://") || target.starts_with("http://");
    (is_plain && is_absolute).then(|| text.split_at(words + 3 + end + 1))
}

fn address(text: &str) -> Option<(&str, &str)> {
    if !text.starts_with("https://") && !text.starts_with("http://") {
        return None;
    }
    let end =
        text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | ')' | ']')).unwrap_or(text.len());
    let address = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
    Some(text.split_at(address.len()))
}
