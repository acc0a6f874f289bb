//! Finds out why a source cannot be parsed. The errors of parsers name the symptom, often far from its cause.

use super::flow::{self, Flow};
use super::parse::Fault;
use super::{Span, spans};

const HTML_HELP: &str = "download the document itself; a page that shows a file usually has a link to the raw file";
const BRACKET_HELP: &str = "close the bracket, or remove it";

/// Returns what a text is if it is obviously not a document.
pub(super) fn of_other_format(text: &str, source: usize) -> Option<Fault> {
    let start: String = text.trim_start().chars().take(15).collect::<String>().to_lowercase();
    let starts = |tags: &[&str]| tags.iter().any(|tag| start.starts_with(tag));
    let format = match () {
        () if starts(&["<!doctype html", "<html", "<head", "<body"]) => "an HTML page",
        () if starts(&["<?xml", "<!--"]) => "XML",
        () => return None,
    };
    let at = Span { source, line: 1, column: 1 };
    Some(fault(Some(at), format!("the input is {format}, not an OpenAPI document"), HTML_HELP))
}

/// Returns why nothing is in a text. `None` if something is.
pub(super) fn of_emptiness(text: &str) -> Option<&'static str> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "---").peekable();
    if lines.peek().is_none() {
        return Some("the input is empty");
    }
    lines.all(|line| line.starts_with('#')).then_some("the input contains only comments")
}

/// Reports that a text is nested too deeply.
pub(super) fn of_depth(at: Span) -> Fault {
    let message = format!("the input is nested more than {} levels deep", spans::DEPTH);
    fault(Some(at), message, "flatten the document, or move parts of it to `components`")
}

/// Returns why a JSON text with comments is not JSON. As YAML, it could be valid with another meaning.
pub(super) fn of_comment(text: &str, flow: &Flow) -> Option<Fault> {
    let at = flow.comment.filter(|_| flow::is_json_like(text))?;
    Some(fault(Some(at), "the input is not valid JSON: it contains a comment".to_owned(), "remove all comments"))
}

/// Returns why a text that starts with `{` cannot be parsed. `error` is that of the JSON parser.
pub(super) fn of_json(text: &str, flow: &Flow, error: &serde_json::Error) -> Option<Fault> {
    if !flow::starts_with_brace(text) {
        return None;
    }
    let not_json = |at, message: String, help| fault(Some(at), format!("the input is not valid JSON: {message}"), help);
    if let Some(at) = flow.comment {
        return Some(not_json(at, "it contains a comment".to_owned(), "remove all comments"));
    }
    if let Some((message, at)) = of_brackets(flow) {
        return Some(not_json(at, message, BRACKET_HELP));
    }
    if let Some(at) = flow.open_string {
        return Some(not_json(at, "the string that starts here has no end".to_owned(), "add the closing quote"));
    }
    let source = flow.open.first().map_or(0, |(_, at)| at.source);
    let (at, rest) = position(text, error, source);
    let (message, help) = of_symptom(&error.to_string(), rest);
    Some(not_json(at, message, help))
}

/// Returns why a text cannot be parsed as YAML, if its syntax is a common mistake. `at` is where the YAML parser failed.
pub(super) fn of_yaml(text: &str, flow: &Flow, at: Option<Span>, error: &str) -> Option<Fault> {
    let line = at.and_then(|at| text.lines().flat_map(|line| line.split('\r')).nth(at.line.checked_sub(1)?));
    let indentation = line.map(|line| line.len() - line.trim_start_matches([' ', '\t']).len());
    if let (Some(line), Some(indentation), Some(at)) = (line, indentation, at)
        && let Some(tab) = line.get(..indentation).and_then(|spaces| spaces.find('\t'))
        && flow.open.is_empty()
    {
        let message = "the input is not valid YAML: this line is indented with a tab".to_owned();
        return Some(fault(Some(Span { column: tab + 1, ..at }), message, "indent with spaces"));
    }
    if error.contains("more than one document") {
        let message = "the input contains more than one YAML document: another one starts here".to_owned();
        return Some(fault(
            second_document(text),
            message,
            "keep one document, and remove this line and what follows it",
        ));
    }
    let (message, at) = of_brackets(flow).filter(|_| error.contains("parsing a flow"))?;
    Some(fault(Some(at), format!("the input is not valid YAML: {message}"), BRACKET_HELP))
}

/// Returns where the second document of a YAML stream starts: a line with `---` at its start is always such a place (YAML 1.2.2,
/// section 9.1.2).
fn second_document(text: &str) -> Option<Span> {
    let is_content = |line: &str| !line.trim().is_empty() && !line.starts_with(['#', '%']);
    let mut lines = text.lines().enumerate().skip_while(|(_, line)| !is_content(line)).skip(1);
    let (index, _) = lines.find(|(_, line)| {
        line.strip_prefix("---").is_some_and(|rest| rest.trim_start().len() < rest.len() || rest.is_empty())
    })?;
    Some(Span { source: 0, line: index + 1, column: 1 })
}

fn of_brackets(flow: &Flow) -> Option<(String, Span)> {
    if let Some((found, at, (open, start))) = flow.mismatch {
        let message = format!("`{found}` does not close the `{open}` in line {}, column {}", start.line, start.column);
        return Some((message, at));
    }
    let (open, start) = flow.open.last().filter(|_| flow.open_string.is_none())?;
    Some((format!("no `{}` closes this `{open}`", flow::closing(*open)), *start))
}

/// Returns where the JSON parser failed, and the text from there.
fn position<'a>(text: &'a str, error: &serde_json::Error, source: usize) -> (Span, &'a str) {
    let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    // The parser counts bytes.
    let mut bytes = error.column().saturating_sub(1).min(line.len());
    while !line.is_char_boundary(bytes) {
        bytes -= 1;
    }
    let (before, rest) = line.split_at(bytes);
    (Span { source, line: error.line().max(1), column: before.chars().count() + 1 }, rest)
}

/// Returns the message and the help for an error of the JSON parser. `rest` is the text where it occurred.
fn of_symptom(error: &str, rest: &str) -> (String, &'static str) {
    let word: String = rest.chars().take_while(|next| next.is_alphanumeric() || "_-$".contains(*next)).collect();
    let message = error.split(" at line ").next().unwrap_or(error);
    match message {
        _ if rest.starts_with('\'') => ("a string is in single quotes".to_owned(), "use double quotes"),
        "trailing comma" => {
            ("a comma is followed by a closing bracket".to_owned(), "remove the comma after the last item")
        }
        "key must be a string" if !word.is_empty() => {
            (format!("the key `{word}` is not in quotes"), "write all keys in double quotes")
        }
        "expected `,` or `}`" | "expected `,` or `]`" => {
            (format!("{message} here"), "add the missing comma or bracket before this position")
        }
        _ => (message.to_owned(), "fix the syntax at this location"),
    }
}

fn fault(span: Option<Span>, message: String, help: &str) -> Fault {
    Fault { is_sound: false, span, message, help: Some(help.to_owned()) }
}
