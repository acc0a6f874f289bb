//! The values in a body that was sent, which the service may repeat in its message.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::HeaderValue;

use super::mask::{each_of_header, each_of_pairs, each_scalar};
use crate::runtime::encoding::media_type::{essence, is_json, is_xml};
use crate::runtime::encoding::xml_text;

/// A body as it was sent.
#[derive(Clone)]
pub(super) struct SentBody {
    bytes: Bytes,
    format: Format,
    is_sensitive: bool,
}

#[derive(Clone)]
enum Format {
    Json,
    /// A multipart form, with the line that separates its parts.
    Parts(String),
    Form,
    Text,
    Xml,
    /// Anything else, and strings that are not UTF-8.
    Bytes,
}

impl Format {
    fn of(bytes: &Bytes, content_type: Option<&HeaderValue>) -> Self {
        let Some(text) = content_type.and_then(|value| value.to_str().ok()) else {
            return Self::Bytes;
        };
        let is_utf8 = || std::str::from_utf8(bytes).is_ok();
        match essence(text).to_ascii_lowercase().as_str() {
            _ if is_json(text.as_bytes()) => Self::Json,
            kind if kind.starts_with("multipart/") => boundary(text).map_or(Self::Bytes, Self::Parts),
            "application/x-www-form-urlencoded" if is_utf8() => Self::Form,
            "text/plain" if is_utf8() => Self::Text,
            _ if is_xml(text) && is_utf8() => Self::Xml,
            _ => Self::Bytes,
        }
    }
}

/// Returns the line that separates the parts of a multipart body.
fn boundary(content_type: &str) -> Option<String> {
    let is_boundary = |(name, _): &(&str, &str)| name.trim().eq_ignore_ascii_case("boundary");
    let (_, value) = content_type.split(';').filter_map(|pair| pair.split_once('=')).find(is_boundary)?;
    let value = value.trim().trim_matches('"');
    (!value.is_empty()).then(|| format!("--{value}"))
}

impl SentBody {
    pub(super) fn new(bytes: &Bytes, content_type: Option<&HeaderValue>, is_sensitive: bool) -> Self {
        Self { bytes: bytes.clone(), format: Format::of(bytes, content_type), is_sensitive }
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Returns whether the message is hidden if the body is too long to be searched. A long body of bytes, such as a file, is then
    /// shown instead, unless it is sensitive.
    pub(super) fn must_be_searched(&self) -> bool {
        self.is_sensitive || !matches!(self.format, Format::Bytes)
    }

    /// Returns whether the message is hidden, because the format of a secret does not tell which parts of it are values.
    pub(super) fn is_hidden(&self) -> bool {
        self.is_sensitive && matches!(self.format, Format::Bytes)
    }

    pub(super) fn each_value(&self, visit: &mut dyn FnMut(&str)) {
        match &self.format {
            Format::Json => each_scalar(&self.bytes, visit),
            Format::Parts(boundary) => {
                let text = String::from_utf8_lossy(&self.bytes);
                for part in text.split(boundary.as_str()) {
                    let (head, content) = split(part);
                    each_of_head(head, visit);
                    each_of_text(content, visit);
                }
            }
            Format::Xml => xml_text::each_value(&String::from_utf8_lossy(&self.bytes), visit),
            Format::Form | Format::Text => {
                let text = String::from_utf8_lossy(&self.bytes);
                each_of_pairs(&text, visit);
                each_of_text(&text, visit);
            }
            Format::Bytes => each_of_bytes(&self.bytes, visit),
        }
    }
}

/// Splits a part into its headers and its content.
fn split(part: &str) -> (&str, &str) {
    let parts = part.split_once("\r\n\r\n").or_else(|| part.split_once("\n\n"));
    let (head, content) = parts.unwrap_or(("", part));
    (head, content.strip_suffix("\r\n").unwrap_or(content))
}

/// Visits the values of the headers of a part, other than its name and its media type.
fn each_of_head(head: &str, visit: &mut dyn FnMut(&str)) {
    for (name, value) in head.lines().filter_map(|line| line.split_once(':')) {
        if !["content-disposition", "content-type"].iter().any(|usual| name.eq_ignore_ascii_case(usual)) {
            each_of_header(value.trim(), visit);
        }
    }
}

/// Visits a string, its lines, and the JSON strings and numbers in the lines.
fn each_of_text(text: &str, visit: &mut dyn FnMut(&str)) {
    visit(text);
    for line in text.lines() {
        visit(line);
        each_scalar(line.as_bytes(), visit);
    }
}

/// Visits what bytes in any format contain. Bytes that are not UTF-8 are also read as Latin-1, in which every byte is a character.
fn each_of_bytes(bytes: &[u8], visit: &mut dyn FnMut(&str)) {
    let text = String::from_utf8_lossy(bytes);
    each_between_delimiters(&text, visit);
    if let Cow::Owned(_) = text {
        let latin: String = bytes.iter().copied().map(char::from).collect();
        each_between_delimiters(&latin, visit);
    }
}

/// Visits a string, its lines, the JSON strings and numbers in them, and what is between the delimiters of the usual formats.
fn each_between_delimiters(text: &str, visit: &mut dyn FnMut(&str)) {
    visit(text);
    for line in text.split(|character: char| character.is_control() || character == char::REPLACEMENT_CHARACTER) {
        visit(line);
        each_scalar(line.as_bytes(), visit);
        line.split(DELIMITERS).for_each(&mut *visit);
    }
}

/// What separates the values in CSV, markup, pairs and source text.
const DELIMITERS: [char; 12] = [',', ';', '|', '<', '>', '"', '\'', '=', '&', '(', ')', ':'];
