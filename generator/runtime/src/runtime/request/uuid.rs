//! Parses UUIDs. It creates none.

use crate::runtime::error::Error;

/// Parses a UUID in hyphenated form, and returns it in lower case (36 characters). Version and variant are not checked.
///
/// # Errors
///
/// The string is anything else. The error names the setting and does not contain the string.
pub fn parse_uuid(name: &'static str, mut text: String) -> Result<String, Error> {
    let is_canonical = text.len() == 36 && text.bytes().enumerate().all(|(index, byte)| is_canonical_at(index, byte));
    if !is_canonical {
        return Err(Error::configuration(name, "must be a UUID such as 123e4567-e89b-12d3-a456-426614174000"));
    }
    text.make_ascii_lowercase();
    Ok(text)
}

/// Checks one byte by RFC 9562, section 4: hexadecimal digits in groups of 8, 4, 4, 4 and 12.
fn is_canonical_at(index: usize, byte: u8) -> bool {
    if matches!(index, 8 | 13 | 18 | 23) { byte == b'-' } else { byte.is_ascii_hexdigit() }
}
