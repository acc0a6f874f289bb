//! The parts of multipart bodies that the server of the test kit received.

use std::fmt;

use bytes::Bytes;
use serde_json::Value;

use super::parse::ParsedPart;

/// A part of a multipart body that a server received.
///
/// `Debug` shows only the name of the part.
#[derive(Clone)]
pub struct ReceivedPart {
    name: String,
    file_name: Option<String>,
    headers: Vec<(String, String)>,
    content: Bytes,
}

impl ReceivedPart {
    /// Returns the parts of a body with this content type, in the order in which they were sent. `None` if it is not a
    /// well-formed multipart body.
    #[must_use]
    pub fn all(content_type: &str, body: &Bytes) -> Option<Vec<Self>> {
        let parts = ParsedPart::all(content_type, body)?;
        Some(parts.into_iter().map(|part| Self::of(part, body)).collect())
    }

    fn of(part: ParsedPart<'_>, body: &Bytes) -> Self {
        let headers = part.headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { name: part.name, file_name: part.file_name, headers, content: body.slice_ref(part.content) }
    }

    /// Returns the name of the part.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the name of the file, if the part is one.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// Returns the content type, if it was sent.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.header("content-type")
    }

    /// Returns the value of a header of the part.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        value(&self.headers, name)
    }

    /// Returns the content.
    #[must_use]
    pub fn content(&self) -> &Bytes {
        &self.content
    }

    /// Returns the content as a string. `None` if it is not UTF-8.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.content).ok()
    }

    /// Returns the content as JSON. `None` if it is not valid JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.content).ok()
    }
}

fn value<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

impl fmt::Debug for ReceivedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedPart").field("name", &self.name).finish_non_exhaustive()
    }
}
