//! Checking of UUIDs that are given as text. It makes none.

use super::error::Error;

/// The canonical text (36 characters, lower case) of a UUID in hyphenated form.
///
/// # Errors
/// If the text is anything else; the error names the setting and does not repeat the text.
pub fn parse_uuid(name: &'static str, text: &str) -> Result<String, Error> {
    // The parser also takes braces, URNs and forms without hyphens; none of those is 36 bytes long and starts well.
    let parsed = if text.len() == 36 { uuid::Uuid::try_parse(text).ok() } else { None };
    parsed
        .map(|uuid| uuid.hyphenated().to_string())
        .ok_or_else(|| Error::configuration(name, "not a UUID such as 123e4567-e89b-12d3-a456-426614174000"))
}
