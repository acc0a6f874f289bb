//! JSON as text, without decoding it: the byte order mark before it, how many values it has, and its strings and numbers.
//!
//! Nothing here is recursive, and nothing decides whether the text is valid.

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The text without a byte order mark, which a reader of JSON may ignore (RFC 8259, section 8.1).
pub(crate) fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// Whether a text has more values than a limit. Objects and arrays count, and so does everything in them; names do not.
pub(crate) fn has_more_values(text: &[u8], limit: usize) -> bool {
    // Each value but the first needs two bytes: itself, and what separates it from the others.
    text.len() / 2 >= limit && count_values(text, limit) > limit
}

/// The number of values, or more than the limit if there are more.
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

/// What follows a string whose opening quote has been read.
fn after_string(text: &[u8]) -> &[u8] {
    let end = string_end(text).unwrap_or(text.len());
    text.get(end..).unwrap_or_default()
}

/// Where a string ends whose opening quote has been read, counted with its closing quote. None if it has none.
pub(crate) fn string_end(text: &[u8]) -> Option<usize> {
    let mut is_escaped = false;
    let end = text.iter().position(|byte| {
        let ends = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        ends
    });
    end.map(|end| end + 1)
}

/// The strings and numbers of a text as they are written, strings with their quotes. Names are left out.
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
