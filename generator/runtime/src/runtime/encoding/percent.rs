//! Percent-encoding of values in paths, queries and cookies (RFC 3986, section 2.1).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All except the unreserved characters (RFC 3986, section 2.3), which is also what RFC 6570 encodes.
const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The bytes that are never encoded.
#[expect(clippy::indexing_slicing, reason = "an index out of bounds does not compile in a constant")]
const PLAIN: [bool; 128] = {
    let mut plain = [false; 128];
    let mut byte = 0_u8;
    while byte.is_ascii() {
        plain[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
        byte += 1;
    }
    plain
};

/// Appends a segment of a path, percent-encoded.
pub(crate) fn push_segment(url: &mut String, value: &str) {
    url.extend(utf8_percent_encode(value, &RESERVED));
}

/// Appends a value of a query or a cookie, percent-encoded.
pub(crate) fn push_value(text: &mut String, value: &str) {
    if is_plain(value) {
        text.push_str(value);
    } else {
        text.extend(utf8_percent_encode(value, &RESERVED));
    }
}

/// Returns whether a string needs no encoding anywhere.
pub(crate) fn is_plain(value: &str) -> bool {
    value.bytes().all(|byte| PLAIN.get(usize::from(byte)).is_some_and(|plain| *plain))
}
