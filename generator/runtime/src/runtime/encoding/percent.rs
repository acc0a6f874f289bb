//! Percent-encoding of values in paths, queries and cookies (RFC 3986, section 2.1).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

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

/// Appends a segment of a path.
pub(crate) fn push_segment(url: &mut String, value: &str) {
    url.extend(utf8_percent_encode(value, &SEGMENT));
}

/// Appends a value of a query or a cookie.
pub(crate) fn push_value(text: &mut String, value: &str) {
    if is_plain(value) {
        text.push_str(value);
    } else {
        text.extend(utf8_percent_encode(value, &QUERY));
    }
}

/// Whether there is nothing in a text that any place would have encoded.
pub(crate) fn is_plain(value: &str) -> bool {
    value.bytes().all(|byte| PLAIN.get(usize::from(byte)).is_some_and(|plain| *plain))
}
