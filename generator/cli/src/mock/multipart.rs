//! Validates multipart bodies: the parts that are required, and those whose values a schema describes.

use clientsmith_runtime::multipart::ParsedPart;
use generator::document::Node;
use serde_json::Value;

use super::check::typed;
use super::schema;

/// Validates a body with this content type against the schema of its media type.
///
/// # Errors
///
/// The first rule that the body violates.
pub(super) fn check(media: &Node<'_>, content_type: &str, body: &[u8]) -> Result<(), String> {
    let parts = ParsedPart::all(content_type, body)
        .ok_or_else(|| "the body is not well-formed `multipart/form-data`".to_owned())?;
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

fn check_part(property: &Node<'_>, part: &ParsedPart<'_>) -> Result<(), String> {
    let Some(property) = property.resolve() else { return Ok(()) };
    let is_json = essence(part).is_some_and(|name| name.ends_with("/json") || name.ends_with("+json"));
    // A string with a media type contains a document, which no schema describes.
    let items = || property.get("items").and_then(|items| items.resolve());
    let is_document = |schema: &Node<'_>| schema.get("x-content-media-type").is_some();
    if part.file_name.is_some() || is_document(&property) || items().as_ref().is_some_and(is_document) {
        return Ok(());
    }
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

/// Returns the media type of a part, without parameters.
fn essence(part: &ParsedPart<'_>) -> Option<String> {
    part.header("content-type").and_then(|name| name.split(';').next()).map(|name| name.trim().to_ascii_lowercase())
}
