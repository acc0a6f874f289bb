//! Replaces the content encoding of a string by a format.
//!
//! `{type: string, contentEncoding: base64}` → `{type: string, format: byte}`
//! `{contentMediaType: image/png}` → `{type: string, format: binary, x-content-media-type: image/png}`
//! `{contentMediaType: application/json}` → `{}`
//!
//! Parts of multipart bodies are sent with the media type of a string that is not encoded.

use serde_json::Value;

use super::Log;
use super::schemas::each;
use crate::openapi::media::is_json;
use crate::openapi::{CONTENT_ENCODING, CONTENT_MEDIA_TYPE};

pub(super) fn run(document: &mut Value, _: &mut Log) {
    each(document, |schema, _| {
        let encoding = schema.shift_remove("contentEncoding");
        let media = schema.shift_remove("contentMediaType");
        let media = media.as_ref().and_then(Value::as_str);
        let format = match encoding.as_ref().and_then(Value::as_str) {
            Some("base64") => Some("byte"),
            None if media.is_some_and(is_bytes) => Some("binary"),
            _ => None,
        };
        // The media type describes the values that are strings (JSON Schema, validation, section 8.4). Without a type, a JSON
        // document may be any value.
        if encoding.is_some() || media.is_some_and(|media| !is_json(media)) {
            schema.entry("type").or_insert_with(|| Value::from("string"));
        }
        let is_string = schema.get("type").is_some_and(|ty| ty == "string");
        match (encoding, media) {
            (None, Some(media)) if is_string => _ = schema.insert(CONTENT_MEDIA_TYPE.to_owned(), media.into()),
            (Some(encoding), _) if format.is_none() => _ = schema.insert(CONTENT_ENCODING.to_owned(), encoding),
            _ => {}
        }
        if let Some(format) = format {
            schema.entry("format").or_insert_with(|| Value::from(format));
        }
    });
}

/// Whether content of this media type is binary rather than text.
fn is_bytes(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_text = essence.starts_with("text/")
        || ["/json", "+json", "/xml", "+xml", "/yaml", "+yaml", "/javascript", "/jwt", "/x-www-form-urlencoded"]
            .iter()
            .any(|end| essence.ends_with(end));
    essence.contains('/') && !is_text
}
