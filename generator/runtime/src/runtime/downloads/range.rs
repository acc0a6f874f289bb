//! Partial responses (RFC 9110, section 14): where a download continues, and whether a response fits.

use std::time::Duration;

use http::header::{ACCEPT_RANGES, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, DATE, ETAG, LAST_MODIFIED};
use http::{HeaderMap, HeaderName};

/// The position at which a download continues, and what identifies the state of the resource that it began with.
///
/// A request from a resume point returns the rest of the resource only if the resource has not changed.
///
/// It can be serialized with serde, and used in another process.
#[doc = include_str!("../../doc_examples/resume_point.md")]
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ResumePoint {
    offset: u64,
    validator: String,
    #[serde(default)]
    total: Option<u64>,
}

impl ResumePoint {
    /// Creates a resume point: the number of bytes that have arrived, and the `ETag` of the response they came from.
    ///
    /// The `ETag` must be a strong one, with its quotes, such as `"abc"`. The `Last-Modified` header can be used instead if the
    /// response had no `ETag`. Anything else is an error of the download, before anything is sent.
    #[must_use]
    pub fn new(offset: u64, validator: impl Into<String>) -> Self {
        Self { offset, validator: validator.into(), total: None }
    }

    /// Sets the length of the whole resource. A response with another length is then an error.
    #[must_use]
    pub fn with_total(mut self, total: u64) -> Self {
        self.total = Some(total);
        self
    }

    /// Returns the number of bytes that have arrived.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns the `ETag` or the date that identifies the state of the resource.
    #[must_use]
    pub fn validator(&self) -> &str {
        &self.validator
    }

    /// Returns the length of the whole resource, if it is known.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Returns the point after other bytes of the same resource.
    pub(crate) fn at(&self, offset: u64) -> Self {
        Self { offset, ..self.clone() }
    }

    /// Whether the validator can be sent in `If-Range`: a strong entity tag or an HTTP date.
    pub(crate) fn is_valid(&self) -> bool {
        is_strong(&self.validator) || httpdate::parse_http_date(&self.validator).is_ok()
    }

    /// Whether a response is about the same state of the resource, as far as its headers show.
    pub(crate) fn is_of(&self, headers: &HeaderMap) -> bool {
        let header = if is_strong(&self.validator) { ETAG } else { LAST_MODIFIED };
        text(headers, &header).is_none_or(|value| value == self.validator)
    }

    /// Returns the rest of the resource that a response with status 206 contains.
    ///
    /// # Errors
    ///
    /// The response is not the rest of the resource. The error is the reason.
    pub(crate) fn rest(&self, headers: &HeaderMap) -> Result<ContentRange, &'static str> {
        if !self.is_of(headers) {
            return Err("the validator of the resource has changed");
        }
        let range = text(headers, &CONTENT_RANGE).and_then(ContentRange::parse);
        let range = range.ok_or("the response has no valid `Content-Range`")?;
        let is_rest =
            range.first == self.offset && range.total.is_none_or(|total| range.last.checked_add(1) == Some(total));
        if !is_rest {
            return Err("the `Content-Range` of the response is not the rest of the resource");
        }
        let total = range.last.saturating_add(1);
        if self.total.or(range.total).is_none() {
            return Err("the response does not state the length of the resource");
        }
        if self.total.is_some_and(|known| known != total) {
            return Err("the length of the resource has changed");
        }
        Ok(range)
    }
}

/// Returns where a download continues after `offset` bytes. The error is the reason why it cannot.
pub(crate) fn point(headers: &HeaderMap, offset: u64, total: Option<u64>) -> Result<ResumePoint, &'static str> {
    let validator = validator(headers)?;
    let accepts = headers.get_all(ACCEPT_RANGES).iter().filter_map(|value| value.to_str().ok());
    let accepts = accepts.flat_map(|value| value.split(',')).any(|unit| unit.trim().eq_ignore_ascii_case("bytes"));
    // A partial response shows the same without the header.
    if !accepts && !headers.contains_key(CONTENT_RANGE) {
        return Err("the service does not state that it accepts ranges");
    }
    if headers.contains_key(CONTENT_ENCODING) {
        return Err("the response has a content encoding");
    }
    // The HTTP library removes the encoding and the length from a response that it decodes.
    if total.is_none() {
        return Err("the response does not state its length");
    }
    Ok(ResumePoint { offset, validator: validator.to_owned(), total })
}

/// Returns the header that identifies the state of the resource (RFC 9110, section 13.1.5). A date is strong only if it is at
/// least a second before the response (section 8.8.2.2), and used only if there is no entity tag.
fn validator(headers: &HeaderMap) -> Result<&str, &'static str> {
    if headers.contains_key(ETAG) {
        let tag = text(headers, &ETAG).filter(|tag| is_strong(tag));
        return tag.ok_or("the response has only a weak `ETag`");
    }
    let date = |name| text(headers, &name).and_then(|value| httpdate::parse_http_date(value).ok());
    let is_older = date(LAST_MODIFIED)
        .zip(date(DATE))
        .is_some_and(|(modified, sent)| sent.duration_since(modified).is_ok_and(|age| age >= Duration::from_secs(1)));
    let modified = text(headers, &LAST_MODIFIED).filter(|_| is_older);
    modified.ok_or("the response has neither a strong `ETag` nor a `Last-Modified` that identifies its content")
}

/// Whether a string is a strong entity tag (RFC 9110, section 8.8.3).
fn is_strong(tag: &str) -> bool {
    let inner = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.is_some_and(|inner| inner.bytes().all(|byte| byte == b'!' || (byte > b'"' && byte != 0x7f)))
}

/// Returns the length of a body, if the header states it.
pub(crate) fn content_length(headers: &HeaderMap) -> Option<u64> {
    text(headers, &CONTENT_LENGTH).and_then(number)
}

/// The value of `Content-Range` for bytes (RFC 9110, section 14.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(hidden)]
pub struct ContentRange {
    /// The position of the first byte.
    pub first: u64,
    /// The position of the last byte.
    pub last: u64,
    /// The length of the whole resource. `None` if the service does not know it.
    pub total: Option<u64>,
}

impl ContentRange {
    /// Parses the value of the header. `None` if it is invalid, of another unit, or the one of an unsatisfied range.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let (unit, range) = value.trim().split_once(' ')?;
        let (positions, total) = range.trim().split_once('/')?;
        let (first, last) = positions.split_once('-')?;
        let (first, last) = (number(first)?, number(last)?);
        let total = if total == "*" { None } else { Some(number(total)?) };
        let is_valid = unit.eq_ignore_ascii_case("bytes") && first <= last && total.is_none_or(|total| last < total);
        is_valid.then_some(Self { first, last, total })
    }
}

/// Parses digits only: `parse` would also accept a sign.
fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}
