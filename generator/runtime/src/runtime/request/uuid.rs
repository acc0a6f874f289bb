//! Checking of UUIDs that are given as text. It makes none.

use crate::runtime::error::Error;

/// The canonical text (36 characters, lower case) of a UUID in hyphenated form. Version and variant are not looked at.
///
/// # Errors
/// If the text is anything else; the error names the setting and does not repeat the text.
pub fn parse_uuid(name: &'static str, mut text: String) -> Result<String, Error> {
    let is_canonical = text.len() == 36 && text.bytes().enumerate().all(|(index, byte)| is_canonical_at(index, byte));
    if !is_canonical {
        return Err(Error::configuration(name, "not a UUID such as 123e4567-e89b-12d3-a456-426614174000"));
    }
    text.make_ascii_lowercase();
    Ok(text)
}

/// RFC 9562, section 4: digits of base 16, in groups of 8, 4, 4, 4 and 12.
fn is_canonical_at(index: usize, byte: u8) -> bool {
    if matches!(index, 8 | 13 | 18 | 23) { byte == b'-' } else { byte.is_ascii_hexdigit() }
}
