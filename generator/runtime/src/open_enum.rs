//! Reading of text enums that may grow: a text that nobody knew is a value, never an error.

/// The known value with this text, or the text itself.
///
/// # Errors
/// Gives the text back as the error if no known value has it, for the caller to keep as it is.
pub fn parse_known<T: Copy>(text: String, known: &[(&str, T)]) -> Result<T, String> {
    known
        .iter()
        .find(|(name, _)| *name == text)
        .map(|(_, value)| *value)
        .ok_or(text)
}
