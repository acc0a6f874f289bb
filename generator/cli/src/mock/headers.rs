//! The headers of a response, with the values of examples or values built from their schemas.

use std::borrow::Cow;

use generator::document::Node;
use serde_json::Value;

use super::{sample, service};

/// Headers that the server itself sends, or that would contradict the body.
const OWN: [&str; 6] =
    ["connection", "content-encoding", "content-length", "content-type", "date", "transfer-encoding"];

/// Returns the headers that the document describes for the successful response of an operation.
pub(super) fn of_success(operation: &Node<'_>) -> Vec<(Cow<'static, str>, String)> {
    let headers = service::response(operation).and_then(|(_, response)| response.get("headers"));
    let described = headers.iter().flat_map(Node::entries);
    let sent = described.filter(|(name, _)| !OWN.iter().any(|own| name.eq_ignore_ascii_case(own)));
    sent.filter_map(|(name, header)| Some((name.to_owned().into(), text(&header.resolve()?)))).collect()
}

/// Returns the value of a header. A value of a media type is JSON.
fn text(header: &Node<'_>) -> String {
    let media = header.get("content").and_then(|content| content.entries().next().map(|(_, media)| media));
    match media {
        Some(media) => match sample::of_media(&media) {
            Value::String(text) => text,
            value => value.to_string(),
        },
        None => simple(&sample::of_media(header), header.is_true("explode")),
    }
}

/// Writes a value in the style `simple`, the only one of headers.
fn simple(value: &Value, explodes: bool) -> String {
    let scalar = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let parts: Vec<String> = match value {
        Value::Array(items) => items.iter().map(scalar).collect(),
        Value::Object(object) => {
            let sign = if explodes { '=' } else { ',' };
            object.iter().map(|(name, value)| format!("{name}{sign}{}", scalar(value))).collect()
        }
        value => return scalar(value),
    };
    parts.join(",")
}
