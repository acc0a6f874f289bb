//! Multipart bodies (`multipart/form-data`, RFC 7578).

use std::fmt::Write as _;

use bytes::Bytes;
use reqwest::header::HeaderValue;

use crate::runtime::error::Error;
use crate::runtime::request::RequestWriter;
use crate::runtime::uploads::Body;

/// A form with several parts, such as strings and files.
///
/// Add the parts in the order in which they are sent. Contents are copied, and kept in memory until the form is dropped,
/// except for those that [`file_from`](Self::file_from) reads while they are sent. Double quotes and line breaks in names and
/// file names are percent-encoded. `Debug` shows only the number of bytes in memory.
#[derive(Clone)]
pub struct Multipart {
    boundary: String,
    /// What comes before `bytes`.
    parts: Vec<Body>,
    bytes: Vec<u8>,
}

impl Multipart {
    /// Creates a form without parts, and with a random boundary.
    #[must_use]
    pub fn new() -> Self {
        let boundary = format!("part-{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        Self { boundary, parts: Vec::new(), bytes: Vec::new() }
    }

    /// Adds a field with a string. The part has no `Content-Type`.
    #[must_use]
    pub fn text(mut self, name: &str, value: &str) -> Self {
        self.part(name, None, None, value.as_bytes());
        self
    }

    /// Adds a field of another media type, such as `application/json`. Control characters in `content_type` are
    /// removed.
    #[must_use]
    pub fn part_of(mut self, name: &str, content_type: &str, value: &[u8]) -> Self {
        self.part(name, None, Some(content_type), value);
        self
    }

    /// Adds a file, with its name and media type. Control characters in `content_type` are removed.
    #[must_use]
    pub fn file(mut self, name: &str, file_name: &str, content_type: &str, content: &[u8]) -> Self {
        self.part(name, Some(file_name), Some(content_type), content);
        self
    }

    /// Adds a file whose content need not be in memory, with its name and media type. Control characters in `content_type` are
    /// removed.
    ///
    /// [`Body`] describes when the call can be retried, and how long it may take. If the length of each content is known, so is
    /// that of the form.
    #[must_use]
    pub fn file_from(mut self, name: &str, file_name: &str, content_type: &str, content: impl Into<Body>) -> Self {
        let content = content.into();
        if let Some(bytes) = content.bytes() {
            return self.file(name, file_name, content_type, bytes);
        }
        self.head(name, Some(file_name), Some(content_type));
        self.parts.push(std::mem::take(&mut self.bytes).into());
        self.parts.push(content);
        self.bytes.extend_from_slice(b"\r\n");
        self
    }

    fn part(&mut self, name: &str, file_name: Option<&str>, content_type: Option<&str>, content: &[u8]) {
        self.head(name, file_name, content_type);
        self.bytes.extend_from_slice(content);
        self.bytes.extend_from_slice(b"\r\n");
    }

    /// Adds what precedes the content of a part.
    fn head(&mut self, name: &str, file_name: Option<&str>, content_type: Option<&str>) {
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
    }

    fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    fn finish(&self) -> Body {
        let mut bytes = self.bytes.clone();
        bytes.extend_from_slice(format!("--{}--\r\n", self.boundary).as_bytes());
        if self.parts.is_empty() {
            return bytes.into();
        }
        Body::joined(self.parts.iter().cloned().chain([bytes.into()]).collect())
    }
}

impl RequestWriter {
    /// Sets the body to a multipart form.
    ///
    /// # Errors
    ///
    /// The boundary cannot be written into a header. [`Multipart::new`] creates no such boundary.
    pub fn multipart(&mut self, body: &Multipart) -> Result<(), Error> {
        let content_type = HeaderValue::try_from(body.content_type()).map_err(|error| {
            Error::invalid_argument("body", "has a boundary that is not allowed in headers").with_source(error)
        })?;
        self.set_upload(content_type, &body.finish());
        Ok(())
    }
}

impl Default for Multipart {
    fn default() -> Self {
        Self::new()
    }
}

/// Encodes what would end a quoted name, as browsers do (WHATWG HTML, "Multipart form data").
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

impl std::fmt::Debug for Multipart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = self.parts.iter().filter_map(Body::bytes).map(Bytes::len).sum::<usize>();
        f.debug_struct("Multipart").field("bytes", &(parts + self.bytes.len())).finish_non_exhaustive()
    }
}
