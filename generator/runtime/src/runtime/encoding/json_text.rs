//! Reads JSON text without decoding it: the byte order mark, the number of values, and the strings and numbers.
//!
//! Nothing here is recursive, and nothing checks whether the text is valid JSON.

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Returns the text without a byte order mark, which a parser may ignore (RFC 8259, section 8.1).
pub(crate) fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// Returns whether a text has more values than a limit. Objects, arrays and all that they contain are counted; names
/// are not.
pub(crate) fn has_more_values(text: &[u8], limit: usize) -> bool {
    // Each value except the first takes at least two bytes: itself and a separator.
    text.len() / 2 >= limit && count_values(text, limit) > limit
}

/// Counts the values, and stops when there are more than the limit.
fn count_values(text: &[u8], limit: usize) -> usize {
    let mut count = 1;
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'"' => rest = after_string(after),
            b',' => count += 1,
            b'[' | b'{' if !matches!(after.trim_ascii_start().first(), Some(b']' | b'}')) => count += 1,
            _ => {}
        }
        if count > limit {
            break;
        }
    }
    count
}

/// Returns the text after a string whose opening quote has been read.
fn after_string(text: &[u8]) -> &[u8] {
    let end = string_end(text).unwrap_or(text.len());
    text.get(end..).unwrap_or_default()
}

/// Returns the end of a string whose opening quote has been read, after its closing quote. `None` if it has none.
pub(crate) fn string_end(text: &[u8]) -> Option<usize> {
    let mut is_escaped = false;
    let end = text.iter().position(|byte| {
        let ends = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        ends
    });
    end.map(|end| end + 1)
}

/// Returns the strings and numbers of a text as they are written, strings with their quotes. Names are left out.
pub(crate) fn scalars(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let here = rest;
            let (byte, after) = here.split_first()?;
            rest = after;
            match byte {
                b'"' => {
                    let length = 1 + string_end(after).unwrap_or(after.len());
                    let (string, after) = here.split_at_checked(length)?;
                    rest = after;
                    if after.trim_ascii_start().first() != Some(&b':') {
                        return Some(string);
                    }
                }
                b'-' | b'0'..=b'9' => {
                    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
                    let length = here.iter().position(|byte| !is_part(byte)).unwrap_or(here.len());
                    let (number, after) = here.split_at_checked(length)?;
                    rest = after;
                    return Some(number);
                }
                _ => {}
            }
        }
    })
}
