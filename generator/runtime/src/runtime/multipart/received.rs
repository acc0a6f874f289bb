//! The parts of multipart bodies that the server of the test kit received.

use std::fmt;

use bytes::Bytes;
use serde_json::Value;

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
        let boundary = parameter(content_type, "boundary")?;
        let delimiter = format!("--{boundary}");
        let mut rest = body.strip_prefix(delimiter.as_bytes())?;
        let delimiter = format!("\r\n{delimiter}");
        let mut parts = Vec::new();
        while rest != b"--\r\n" && rest != b"--" {
            let (part, after) = split(rest.strip_prefix(b"\r\n")?, delimiter.as_bytes())?;
            parts.push(Self::parse(part)?);
            rest = after;
        }
        Some(parts)
    }

    fn parse(part: &[u8]) -> Option<Self> {
        let (head, content) = split(part, b"\r\n\r\n")?;
        let lines = std::str::from_utf8(head).ok()?.split("\r\n").map(|line| line.split_once(':'));
        let headers: Vec<_> = lines
            .map(|line| line.map(|(name, value)| (name.to_owned(), value.trim().to_owned())))
            .collect::<Option<_>>()?;
        let disposition = value(&headers, "content-disposition")?;
        let (name, file_name) = (parameter(disposition, "name")?, parameter(disposition, "filename"));
        Some(Self { name, file_name, headers, content: Bytes::copy_from_slice(content) })
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

impl fmt::Debug for ReceivedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedPart").field("name", &self.name).finish_non_exhaustive()
    }
}
