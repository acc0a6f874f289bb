//! Parts of multipart bodies, as generated code adds them: with the headers that the API describes, and values of any type.

use std::borrow::Cow;

use reqwest::header::{HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::Value;

use super::Multipart;
use crate::runtime::error::Error;
use crate::runtime::uploads::Body;
use crate::runtime::values::finite::Finite;
use crate::runtime::values::not_json;

/// The name and the headers of a part that is added to a form.
///
/// Errors are kept in the form, and returned when it is sent.
#[derive(Debug)]
pub struct PartHead<'a> {
    pub(super) name: &'a str,
    pub(super) file_name: Option<String>,
    pub(super) content_type: Option<Cow<'a, str>>,
    /// Further headers.
    pub(super) headers: Vec<(HeaderName, String)>,
    is_sensitive: bool,
    error: Option<Error>,
}

impl<'a> PartHead<'a> {
    /// Creates the head of a part without a media type.
    #[must_use]
    pub fn new(name: &'a str) -> Self {
        Self { name, file_name: None, content_type: None, headers: Vec::new(), is_sensitive: false, error: None }
    }

    /// Sets the media type.
    #[must_use]
    pub fn content_type(mut self, content_type: &'a str) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Marks the content as [`sensitive`](Body::sensitive).
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.is_sensitive = true;
        self
    }

    /// Adds a header with a string, a number or a boolean. `null` adds nothing.
    #[must_use]
    pub fn header(mut self, name: &str, value: &(impl Serialize + ?Sized)) -> Self {
        match (HeaderName::try_from(name), string_of(self.name, value)) {
            (Err(_), _) => self.fail("has a header with an invalid name"),
            (Ok(_), Ok(None)) => {}
            (Ok(header), Ok(Some(value))) => self.headers.push((header, value)),
            (Ok(_), Err(error)) => _ = self.error.get_or_insert(error),
        }
        self
    }

    /// Adds the part to a form: strings as they are, other values as JSON. `null` adds nothing.
    pub fn text(self, form: &mut Multipart, value: &(impl Serialize + ?Sized)) {
        match string_of(self.name, value) {
            Ok(None) => {}
            Ok(Some(text)) => self.add(form, text.into()),
            Err(error) => form.fail(error),
        }
    }

    /// Adds the part to a form: strings, numbers and booleans with a character between them. An empty list and `null` add
    /// nothing.
    pub fn joined(self, form: &mut Multipart, values: &[impl Serialize], separator: char) {
        let texts: Result<Vec<_>, _> =
            values.iter().filter_map(|value| string_of(self.name, value).transpose()).collect();
        match texts {
            Ok(texts) if texts.is_empty() => {}
            Ok(texts) => self.add(form, texts.join(separator.encode_utf8(&mut [0; 4])).into()),
            Err(error) => form.fail(error),
        }
    }

    /// Adds the part to a form, as JSON.
    pub fn json(self, form: &mut Multipart, value: &(impl Serialize + ?Sized)) {
        match serde_json::to_vec(&Finite(value)) {
            Ok(json) => self.add(form, json.into()),
            Err(error) => form.fail(not_json(self.name, error)),
        }
    }

    /// Adds the part to a form, unless it has a header that cannot be sent.
    pub(super) fn add(mut self, form: &mut Multipart, content: Body) {
        let is_sendable = |value: &str| HeaderValue::from_str(value).is_ok();
        if !self.content_type.as_deref().is_none_or(is_sendable) {
            self.fail("has a content type with characters that are not allowed in headers");
        }
        if !self.headers.iter().all(|(_, value)| is_sendable(value)) {
            self.fail("has a header with characters that are not allowed in headers");
        }
        match self.error.take() {
            Some(error) => form.fail(error),
            None if self.is_sensitive => form.body(&self, content.sensitive()),
            None => form.body(&self, content),
        }
    }

    pub(super) fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    fn fail(&mut self, message: &str) {
        self.error.get_or_insert_with(|| Error::invalid_argument(self.name, message));
    }
}

/// Returns a value as a string. `None` if it is `null`.
fn string_of(name: &str, value: &(impl Serialize + ?Sized)) -> Result<Option<String>, Error> {
    let value = serde_json::to_value(Finite(value)).map_err(|error| not_json(name, error))?;
    Ok(match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    })
}
