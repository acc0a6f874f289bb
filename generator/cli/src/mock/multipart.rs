//! Validates multipart bodies: the parts that are required, and those whose values a schema describes.

use generator::document::Node;
use serde_json::Value;

use super::check::typed;
use super::schema;

/// A part of a body.
struct Part<'a> {
    name: String,
    is_file: bool,
    content_type: Option<String>,
    content: &'a [u8],
}

/// Validates a body with this content type against the schema of its media type.
///
/// # Errors
///
/// The first rule that the body violates.
pub(super) fn check(media: &Node<'_>, content_type: &str, body: &[u8]) -> Result<(), String> {
    let parts =
        parts(content_type, body).ok_or_else(|| "the body is not well-formed `multipart/form-data`".to_owned())?;
    let Some(schema) = media.get("schema").and_then(|schema| schema.resolve()) else { return Ok(()) };
    for name in schema.get("required").iter().flat_map(Node::items).filter_map(|name| name.value().as_str()) {
        // A form cannot contain `null`, and the client does not send what is read only.
        let property = schema.at(&["properties", name]).and_then(|property| property.resolve());
        let is_omitted = property.is_some_and(|property| property.is_true("readOnly") || property.is_true("nullable"));
        if !is_omitted && !parts.iter().any(|part| part.name == name) {
            return Err(format!("the part `{name}` is missing"));
        }
    }
    for part in &parts {
        if let Some(property) = schema.at(&["properties", &part.name]) {
            // It contains the items of a list, which are not split here.
            let is_joined = media.at(&["encoding", &part.name, "x-item-separator"]).is_some();
            let checked = if is_joined { Ok(()) } else { check_part(&property, part) };
            checked.map_err(|rule| format!("the part {rule}"))?;
        }
    }
    Ok(())
}

fn check_part(property: &Node<'_>, part: &Part<'_>) -> Result<(), String> {
    let Some(property) = property.resolve() else { return Ok(()) };
    let is_json = part.content_type.as_deref().is_some_and(|name| name.ends_with("/json") || name.ends_with("+json"));
    // A string with a media type contains a document, which no schema describes.
    if part.is_file || property.get("x-content-media-type").is_some() {
        return Ok(());
    }
    let items = || property.get("items").and_then(|items| items.resolve());
    let is_list = property.text("type") == Some("array");
    let text = std::str::from_utf8(part.content).ok();
    let value: Option<Value> = if is_json { serde_json::from_slice(part.content).ok() } else { None };
    match (value, text) {
        (Some(value), _) if is_list && !value.is_array() => {
            items().map_or(Ok(()), |items| schema::check(&items, &value, &part.name))
        }
        (Some(value), _) => schema::check(&property, &value, &part.name),
        (None, _) if is_json => Err(format!("`{}` is not valid JSON", part.name)),
        (None, Some(text)) => {
            let schema = if is_list { items() } else { Some(property.clone()) };
            let is_plain =
                |schema: &Node<'_>| matches!(schema.text("type"), Some("string" | "integer" | "number" | "boolean"));
            let check = |schema: Node<'_>| schema::check(&schema, &typed(&schema, text), &part.name);
            schema.filter(is_plain).map_or(Ok(()), check)
        }
        // Bytes that are not text.
        (None, None) => Ok(()),
    }
}

fn parts<'a>(content_type: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    let delimiter = format!("--{}", parameter(content_type, "boundary")?);
    let mut rest = body.strip_prefix(delimiter.as_bytes())?;
    let delimiter = format!("\r\n{delimiter}");
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let (part, after) = split(rest.strip_prefix(b"\r\n")?, delimiter.as_bytes())?;
        let (head, content) = split(part, b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(head);
        let header = |name: &str| {
            let mut lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
            lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
        };
        let disposition = header("content-disposition")?;
        let content_type = header("content-type");
        let content_type =
            content_type.and_then(|name| name.split(';').next().map(|essence| essence.trim().to_ascii_lowercase()));
        let is_file = parameter(&disposition, "filename").is_some();
        parts.push(Part { name: parameter(&disposition, "name")?, is_file, content_type, content });
        rest = after;
    }
    Some(parts)
}

/// Returns a parameter of the value of a header, without quotes. Names in forms contain no quotes: they are percent-encoded.
fn parameter(value: &str, name: &str) -> Option<String> {
    let (_, mut rest) = value.split_once(';')?;
    loop {
        let (key, after) = rest.split_once('=')?;
        let (found, left) = match after.strip_prefix('"') {
            Some(quoted) => {
                let (found, left) = quoted.split_once('"')?;
                (found, left.split_once(';').map_or("", |(_, left)| left))
            }
            None => after.split_once(';').unwrap_or((after, "")),
        };
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(found.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n"));
        }
        rest = left;
    }
}

/// Returns what precedes and what follows the first separator.
fn split<'a>(bytes: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let start = bytes.windows(separator.len()).position(|window| window == separator)?;
    Some((bytes.get(..start)?, bytes.get(start + separator.len()..)?))
}
