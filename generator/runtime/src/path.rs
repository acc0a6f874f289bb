//! Percent-encoding: any text is one segment of a path, or one value of a query, and nothing else.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::error::Error;

/// All but `A–Z a–z 0–9 - _ . ! ~ * ' ( )`, as ECMAScript's `encodeURIComponent`.
const SEGMENT: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// As a segment, but with `'` encoded, as URL parsers rewrite it in a query.
const QUERY: AsciiSet = SEGMENT.add(b'\'');

/// What no place has encoded, by byte.
#[expect(clippy::indexing_slicing, reason = "it would not compile")]
const PLAIN: [bool; 128] = {
    let mut plain = [false; 128];
    let mut byte = 0_u8;
    while byte.is_ascii() {
        plain[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
        byte += 1;
    }
    plain
};

/// Appends a value as exactly one segment.
///
/// Empty values and `.` and `..` are refused: URL parsers drop them or climb, so that the call would go elsewhere.
pub(super) fn push_segment(url: &mut String, name: &str, value: &str) -> Result<(), Error> {
    // Most values are these, and nothing can be wrong with them.
    if is_plain(value) && !is_step(value) {
        url.push_str(value);
        return Ok(());
    }
    if let Some(reason) = refusal(value) {
        return Err(Error::invalid_argument(name, reason));
    }
    url.extend(utf8_percent_encode(value, &SEGMENT));
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

/// Appends a value of a query or a cookie.
pub(super) fn push_value(text: &mut String, value: &str) {
    if is_plain(value) {
        text.push_str(value);
    } else {
        text.extend(utf8_percent_encode(value, &QUERY));
    }
}

/// Whether there is nothing in a text that any place would have encoded.
fn is_plain(value: &str) -> bool {
    value.bytes().all(|byte| PLAIN.get(usize::from(byte)).is_some_and(|plain| *plain))
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
