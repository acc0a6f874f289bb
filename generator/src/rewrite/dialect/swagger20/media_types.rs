//! The media types that an operation consumes and produces.

use serde_json::Value;

use super::{Object, strings};

/// The media types of a body whose operation states none (Swagger 2.0 leaves them open).
const DEFAULT: &str = "application/json";

/// Takes the media types of an operation, or else those of the document.
pub(super) fn take(operation: &mut Object, key: &str, of_document: &[String]) -> Vec<String> {
    // An empty list replaces that of the document.
    let own = operation.shift_remove(key).map(|own| strings(Some(&own)));
    own.unwrap_or_else(|| of_document.to_vec())
}

/// Returns the media types, or else JSON.
pub(super) fn or_json(media_types: Vec<String>) -> Vec<String> {
    if media_types.is_empty() { vec![DEFAULT.to_owned()] } else { media_types }
}

/// Whether a schema or a parameter is a file.
pub(super) fn is_file(schema: &Value) -> bool {
    schema.get("type").is_some_and(|ty| ty == "file")
}

/// Describes a file as a string of bytes.
pub(super) fn file_as_bytes(schema: &mut Value) {
    if is_file(schema)
        && let Value::Object(schema) = schema
    {
        schema.insert("type".to_owned(), Value::from("string"));
        schema.insert("format".to_owned(), Value::from("binary"));
    }
}
