//! What a service answered when a call failed. It keeps a bounded part of the body and never prints it.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use serde::de::DeserializeOwned;

use super::mask::Mask;
use super::server_message;
use crate::runtime::decode::lossy;

/// How much of an error's body is kept, in bytes.
pub(crate) const KEPT_BODY: usize = 64 * 1024;

/// How much of a body an excerpt shows, in characters.
const EXCERPT: usize = 512;

/// The reply behind an error: status, headers and the body as far as it was kept (64 KiB).
///
/// The accessors give what the service sent, as it sent it; `Debug` gives the status and lengths only.
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
        // Even a short slice would keep the whole of a long body alive.
        let body = Bytes::copy_from_slice(body.get(..KEPT_BODY).unwrap_or(body));
        Self { status, headers, body, complete, message: None }
    }

    /// Reads the service's message out of the body; only with secrets masked does it become visible.
    pub(crate) fn take_message(&mut self, mask: &Mask) {
        if self.status.as_u16() >= 300 {
            self.message = server_message::find(&self.body, self.content_type()).map(|found| mask.line(&found));
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The reply's headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The reply's content type, if it says one.
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok())
    }

    /// Where a redirect points to.
    pub fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION).and_then(|value| value.to_str().ok())
    }

    /// The body as far as it was kept.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Whether [`body`](Self::body) is the whole body.
    pub fn is_body_complete(&self) -> bool {
        self.complete
    }

    /// The body as text; what is not UTF-8 is replaced.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The begin of the body as one line of text, at most 512 characters, as the service sent it.
    pub fn excerpt(&self) -> String {
        let head = self.body.get(..EXCERPT * 4).unwrap_or(&self.body);
        server_message::one_line(&String::from_utf8_lossy(head), EXCERPT)
    }

    /// Decodes the body, which is JSON, as a type. Fields that the type does not know are left out if `serde_json::Value`
    /// cannot hold them.
    ///
    /// # Errors
    /// If the body is not JSON of that type, or was longer than what is kept of it (64 KiB).
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        lossy::decode(&self.body).map(|(value, _)| value)
    }

    /// The service's own message, if the body has one in a usual place: one line in which the secrets that the call
    /// knows are masked. `None` for a poll of a job whose start is not known in this process, see
    /// [`Error::server_message`](crate::runtime::Error::server_message).
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The service's own message as one line, read from the body as the service sent it. Nothing is masked: it may
    /// contain whatever the service echoes, passwords and keys included. Do not log it.
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
