//! Media types, as far as they matter: what a body of one is to the client.

/// What the client makes of a media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MediaKind {
    /// Typed by the schema.
    Json,
    /// `a=1&b=2`, typed by the schema.
    Form,
    /// Parts, of the caller's making.
    Multipart,
    /// A text.
    Text,
    /// Bytes.
    Bytes,
}

/// `application/json` and `application/anything+json` of one value, with or without parameters, in any letter case.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    let is_kin = essence.contains('/') && essence.ends_with("+json") && !is_json_lines(media_type);
    essence == "application/json" || essence == "text/json" || is_kin
}

/// Server-sent events.
pub(crate) fn is_event_stream(media_type: &str) -> bool {
    essence(media_type) == "text/event-stream"
}

/// A line of JSON after the other.
pub(crate) fn is_json_lines(media_type: &str) -> bool {
    const LINES: [&str; 6] = [
        "application/jsonl",
        "application/ndjson",
        "application/stream+json",
        "application/x-json-stream",
        "application/x-jsonlines",
        "application/x-ndjson",
    ];
    LINES.contains(&essence(media_type).as_str())
}

/// Whether the media type stands for many.
pub(crate) fn is_range(media_type: &str) -> bool {
    essence(media_type).contains('*')
}

/// By name alone: a range is bytes.
pub(crate) fn kind(media_type: &str) -> MediaKind {
    let essence = essence(media_type);
    match essence.as_str() {
        _ if is_json(&essence) => MediaKind::Json,
        "application/x-www-form-urlencoded" => MediaKind::Form,
        _ if is_range(&essence) => MediaKind::Bytes,
        _ if essence.starts_with("multipart/") => MediaKind::Multipart,
        "application/xml" | "application/yaml" | "application/x-yaml" | "application/graphql" => MediaKind::Text,
        _ if essence.starts_with("text/") || essence.ends_with("+xml") || essence.ends_with("+yaml") => MediaKind::Text,
        _ => MediaKind::Bytes,
    }
}

/// The media type without its parameters, in small letters.
pub(crate) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
