//! Media types (RFC 9110, section 8.3.1). Generator and clients use the same definitions of JSON and XML.

/// Returns whether a content type is for one JSON value: `application/json`, `text/json`, or a type that ends in `+json`
/// (RFC 6839), in any letter case, with or without parameters.
///
/// `application/stream+json` is not: it is a sequence of JSON values.
#[must_use]
pub fn is_json(content_type: &[u8]) -> bool {
    let end = content_type.iter().position(|byte| *byte == b';').unwrap_or(content_type.len());
    let essence = content_type.get(..end).unwrap_or_default().trim_ascii();
    let is = |name: &str| essence.eq_ignore_ascii_case(name.as_bytes());
    let has_suffix = || {
        let (kind, suffix) = essence.split_last_chunk::<5>()?;
        Some(kind.contains(&b'/') && suffix.eq_ignore_ascii_case(b"+json"))
    };
    is("application/json") || is("text/json") || (has_suffix().unwrap_or(false) && !is("application/stream+json"))
}

/// Returns whether a content type is for XML: `application/xml`, `text/xml`, or a type that ends in `+xml` (RFC 7303), in any
/// letter case, with or without parameters.
#[must_use]
pub fn is_xml(content_type: &str) -> bool {
    let essence = essence(content_type).to_ascii_lowercase();
    matches!(essence.as_str(), "application/xml" | "text/xml") || (essence.contains('/') && essence.ends_with("+xml"))
}

/// Returns a content type without its parameters.
#[must_use]
pub fn essence(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}
