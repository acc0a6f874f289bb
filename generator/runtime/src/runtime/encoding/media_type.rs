//! Media types (RFC 9110, section 8.3.1).

/// Returns whether a content type is `application/json` or ends in `+json`, in any letter case, with or without
/// parameters.
pub(crate) fn is_json(content_type: &[u8]) -> bool {
    let end = content_type.iter().position(|byte| *byte == b';').unwrap_or(content_type.len());
    let essence = content_type.get(..end).unwrap_or_default().trim_ascii();
    let with_suffix = |essence: &[u8]| {
        let (kind, suffix) = essence.split_last_chunk::<5>()?;
        Some(kind.contains(&b'/') && suffix.eq_ignore_ascii_case(b"+json"))
    };
    essence.eq_ignore_ascii_case(b"application/json") || with_suffix(essence).unwrap_or(false)
}

/// Returns a content type without its parameters.
pub(crate) fn essence(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}
