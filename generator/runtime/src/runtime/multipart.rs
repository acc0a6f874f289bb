//! A body of several parts (`multipart/form-data`, RFC 7578).

use std::fmt::Write as _;

use bytes::Bytes;
use reqwest::header::HeaderValue;

use crate::runtime::error::Error;
use crate::runtime::request::RequestWriter;

/// A form of several parts, such as texts and files.
#[derive(Clone)]
pub struct Multipart {
    boundary: String,
    bytes: Vec<u8>,
}

impl Multipart {
    /// Without a part.
    #[must_use]
    pub fn new() -> Self {
        let boundary = format!("part-{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        Self { boundary, bytes: Vec::new() }
    }

    /// A field that is a text.
    #[must_use]
    pub fn text(mut self, name: &str, value: &str) -> Self {
        self.part(name, None, None, value.as_bytes());
        self
    }

    /// A field of another media type, such as `application/json`.
    #[must_use]
    pub fn part_of(mut self, name: &str, content_type: &str, value: &[u8]) -> Self {
        self.part(name, None, Some(content_type), value);
        self
    }

    /// A field that is a file, with its name and media type.
    #[must_use]
    pub fn file(mut self, name: &str, file_name: &str, content_type: &str, content: &[u8]) -> Self {
        self.part(name, Some(file_name), Some(content_type), content);
        self
    }

    fn part(&mut self, name: &str, file_name: Option<&str>, content_type: Option<&str>, content: &[u8]) {
        let mut head = format!("--{}\r\nContent-Disposition: form-data; name=\"{}\"", self.boundary, quoted(name));
        // Writing to a string does not fail.
        if let Some(file_name) = file_name {
            let _ = write!(head, "; filename=\"{}\"", quoted(file_name));
        }
        if let Some(content_type) = content_type {
            let _ = write!(head, "\r\nContent-Type: {}", content_type.replace(char::is_control, ""));
        }
        head.push_str("\r\n\r\n");
        self.bytes.extend_from_slice(head.as_bytes());
        self.bytes.extend_from_slice(content);
        self.bytes.extend_from_slice(b"\r\n");
    }

    fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    fn finish(&self) -> Bytes {
        let mut bytes = self.bytes.clone();
        bytes.extend_from_slice(format!("--{}--\r\n", self.boundary).as_bytes());
        bytes.into()
    }
}

impl RequestWriter {
    /// The body, in parts.
    ///
    /// # Errors
    /// If its boundary is no text for a header, which none is that [`Multipart::new`] makes.
    pub fn multipart(&mut self, body: &Multipart) -> Result<(), Error> {
        let content_type = HeaderValue::try_from(body.content_type()).map_err(|error| {
            Error::invalid_argument("body", "its boundary is no text for a header").with_source(error)
        })?;
        self.set_body(content_type, body.finish());
        Ok(())
    }
}

impl Default for Multipart {
    fn default() -> Self {
        Self::new()
    }
}

/// What would end a quoted name is written as browsers write it (WHATWG HTML, "Multipart form data").
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

impl std::fmt::Debug for Multipart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Multipart").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}
