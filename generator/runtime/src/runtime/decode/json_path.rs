//! Finds where JSON cannot be decoded: the path of the value that does not match its type, such as `items[1].name`.
//!
//! The path is found in the text, from the position that the decoder reports. A decoder that tracks its path would have
//! to be compiled again for every type. Nothing here decides what matches.

use std::cell::Cell;
use std::fmt::Write as _;

use serde::de::DeserializeOwned;
use serde_json::Error;

use crate::runtime::encoding::json_text::string_end;

thread_local! {
    /// Whether a text is being decoded again to find a path.
    static IS_SEARCHING: Cell<bool> = const { Cell::new(false) };
}

/// Returns the path of the value that does not match. `None` if it is the whole text, or if the text is not JSON.
///
/// Also `None` while another path is sought: unions in unions would otherwise decode their values again at each level.
pub(crate) fn find<T: DeserializeOwned>(text: &[u8], error: &Error) -> Option<String> {
    if IS_SEARCHING.get() {
        return None;
    }
    locate(text, error, &|part| {
        IS_SEARCHING.set(true);
        let fails = serde_json::from_slice::<T>(part).is_err_and(|error| error.is_data());
        IS_SEARCHING.set(false);
        fails
    })
}

/// Returns the message of a decoder without the position, which is of no use to a reader who does not have the text.
pub(crate) fn reason(error: &Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&position).map(str::to_owned).unwrap_or(text)
}

fn locate(text: &[u8], error: &Error, fails_too: &dyn Fn(&[u8]) -> bool) -> Option<String> {
    // If the text is incomplete or is not JSON, no single value is the cause.
    if !error.is_data() {
        return None;
    }
    let read = text.get(..offset(text, error.line(), error.column())).unwrap_or(text);
    // The position of some failures is after the comma that follows the value, or after the end of the array or object
    // that the value is the last part of. They occur again if the text is cut off before that character. Failures of
    // the next item or of the whole do not, because the text is then incomplete.
    let inside = read.trim_ascii_end().split_last().filter(|(last, _)| b",}]".contains(last));
    let inside = inside.map(|(_, inside)| inside).filter(|inside| fails_too(inside));
    render(&steps(inside.unwrap_or(read)))
}

/// Returns the number of bytes before a position; the first line is 1.
fn offset(text: &[u8], line: usize, column: usize) -> usize {
    let ends = text.iter().zip(1..).filter(|(byte, _)| **byte == b'\n').map(|(_, end)| end);
    std::iter::once(0).chain(ends).nth(line.saturating_sub(1)).unwrap_or_default() + column
}

/// A step from a value to one inside it.
enum Step<'a> {
    /// The name of a field with its quotes. `None` before the name.
    Field(Option<&'a [u8]>),
    /// The index of an item.
    Item(usize),
}

/// Returns the steps to the value in which, or with which, the text ends.
fn steps(text: &[u8]) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        let here = rest;
        rest = after;
        match (byte, steps.last_mut()) {
            (b'"', last) => {
                let string = string(here);
                rest = here.get(string.len()..).unwrap_or_default();
                if let Some(Step::Field(name @ None)) = last {
                    *name = Some(string);
                }
            }
            (b'{', _) => steps.push(Step::Field(None)),
            (b'[', _) => steps.push(Step::Item(0)),
            (b'}' | b']', _) => drop(steps.pop()),
            (b',', Some(Step::Field(name))) => *name = None,
            (b',', Some(Step::Item(index))) => *index += 1,
            _ => {}
        }
    }
    steps
}

/// Returns the string that a text starts with, with its quotes.
fn string(text: &[u8]) -> &[u8] {
    let end = text.get(1..).and_then(string_end);
    end.and_then(|end| text.get(..=end)).unwrap_or(text)
}

fn render(steps: &[Step<'_>]) -> Option<String> {
    let mut path = String::new();
    for (depth, step) in steps.iter().enumerate() {
        match step {
            Step::Field(Some(name)) => {
                let dot = if depth == 0 { "" } else { "." };
                let name: String = serde_json::from_slice(name).unwrap_or_default();
                let _ = write!(path, "{dot}{name}");
            }
            Step::Field(None) => {}
            Step::Item(index) => {
                // Writing to a string does not fail.
                let _ = write!(path, "[{index}]");
            }
        }
    }
    (!matches!(steps, [] | [Step::Field(None)])).then_some(path)
}
