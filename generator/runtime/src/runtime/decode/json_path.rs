//! Where JSON does not decode: the way to the value that does not fit, such as `items[1].name`; none to the whole.
//!
//! It is found in the text, from the place that the decoder names. A decoder that keeps track of its way has to be
//! compiled for every type once more. Nothing here decides what fits, or says why something does not.

use std::fmt::Write as _;

use serde::de::DeserializeOwned;
use serde_json::Error;

use crate::runtime::encoding::json_text::string_end;

/// The way to what does not fit in a text that did not decode.
pub(crate) fn find<T: DeserializeOwned>(text: &[u8], error: &Error) -> Option<String> {
    locate(text, error, &|part| serde_json::from_slice::<T>(part).is_err_and(|error| error.is_data()))
}

/// What a decoder says, without the place: it is of no use to who does not have the text.
pub(crate) fn reason(error: &Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).map(str::to_owned).unwrap_or(text)
}

fn locate(text: &[u8], error: &Error, fails_too: &dyn Fn(&[u8]) -> bool) -> Option<String> {
    // Where the text breaks off or is no JSON, no value is to blame.
    if !error.is_data() {
        return None;
    }
    let read = text.get(..offset(text, error.line(), error.column())).unwrap_or(text);
    // Some failures of a value are told behind the comma that follows it, or behind the end of what it is the last part
    // of. Without that they come again; those of the next item or of the whole do not, as the text breaks off.
    let inside = read.trim_ascii_end().split_last().filter(|(last, _)| b",}]".contains(last));
    let inside = inside.map(|(_, inside)| inside).filter(|inside| fails_too(inside));
    render(&steps(inside.unwrap_or(read)))
}

/// How many bytes come before a place; the first line is 1.
fn offset(text: &[u8], line: usize, column: usize) -> usize {
    let ends = text.iter().zip(1..).filter(|(byte, _)| **byte == b'\n').map(|(_, end)| end);
    std::iter::once(0).chain(ends).nth(line.saturating_sub(1)).unwrap_or_default() + column
}

/// A step from a value to one in it.
enum Step<'a> {
    /// The name of a field with its quotes; none before it has come.
    Field(Option<&'a [u8]>),
    /// The place of an item.
    Item(usize),
}

/// The steps to the value that the begin of a text ends in, or with.
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
            (b',', Some(Step::Item(place))) => *place += 1,
            _ => {}
        }
    }
    steps
}

/// The string that a text starts with, with its quotes.
fn string(text: &[u8]) -> &[u8] {
    let end = text.get(1..).and_then(string_end);
    end.and_then(|end| text.get(..=end)).unwrap_or(text)
}

fn render(steps: &[Step<'_>]) -> Option<String> {
    let mut path = String::new();
    for (place, step) in steps.iter().enumerate() {
        match step {
            Step::Field(Some(name)) => {
                let dot = if place == 0 { "" } else { "." };
                let name: String = serde_json::from_slice(name).unwrap_or_default();
                let _ = write!(path, "{dot}{name}");
            }
            Step::Field(None) => {}
            Step::Item(place) => {
                let _ = write!(path, "[{place}]");
            }
        }
    }
    (!matches!(steps, [] | [Step::Field(None)])).then_some(path)
}
