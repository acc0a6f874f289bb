//! The response of a failed call, with the first part of its body. `Debug` does not print the body.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use serde::de::DeserializeOwned;

use super::mask::Mask;
use super::server_message;
use crate::runtime::decode::lossy;

/// How much of the body of an error is kept, in bytes.
pub(crate) const KEPT_BODY: usize = 64 * 1024;

/// The longest excerpt of a body, in characters.
const EXCERPT: usize = 512;

/// The response of a failed call: the status, the headers, and at most the first 64 KiB of the body.
///
/// The methods return what the service sent, without masking, except for [`server_message`](Self::server_message). `Debug` shows only
/// the status, the lengths and the masked message.
#[derive(Clone)]
pub struct ApiError {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    complete: bool,
    message: Option<String>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, body: &Bytes, complete: bool) -> Self {
        let complete = complete && body.len() <= KEPT_BODY;
        // A slice, however short, would keep all of a long body in memory.
        let body = Bytes::copy_from_slice(body.get(..KEPT_BODY).unwrap_or(body));
        Self { status, headers, body, complete, message: None }
    }

    /// Reads the message of the service from the body and masks it. It is not visible before.
    pub(crate) fn take_message(&mut self, mask: &Mask) {
        if self.status.as_u16() >= 300 {
            self.message = server_message::find(&self.body, self.content_type()).map(|found| mask.line(&found));
        }
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the `Content-Type` header, with its parameters. `None` if it is missing or contains non-ASCII
    /// characters.
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok())
    }

    /// Returns the `Location` header: the target of a redirect. `None` if it is missing or contains non-ASCII
    /// characters.
    pub fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION).and_then(|value| value.to_str().ok())
    }

    /// Returns the body, at most its first 64 KiB. [`is_body_complete`](Self::is_body_complete) returns whether that is
    /// all of it.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns whether [`body`](Self::body) is the whole body: it was received completely, and is at most 64 KiB long.
    pub fn is_body_complete(&self) -> bool {
        self.complete
    }

    /// Returns the [`body`](Self::body) as a string. Invalid UTF-8 is replaced.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// Returns the start of the body as one line of at most 512 characters, plus `…` if it is cut off. Nothing is
    /// masked; only control characters and characters that change the reading direction are replaced by spaces.
    pub fn excerpt(&self) -> String {
        let head = self.body.get(..EXCERPT * 4).unwrap_or(&self.body);
        server_message::one_line(&String::from_utf8_lossy(head), EXCERPT)
    }

    /// Decodes the body from JSON. Fields that `T` does not have are left out if `serde_json::Value` cannot represent
    /// them.
    ///
    /// # Errors
    ///
    /// The body is not JSON, does not match `T`, or is longer than the 64 KiB that are kept.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        lossy::decode(&self.body).map(|(value, _)| value)
    }

    /// Returns the error message of the service as one line, with the secrets that the call knows masked. `None` if the
    /// status is below 300, if the body has no message in a common place, or for a poll of a job that was not started
    /// in this process, see [`Error::server_message`](crate::runtime::Error::server_message).
    pub fn server_message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Returns the error message of the service as one line, without masking. It may contain anything that the service
    /// echoes, including passwords and keys. Do not log it. `None` if the status is below 300, or if the body has no
    /// message in a common place.
    #[must_use]
    pub fn unmasked_server_message(&self) -> Option<String> {
        let is_error = self.status.as_u16() >= 300;
        is_error.then(|| server_message::unmasked(&self.body, self.content_type())).flatten()
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("ApiError");
        out.field("status", &self.status.as_u16()).field("headers", &self.headers.len());
        out.field("body_bytes", &self.body.len()).field("complete", &self.complete);
        out.field("message", &self.message).finish()
    }
}
