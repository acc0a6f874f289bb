//! Media types: how clients handle each of them, and which one is used if a document offers several.

use clientsmith_runtime::media_type;

use crate::document::Node;

/// How clients handle a media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MediaKind {
    /// JSON, typed by the schema.
    Json,
    /// A form, `a=1&b=2`, typed by the schema.
    Form,
    /// Multipart, from parts that the caller makes.
    Multipart,
    /// A string. XML is one unless its schema describes elements.
    Text,
    /// Bytes.
    Bytes,
}

/// Whether this is a media type for one JSON value, also a range of them such as `application/*+json`. This is what clients
/// decode as JSON.
pub(crate) fn is_json(media_type: &str) -> bool {
    media_type::is_json(media_type.as_bytes())
}

/// Whether this is a media type for XML.
pub(crate) fn is_xml(media_type: &str) -> bool {
    media_type::is_xml(media_type)
}

/// Whether a media type carries XML whose schema describes elements, not a text.
pub(crate) fn is_typed_xml(name: &str, media: &Node<'_>) -> bool {
    is_xml(name) && is_object(media)
}

/// Whether this is the media type of server-sent events.
pub(crate) fn is_event_stream(media_type: &str) -> bool {
    essence(media_type) == "text/event-stream"
}

/// Whether this is a media type for lines of JSON.
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

/// Whether the media type is a range, such as `*/*`.
pub(crate) fn is_range(media_type: &str) -> bool {
    essence(media_type).contains('*')
}

/// Returns how clients handle a media type, by name alone. Ranges are bytes.
pub(crate) fn kind(media_type: &str) -> MediaKind {
    let essence = essence(media_type);
    match essence.as_str() {
        _ if is_json(&essence) => MediaKind::Json,
        "application/x-www-form-urlencoded" => MediaKind::Form,
        _ if is_range(&essence) => MediaKind::Bytes,
        _ if essence.starts_with("multipart/") => MediaKind::Multipart,
        "application/yaml" | "application/x-yaml" | "application/graphql" => MediaKind::Text,
        _ if essence.starts_with("text/") || is_xml(&essence) || essence.ends_with("+yaml") => MediaKind::Text,
        _ => MediaKind::Bytes,
    }
}

/// Returns the media type without its parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    media_type::essence(media_type).to_ascii_lowercase()
}

/// Whether a media type carries bytes by its schema, `format: binary`, whatever its name.
pub(crate) fn is_binary(media: &Node<'_>) -> bool {
    let schema = media.get("schema").and_then(|schema| schema.resolve_single());
    schema.is_some_and(|schema| schema.text("format") == Some("binary"))
}

/// Whether a media type carries a JSON value: it is JSON, or a range with a schema that must mean JSON.
pub(crate) fn is_value(name: &str, media: &Node<'_>) -> bool {
    (is_json(name) && !is_binary(media)) || (is_range(name) && is_object(media))
}

/// Returns the JSON entry of a content: `application/json` first, then other JSON types, then ranges of JSON types, then
/// patches, then a range with a schema that must mean JSON. Entries with a schema precede those without one. Entries
/// whose schema is `format: binary` are bytes instead.
pub(crate) fn json_media<'a>(content: &Node<'a>) -> Option<(&'a str, Node<'a>)> {
    let all: Vec<_> = content.entries().collect();
    let kin = all.iter().filter(|(name, media)| is_json(name) && !is_binary(media));
    let kin = kin.min_by_key(|(name, media)| {
        let rank = rank(name);
        (rank.max(Rank::Range), media.get("schema").is_none(), rank)
    });
    let range = || all.iter().find(|(name, media)| is_range(name) && is_object(media));
    kin.or_else(range).cloned()
}

/// The order in which JSON types are chosen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// `application/json`.
    Json,
    /// Another type.
    Kin,
    /// A range of types.
    Range,
    /// A partial value (RFC 7396).
    MergePatch,
    /// Changes of a value (RFC 6902), never the value itself.
    JsonPatch,
}

fn rank(media_type: &str) -> Rank {
    match essence(media_type).as_str() {
        "application/json" => Rank::Json,
        "application/merge-patch+json" => Rank::MergePatch,
        "application/json-patch+json" => Rank::JsonPatch,
        _ if is_range(media_type) => Rank::Range,
        _ => Rank::Kin,
    }
}

fn is_object(media: &Node<'_>) -> bool {
    let schema = media.get("schema").and_then(|schema| schema.resolve_single());
    schema.is_some_and(|schema| {
        let is_compound = ["properties", "allOf", "oneOf", "anyOf"].iter().any(|key| schema.get(key).is_some());
        is_compound || matches!(schema.text("type"), Some("object" | "array" | "integer" | "number" | "boolean"))
    })
}

/// Returns the entry of a request body that is sent: JSON, or else a form, multipart, typed XML, text or bytes, in this
/// order.
pub(crate) fn body_media<'a>(content: &Node<'a>) -> Option<(&'a str, Node<'a>)> {
    json_media(content)
        .or_else(|| content.entries().min_by_key(|(name, media)| (kind(name), !is_typed_xml(name, media))))
}

#[cfg(test)]
mod tests {
    use super::{MediaKind, is_json, kind};

    /// Clients use the same source, so this is also what they decode.
    #[test]
    fn one_table_says_what_json_is() {
        let json = [
            "application/json",
            "application/json; charset=utf-8",
            "Application/JSON ;charset=UTF-8",
            "text/json",
            "TEXT/Json",
            "application/problem+json",
            "application/vnd.acme.v2+JSON; profile=\"x\"",
            "application/merge-patch+json",
            "application/*+json",
        ];
        for name in json {
            assert!(is_json(name), "{name}");
            assert_eq!(kind(name), MediaKind::Json, "{name}");
        }
        let others = [
            "",
            "json",
            "+json",
            "application/jsonp",
            "application/json-seq",
            "application/x-ndjson",
            "application/stream+json",
            "image/json",
            "text/plain; x=application/json",
            "*/*",
        ];
        for name in others {
            assert!(!is_json(name), "{name}");
            assert_ne!(kind(name), MediaKind::Json, "{name}");
        }
    }
}
