//! Multipart bodies (`multipart/form-data`, RFC 7578).

mod file;
#[cfg(feature = "test-util")]
mod parse;
mod part;
#[cfg(feature = "test-util")]
mod received;

use std::fmt::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::header::HeaderValue;

use crate::runtime::error::Error;
use crate::runtime::request::RequestWriter;
use crate::runtime::uploads::Body;

pub use self::file::File;
pub use self::part::PartHead;
#[cfg(feature = "test-util")]
pub use self::received::ReceivedPart;

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
    /// The first error of a part.
    error: Option<Arc<Error>>,
}

impl Multipart {
    /// Creates a form without parts, and with a random boundary.
    #[must_use]
    pub fn new() -> Self {
        let boundary = format!("part-{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        Self { boundary, parts: Vec::new(), bytes: Vec::new(), error: None }
    }

    /// Adds a field with a string. The part has no `Content-Type`.
    #[must_use]
    pub fn text(mut self, name: &str, value: &str) -> Self {
        self.part(&PartHead::new(name), value.as_bytes());
        self
    }

    /// Adds a field of another media type, such as `application/json`. Control characters in `content_type` are
    /// removed.
    #[must_use]
    pub fn part_of(mut self, name: &str, content_type: &str, value: &[u8]) -> Self {
        self.part(&PartHead::new(name).content_type(&cleaned(content_type)), value);
        self
    }

    /// Adds a file, with its name and media type. Control characters in `content_type` are removed.
    #[must_use]
    pub fn file(mut self, name: &str, file_name: &str, content_type: &str, content: &[u8]) -> Self {
        self.part(&PartHead::new(name).file_name(file_name).content_type(&cleaned(content_type)), content);
        self
    }

    /// Adds a file whose content need not be in memory, with its name and media type. Control characters in `content_type` are
    /// removed.
    ///
    /// [`Body`] describes when the call can be retried, and how long it may take. If the length of each content is known, so is
    /// that of the form.
    #[must_use]
    pub fn file_from(mut self, name: &str, file_name: &str, content_type: &str, content: impl Into<Body>) -> Self {
        self.body(&PartHead::new(name).file_name(file_name).content_type(&cleaned(content_type)), content.into());
        self
    }

    fn body(&mut self, head: &PartHead<'_>, content: Body) {
        if let Some(bytes) = content.bytes() {
            return self.part(head, bytes);
        }
        self.head(head);
        self.parts.push(std::mem::take(&mut self.bytes).into());
        self.parts.push(content);
        self.bytes.extend_from_slice(b"\r\n");
    }

    fn part(&mut self, head: &PartHead<'_>, content: &[u8]) {
        self.head(head);
        self.bytes.extend_from_slice(content);
        self.bytes.extend_from_slice(b"\r\n");
    }

    /// Adds what precedes the content of a part.
    fn head(&mut self, part: &PartHead<'_>) {
        let mut head = format!("--{}\r\nContent-Disposition: form-data; name=\"{}\"", self.boundary, quoted(part.name));
        // Writing to a string does not fail.
        if let Some(file_name) = &part.file_name {
            let _ = write!(head, "; filename=\"{}\"", quoted(file_name));
        }
        if let Some(content_type) = &part.content_type {
            let _ = write!(head, "\r\nContent-Type: {content_type}");
        }
        for (name, value) in &part.headers {
            let _ = write!(head, "\r\n{name}: {value}");
        }
        head.push_str("\r\n\r\n");
        self.bytes.extend_from_slice(head.as_bytes());
    }

    /// Keeps the first error of a part, which is returned when the form is sent.
    fn fail(&mut self, error: Error) {
        self.error.get_or_insert_with(|| Arc::new(error));
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
    /// A part of a typed form cannot be written, or has an invalid header. Or the boundary cannot be written into a header;
    /// [`Multipart::new`] creates no such boundary.
    pub fn multipart(&mut self, body: &Multipart) -> Result<(), Error> {
        if let Some(error) = &body.error {
            return Err(error.share());
        }
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

fn cleaned(content_type: &str) -> String {
    content_type.replace(char::is_control, "")
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
