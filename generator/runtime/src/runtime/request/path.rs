//! Checks values that become segments of a path: each is exactly one segment, and nothing else.

use crate::runtime::encoding::percent::{self, is_plain};
use crate::runtime::error::Error;

/// Appends a value as exactly one segment.
///
/// Empty values and `.` and `..` are refused: URL parsers drop them or climb, so that the call would go elsewhere.
pub(crate) fn push_segment(url: &mut String, name: &str, value: &str) -> Result<(), Error> {
    // Most values are these, and nothing can be wrong with them.
    if is_plain(value) && !is_step(value) {
        url.push_str(value);
        return Ok(());
    }
    if let Some(reason) = refusal(value) {
        return Err(Error::invalid_argument(name, reason));
    }
    percent::push_segment(url, value);
    Ok(())
}

/// A setting that will stand in a path, checked before any call is made with it.
///
/// # Errors
/// If no path can hold it; the error names the setting and does not repeat the text.
pub fn parse_text(name: &'static str, text: String) -> Result<String, Error> {
    match refusal(&text) {
        Some(reason) => Err(Error::configuration(name, reason)),
        None => Ok(text),
    }
}

/// Whether a path is parsed without it.
fn is_step(value: &str) -> bool {
    matches!(value, "" | "." | "..")
}

fn refusal(value: &str) -> Option<&'static str> {
    match value {
        "" => Some("must not be empty"),
        _ if is_step(value) => Some("must not be `.` or `..`, which would lead to another path"),
        _ if value.chars().any(char::is_control) => Some("must not contain control characters"),
        _ => None,
    }
}
