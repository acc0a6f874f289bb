//! Checks values that are written into a path: each must be exactly one segment.

use crate::runtime::encoding::percent::{self, is_plain};
use crate::runtime::error::Error;

const CONTROL: &str = "must not contain control characters";

/// Appends a value as exactly one segment.
///
/// Empty values, `.` and `..` are errors: URL parsers remove them or go up, so the request would go to another path.
pub(crate) fn push_segment(url: &mut String, name: &str, value: &str) -> Result<(), Error> {
    // The usual case: nothing to encode, and nothing that can be invalid.
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

/// Appends a part of a segment. [`check_last_segment`] follows when the segment is complete.
pub(crate) fn push_part(url: &mut String, name: &str, part: &str) -> Result<(), Error> {
    if part.chars().any(char::is_control) {
        return Err(Error::invalid_argument(name, CONTROL));
    }
    percent::push_segment(url, part);
    Ok(())
}

/// Checks the segment at the end of a path. What the path continues with cannot turn a valid segment into `.` or `..`.
pub(crate) fn check_last_segment(url: &str, name: &str) -> Result<(), Error> {
    let segment = url.rsplit('/').next().unwrap_or_default();
    step_refusal(segment).map_or(Ok(()), |reason| Err(Error::invalid_argument(name, reason)))
}

/// Checks a setting that will be written into a path. It returns the string unchanged.
///
/// # Errors
///
/// The string is empty, `.` or `..`, or has control characters. The error names the setting and does not contain the
/// string.
pub fn parse_text(name: &'static str, text: String) -> Result<String, Error> {
    match refusal(&text) {
        Some(reason) => Err(Error::configuration(name, reason)),
        None => Ok(text),
    }
}

/// Returns whether URL parsers remove this segment.
fn is_step(value: &str) -> bool {
    matches!(value, "" | "." | "..")
}

fn refusal(value: &str) -> Option<&'static str> {
    step_refusal(value).or_else(|| value.chars().any(char::is_control).then_some(CONTROL))
}

fn step_refusal(segment: &str) -> Option<&'static str> {
    match segment {
        "" => Some("must not be empty"),
        _ if is_step(segment) => Some("must not be `.` or `..`, which would lead to another path"),
        _ => None,
    }
}
