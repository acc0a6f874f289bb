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

/// What no place of a URL has encoded: `A–Z a–z 0–9 - _ . ~`.
const PLAIN: [bool; 256] = plain();

/// Appends a value as exactly one segment.
///
/// Empty values and `.` and `..` are refused: URL parsers drop them or climb, so that the call would go elsewhere.
pub(super) fn push_segment(url: &mut String, name: &str, value: &str) -> Result<(), Error> {
    if let Some(reason) = refusal(value) {
        return Err(Error::invalid_argument(name, reason));
    }
    push_encoded(url, value, &SEGMENT);
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
    push_encoded(text, value, &QUERY);
}

/// Most texts have nothing to encode, and are copied as a whole.
fn push_encoded(text: &mut String, value: &str, set: &'static AsciiSet) {
    if is_plain(value) {
        text.push_str(value);
    } else {
        text.extend(utf8_percent_encode(value, set));
    }
}

/// Whether there is nothing in a text that any place would have encoded.
fn is_plain(value: &str) -> bool {
    value.bytes().all(|byte| PLAIN[usize::from(byte)])
}

const fn plain() -> [bool; 256] {
    let mut plain = [false; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        plain[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
        byte += 1;
    }
    plain
}

fn refusal(value: &str) -> Option<&'static str> {
    match value {
        "" => Some("must not be empty"),
        "." | ".." => Some("must not be `.` or `..`, which would lead to another path"),
        _ if !is_plain(value) && value.chars().any(char::is_control) => Some("must not contain control characters"),
        _ => None,
    }
}
